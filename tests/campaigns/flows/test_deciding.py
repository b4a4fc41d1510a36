"""What can be decided about, by whom, and what is refused."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.domain.ledger import Course, Refused
from campaigns.flows import auditing, deciding
from campaigns.storage.database import Database
from sentiment.labels import Theme
from tests.campaigns.flows.ledgers import EVERYBODY, OVER, TO_COME, Heard


@pytest.fixture
def heard(sqlite_database: Database, now: datetime) -> Heard:
    return Heard(sqlite_database, now)


def said(heard: Heard, author: deciding.Author = EVERYBODY) -> list[tuple[int | None, str]]:
    with heard.database.read() as c:
        found = deciding.heard(c, heard.agency.campaign, author)
    return [(voice.node, voice.theme) for voice in found]


def test_heard_is_what_was_released_of_shown_groups(heard: Heard) -> None:
    known = {(heard.north, "workload"), (heard.agency.teams[0], "tools")}
    assert set(said(heard)) == known


def test_agents_hear_and_write_about_their_own_teams_alone(heard: Heard) -> None:
    voice = heard.voice(heard.north)
    assert len(said(heard, heard.agent(0))) == 2
    assert said(heard, heard.agent(1)) == []
    assert heard.write(voice, heard.agent(1)) is Refused.NOT_RELEASED
    assert heard.write(voice, heard.agent(0)) is None
    (entry,) = heard.entries()
    assert heard.change(entry, heard.agent(1)) is Refused.NOT_RELEASED
    assert heard.tell(entry, heard.agent(1)) is Refused.GONE


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_entry_is_kept_as_written_and_in_the_audit_log(database: Database, now: datetime) -> None:
    heard = Heard(database, now)
    assert heard.write(heard.voice(heard.north), text={"en": " Done. ", "de": "  "}) is None
    (entry,) = heard.entries()
    assert (entry.decision.text, entry.decision.course, entry.told_at) == (
        {"en": "Done."},
        Course.DONE,
        None,
    )
    assert heard.change(entry, course=Course.PLANNED) is None
    assert heard.entries()[0].decision.course is Course.PLANNED
    log = [(one.deed, one.detail) for one in auditing.every(database)]
    assert log == [("decided", "entry 1, done"), ("decided", "entry 1, planned")]


def test_theme_of_a_group_that_is_not_shown_is_refused(heard: Heard) -> None:
    assert heard.write(heard.voice(heard.small, Theme.TOOLS)) is Refused.NOT_RELEASED
    assert heard.write(heard.voice(heard.north, Theme.TOOLS)) is Refused.NOT_RELEASED
    assert heard.write(heard.voice(heard.north, period=1)) is Refused.NOT_RELEASED
    assert heard.entries() == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": {"en": " ", "de": "Ja."}}, Refused.NO_TEXT),
        ({"course": Course.DROPPED}, Refused.NO_REASON),
        ({"text": {"en": "x" * 1001}}, Refused.TOO_LONG),
        ({"owner": "nobody"}, Refused.NO_OWNER),
        ({"due_on": TO_COME}, Refused.WRONG_DAY),
        ({"course": Course.PLANNED, "due_on": OVER}, Refused.WRONG_DAY),
    ],
)
def test_draft_with_something_missing_is_refused(
    heard: Heard, changes: dict[str, Any], why: Refused
) -> None:
    assert heard.write(heard.voice(heard.north), **changes) is why
    assert heard.entries() == []


def test_entry_is_not_overwritten_by_who_looked_at_an_older_one(heard: Heard) -> None:
    heard.write(heard.voice(heard.north))
    (seen,) = heard.entries()
    assert heard.change(seen, course=Course.DROPPED, reason={"en": "No money."}) is None
    heard.now += timedelta(hours=1)
    assert heard.change(seen) is Refused.CHANGED
    assert heard.tell(seen) is Refused.CHANGED
    assert heard.entries()[0].decision.reason == {"en": "No money."}


def test_entry_stays_with_the_theme_and_group_it_was_written_about(heard: Heard) -> None:
    heard.write(heard.voice(heard.north))
    (entry,) = heard.entries()
    moved = replace(entry, voice=heard.voice(heard.agency.teams[0], Theme.TOOLS))
    assert heard.change(moved) is Refused.NOT_RELEASED
