"""Campaigns that share a person's week: what ranks higher goes first, and what gave way is told."""

from datetime import datetime, timedelta

import pytest
from rich.console import Console

from bot.commands.campaign_output import tell_standings
from campaigns.domain.outbox import Kind, State
from campaigns.flows import overseeing
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import pause
from campaigns.storage import campaigns
from campaigns.storage.database import Database
from tests.sending import (
    InterruptedMessenger,
    launched,
    plain,
    pulse,
    put,
    rows,
    staff,
    vision,
    wish,
)

DAY = timedelta(days=1)
ONE = {"limits": {"messages_per_week": 1}}


def deliver(database: Database, at: datetime) -> int:
    return deliver_due(database, InterruptedMessenger(), plain, at)


def told(database: Database, key: str) -> list[tuple[str, int | None, int | None]]:
    with database.read() as c:
        found = overseeing.held_back(c, campaigns.by_key(c, key))
    return [(one.reason, one.n_moved, one.n_dropped) for one in found]


def test_what_ranks_lower_gives_way_to_another_campaigns_message_of_tomorrow(
    database: Database, now: datetime
) -> None:
    staff(database, 6)
    tomorrow = (now + 20 * timedelta(hours=1)).isoformat()
    launched(database, now, vision("late", at=tomorrow) | {"priority": "high"}, key="other", **ONE)
    launched(database, now, vision("soon") | {"priority": "low"}, **ONE)
    assert deliver(database, now) == 0
    assert told(database, "portal") == [("gave way", 5, 0)]
    assert deliver(database, now + DAY) == 6
    assert {row.touchpoint for row in rows(database, State.SENT)} == {"late"}
    assert deliver(database, now + 9 * DAY) == 6
    assert told(database, "portal") == [("gave way", 5, 0)]  # also once it has gone out
    assert told(database, "other") == []


def test_nothing_gives_way_to_a_campaign_that_is_paused(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    tomorrow = (now + 20 * timedelta(hours=1)).isoformat()
    first = vision("late", at=tomorrow) | {"priority": "high"}
    launched(sqlite_database, now, first, key="other", **ONE)
    pause(sqlite_database, "other", now)
    launched(sqlite_database, now, vision("soon"), **ONE)
    assert deliver(sqlite_database, now) == 1


def test_loser_is_dropped_where_its_file_says_so_and_small_numbers_are_not_told(
    sqlite_database: Database, now: datetime
) -> None:
    ids = staff(sqlite_database, 7)
    put(sqlite_database, *(wish(one, now, "earlier") for one in ids[:4]))
    assert deliver(sqlite_database, now) == 4
    launched(sqlite_database, now, vision() | {"if_crowded": "drop"}, **ONE)
    assert deliver(sqlite_database, now) == 3
    assert [row.reason for row in rows(sqlite_database, State.DROPPED)] == ["weekly cap"] * 4
    assert told(sqlite_database, "portal") == [("weekly cap", 0, None)]


def test_pulses_of_two_campaigns_keep_their_days_apart(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    launched(sqlite_database, now, pulse("a"))
    launched(sqlite_database, now, pulse("b"), key="other")
    assert deliver(sqlite_database, now) == 1
    [later] = rows(sqlite_database, State.PENDING)
    assert (later.touchpoint, later.reason) == ("b", "moved: days between pulses")
    assert later.due_at == (now + 3 * DAY).replace(hour=8)


def test_follow_up_goes_before_a_vision_message_that_is_due_as_well(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    launched(sqlite_database, now, vision(), **ONE)
    ids = {"campaign_id": 1, "version_id": 1, "kind": Kind.FOLLOW_UP, "touchpoint": "talk"}
    put(sqlite_database, wish(1, now, "talk", **ids))
    assert deliver(sqlite_database, now) == 1
    assert [row.kind for row in rows(sqlite_database, State.SENT)] == [Kind.FOLLOW_UP]


def test_status_says_in_words_what_came_later_or_never(
    sqlite_database: Database, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    staff(sqlite_database, 7)
    launched(sqlite_database, now, pulse("a"), pulse("b", open_days=2))
    deliver(sqlite_database, now)
    found = overseeing.standing(sqlite_database, None, now, reasons=True)
    tell_standings(Console(), found)
    shown = capsys.readouterr().out
    told = "portal: none came later, 5 or a few more were left out. They had been asked only days"
    assert f"{told} before." in shown
