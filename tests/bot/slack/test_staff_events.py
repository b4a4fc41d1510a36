"""What Slack tells of an account reaches the directory, whatever shape it comes in."""

import logging
from datetime import datetime
from typing import Any

import pytest

from bot.slack.directory import Home
from bot.slack.staff_events import StaffEvents
from campaigns.domain.people import Person
from campaigns.flows.enrolling import import_people
from campaigns.storage import directory
from campaigns.storage.database import Database
from tests.slack.members import TEAM, Member

ADA = Member("U1", "Ada Lovelace", "ADA@agency.example", "Asia/Tokyo", "fr-FR")


@pytest.fixture
def events(sqlite_database: Database) -> StaffEvents:
    import_people(sqlite_database, "id,name,team,email\nP1,Ada,Agency,ada@agency.example\n")
    return StaffEvents(sqlite_database, lambda: Home(TEAM), profiles=True)


def tell(events: StaffEvents, kind: str, now: datetime, member: Member) -> None:
    user = member.json(email=True, locale=True)
    events.by_kind()[kind]({"type": kind, "user": user}, now)


def ada(database: Database) -> Person:
    with database.read() as connection:
        return directory.person_by_external_id(connection, "P1")


def test_person_is_joined_changed_and_parted_as_slack_tells(
    events: StaffEvents, sqlite_database: Database, now: datetime
) -> None:
    tell(events, "team_join", now, ADA)
    assert (ada(sqlite_database).slack_id, ada(sqlite_database).language) == ("U1", "fr-FR")
    tell(events, "user_change", now, Member("U1", "Ada", ADA.email, "Europe/Rome"))
    assert ada(sqlite_database).time_zone == "Europe/Rome"
    tell(events, "user_change", now, Member("U1", "Ada", ADA.email, deleted=True))
    assert ada(sqlite_database).slack_id is None


@pytest.mark.parametrize("event", [{}, {"user": "U1"}, {"user": {}}, {"user": {"id": ["U1"]}}])
def test_event_without_a_user_changes_nothing(
    events: StaffEvents, sqlite_database: Database, now: datetime, event: dict[str, Any]
) -> None:
    events.do(event, now)
    assert ada(sqlite_database).slack_id is None


def test_log_has_ids_and_no_names(
    events: StaffEvents, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tell(events, "team_join", now, ADA)
    assert "account U1: joined" in caplog.text
    assert "ada" not in caplog.text.lower()


def test_workspace_is_asked_for_once(sqlite_database: Database, now: datetime) -> None:
    asked: list[Home] = []

    def home() -> Home:
        asked.append(Home(TEAM))
        return asked[-1]

    events = StaffEvents(sqlite_database, home, profiles=True)
    for _ in range(3):
        tell(events, "user_change", now, ADA)
    assert len(asked) == 1
