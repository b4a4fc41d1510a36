"""What people let go is handed out without whose it is, and nothing else ever is."""

from datetime import datetime, timedelta

import pytest

from campaigns.domain.confidentiality import ReleasedWords, Withheld
from campaigns.domain.messages import Action
from campaigns.flows import consenting
from campaigns.flows.releasing import released
from campaigns.flows.retention import erase_aged
from campaigns.storage import campaigns, directory
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Score, Status
from tests.fakes import FixedScorer
from tests.scene import KNOWN, NEED, VAULT, Scene, definition, event, score, write

QUESTION = "What makes you say so?"
FOREIGN = "Das wird nichts."


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now, definition(learn_from_words=True))


def let_go(scene: Scene, name: str, text: str) -> Delivery:
    pulse = write(scene, scene.person(name, name=f"Person{name} Ferrymann"), text, once=name)
    tap = event(pulse, Action.RELEASE)
    assert consenting.decide(scene.database, tap, scene.now) is None
    return pulse


def ten(scene: Scene, read: bool = True) -> list[Delivery]:
    """Ten people have written and released it, and a model has read it."""
    texts = [f"Reason {chr(97 + number)} of ours." for number in range(10)]
    pulses = [let_go(scene, f"P{number}", text) for number, text in enumerate(texts)]
    if read:
        read_all(scene)
    return pulses


def read_all(scene: Scene) -> None:
    foreign = Score.unscored(Status.LANGUAGE, "fixed-1")
    score(scene, FixedScorer({**KNOWN, FOREIGN: foreign}))


def words(scene: Scene) -> list[str]:
    found = released(scene.database, VAULT)
    assert not isinstance(found, Withheld)
    assert all(isinstance(one, ReleasedWords) and one.question == QUESTION for one in found)
    return sorted(one.words for one in found)


def test_released_hands_out_the_words_of_ten_people(scene: Scene) -> None:
    ten(scene)
    assert words(scene) == [f"Reason {chr(97 + number)} of ours." for number in range(10)]


def test_released_takes_out_names_and_contact_details(scene: Scene) -> None:
    ten(scene)
    let_go(scene, "P10", "Ask ferrymann of Permits, 555 0100.")
    read_all(scene)
    assert "Ask [name] of [team], [phone]." in words(scene)


def test_released_hands_out_nothing_when_fewer_than_ten_people_let_go(scene: Scene) -> None:
    pulses = ten(scene)
    tap = event(pulses[0], Action.TAKE_BACK)
    assert consenting.decide(scene.database, tap, scene.now) is None
    assert isinstance(released(scene.database, VAULT), Withheld)


def test_released_keeps_to_the_highest_number_that_was_ever_promised(
    sqlite_database: Database, now: datetime
) -> None:
    eleven, ten_again = (
        definition(learn_from_words=True, confidentiality={"minimum_for_words": n})
        for n in (11, 10)
    )
    scene = Scene(sqlite_database, now, eleven)
    with scene.database.write() as c:
        campaigns.put(c, ten_again, now + timedelta(days=1))
    ten(scene)
    assert isinstance(released(scene.database, VAULT), Withheld)


def test_released_leaves_out_what_was_taken_back_or_never_let_go(scene: Scene) -> None:
    ten(scene)
    back = let_go(scene, "P10", "Taken back.")
    write(scene, scene.person("P11"), "Never asked for.", once="P11")
    read_all(scene)
    assert "Taken back." in words(scene)
    consenting.decide(scene.database, event(back, Action.TAKE_BACK), scene.now)
    assert len(words(scene)) == 10


def test_released_leaves_out_what_is_flagged_or_could_not_be_judged(scene: Scene) -> None:
    ten(scene)
    let_go(scene, "P10", NEED)
    let_go(scene, "P11", FOREIGN)
    assert len(words(scene)) == 10  # nobody has read them yet
    read_all(scene)
    assert len(words(scene)) == 10


def test_released_waits_for_the_model_when_nothing_was_read(scene: Scene) -> None:
    ten(scene, read=False)
    assert isinstance(released(scene.database, VAULT), Withheld)


def test_released_leaves_out_who_has_left(scene: Scene) -> None:
    pulses = ten(scene)
    off = let_go(scene, "P10", "I am off.")
    read_all(scene)
    assert len(words(scene)) == 11
    with scene.database.write() as connection:
        directory.deactivate(connection, [off.person_id])
    assert "I am off." not in words(scene)
    with scene.database.write() as connection:
        directory.deactivate(connection, [pulses[0].person_id])
    assert isinstance(released(scene.database, VAULT), Withheld)


def test_released_hands_out_nothing_when_answers_were_erased(scene: Scene) -> None:
    ten(scene)
    assert erase_aged(scene.database, scene.now + timedelta(days=400)) == 10
    assert isinstance(released(scene.database, VAULT), Withheld)


def test_released_hands_out_nothing_when_no_key_opens_it(scene: Scene) -> None:
    ten(scene)
    assert isinstance(released(scene.database, Vault([new_key()])), Withheld)
