"""A pulse for a part of each team: who is not asked gets nothing and is not silent."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from campaigns.domain.outbox import State
from campaigns.domain.periods import Span
from campaigns.flows.delivering import deliver_due
from campaigns.flows.noticing import notice_silence
from campaigns.flows.planning import plan
from campaigns.storage import asked, silence
from campaigns.storage.database import Database
from tests.sending import InterruptedMessenger, launched, plain, pulse, reminder, rows, staff

WEEK = timedelta(days=7)
EVERY_WEEK: dict[str, Any] = {"every_days": 7, "first_after_days": 0, "times": 6}
QUIET = {"key": "quiet", "when": {"silence_pulses": 2}, "send": "talk"}
TALK = {"kind": "follow_up", "key": "talk", "title": "Talk", "text": "Talk?", "purpose": "talk"}


def test_planning_asks_a_third_of_the_team_each_week_and_each_person_every_third(
    database: Database, now: datetime
) -> None:
    people = staff(database, 15)
    weekly = pulse(**EVERY_WEEK) | {"ask": {"one_in": 3}}
    launched(database, now, weekly, reminder(days=2), TALK, rules=[QUIET])
    for week in range(6):
        at = now + week * WEEK
        plan(database, at)
        deliver_due(database, InterruptedMessenger(), plain, at)
        with database.read() as c:
            here = asked.reached(c, 1, Span(at, at + WEEK))
            assert sum(asked.invited(c, 1, Span(at, at + WEEK)).values()) == len(here) == 5
            silent = silence.silent_in_a_row(c, 1, people, now, at + WEEK)
        assert sum(silent.values()) == 5 * (week + 1)  # who was not asked is not silent
        assert notice_silence(database, at + WEEK) == (0 if week < 3 else 5)
    went = Counter(row.person_id for row in rows(database, State.SENT) if row.kind == "pulse")
    assert went == dict.fromkeys(people, 2)


def test_planning_asks_a_small_team_as_a_whole(sqlite_database: Database, now: datetime) -> None:
    staff(sqlite_database, 9)
    launched(sqlite_database, now, pulse(**EVERY_WEEK) | {"ask": {"one_in": 3}})
    assert len(rows(sqlite_database)) == 9
