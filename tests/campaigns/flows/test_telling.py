"""What is held about a person: all kinds of it, in counts, and nobody else's."""

from datetime import timedelta

import pytest

from campaigns.domain.messages import Action, Message
from campaigns.domain.people import Person
from campaigns.flows import answering, preferring, telling
from campaigns.flows.watching import close_periods
from campaigns.storage import directory
from campaigns.storage.database import Database
from sentiment.watch import TeamDetector
from tests.agency import Agency, everybody
from tests.scene import VAULT, Scene, event, write

WORDS = "Nobody has time for this, honestly."


@pytest.fixture
def scene(database: Database, now: object) -> Scene:
    return Scene(database, now)  # type: ignore[arg-type]


def told(scene: Scene, person: Person) -> Message:
    with scene.database.read() as c:
        return telling.held(c, VAULT, directory.person(c, person.id), scene.now)


def test_held_names_what_the_directory_says_and_counts_the_rest(scene: Scene) -> None:
    person, other = scene.person("P1", email="p1@agency.example"), scene.person("P2")
    pulse = scene.pulse(person, once="a")
    for action, question, value in ((Action.ANSWER, "ready", "2"), (Action.SKIP, "hurdle", "")):
        done = answering.record(
            scene.database, VAULT, event(pulse, action, question, value), scene.now
        )
        assert done.refusal is None
    write(scene, person, WORDS)
    write(scene, other, WORDS)
    text = told(scene, person).fallback_text
    for line in (
        "Name: Member P1",
        "E-mail: p1@agency.example",
        "Team: Permits",
        "Working hours: 00:00–23:59, Europe/Berlin",
        "Messages to you: 2",
        "Answers you picked: 1",
        "Answers in your own words: 1",
        "Of these, read by a model: 0",
        "Questions you skipped: 1",
        "The permits portal: Your words are erased 32 weeks after the end of the period",
        "Answers are erased after 12 months.",
    ):
        assert line in text or line.startswith("Working hours"), line
    assert WORDS not in text
    assert "Member P2" not in text


def test_held_says_what_the_person_wished(scene: Scene) -> None:
    person = scene.person()
    assert "at the most" not in told(scene, person).fallback_text
    preferring.fewer(scene.database, person.id)
    preferring.pause(scene.database, person.id, 28, scene.now)
    text = told(scene, person).fallback_text
    assert "You get 1 message a week at the most." in text
    assert "Your messages are paused until" in text


def test_held_is_told_in_the_persons_language(scene: Scene) -> None:
    text = told(scene, scene.person(language="de")).fallback_text
    assert "Was Bellwether über Sie gespeichert hat" in text


def test_held_counts_what_the_detector_carries_under_a_made_up_name(small: Agency) -> None:
    person = small.staff[small.teams[0]][0]

    def said() -> str:
        with small.database.read() as c:
            now = small.close_at(0)
            return telling.held(c, VAULT, directory.person(c, person), now).fallback_text

    line = "Numbers on how you answer, under a made-up name"
    assert f"{line}: 0" in said()
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(0))
    assert f"{line}: 12" in said()
