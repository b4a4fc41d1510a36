"""One person answers a whole pulse in Slack: tap by tap in one message, and words in a window."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from campaigns.domain.people import Person
from campaigns.flows import answering
from campaigns.storage.database import Database
from tests.bot.slack.office import Office, office

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
