"""One person answers a whole pulse in Slack: tap by tap in one message, and words in a window."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from campaigns.domain.offers import Offer
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.flows import answering
from campaigns.storage import offers
from campaigns.storage.database import Database
from tests.bot.slack.office import Office, office
from tests.learning import catalogue, training

WORDS = "Nobody has time for this, honestly."


@pytest.fixture
def at(sqlite_database: Database, now: datetime) -> Iterator[Office]:
    with office(sqlite_database, now, "P1") as found:
        yield found


@pytest.fixture
def person(at: Office) -> Person:
    return at.person()


def given(at: Office, person: Person) -> dict[str, object]:
    pulse = at.scene.outbox(person)[0]
    with at.scene.database.read() as c:
        return dict(answering.given(c, pulse.id))


def test_a_pulse_is_answered_in_one_message_when_a_person_taps_through_it(
    at: Office, person: Person
) -> None:
    first = at.pulse(person)
    assert "Confidential:" in first.text
    assert at.slack.tap("U0P1", first, "2").acked
    second = at.reads(person, "What is in your way?")
    assert second.ts == first.ts
    assert at.slack.tap("U0P1", second, "Time").acked
    third = at.reads(person, "What makes you say so?")
    assert at.slack.tap("U0P1", third, "Write an answer").acked
    window = at.window(person)
    assert "Confidential:" in str(window.content)
    assert at.slack.submit(window, {"words": WORDS}).acked
    last = at.reads(person, "Thank you, that helps.")
    assert last.ts == first.ts
    assert given(at, person) == {"ready": 2, "hurdle": "time", "why": ""}
    assert not at.slack.views("U0P1")
    assert not at.slack.calls("chat.update")
    assert WORDS not in str(at.slack.messages("U0P1"))


def test_a_training_is_taken_and_done_in_one_message_when_a_person_taps_through_it(
    sqlite_database: Database, now: datetime
) -> None:
    content = catalogue(training("first", seats=1))
    with office(sqlite_database, now, "P1", content=content) as at:
        person = at.person()
        offered = at.scene.put(person, "course", Kind.FOLLOW_UP, once="offer")
        with at.scene.database.write() as c:
            offers.put(c, "offer", Offer("first", "data"))
        message = at.deliver(offered)
        for label, then in (
            ("I’ll take it", "A seat is kept for you here."),
            ("I did it", "Did it help?"),
            ("It helped", "Thank you."),
        ):
            assert at.slack.tap("U0P1", message, label).acked
            message = at.reads(person, then)
        with at.scene.database.read() as c:
            said = {"take": "yes", "did": "yes", "helped": "yes"}
            assert answering.given(c, offered.id) == said
