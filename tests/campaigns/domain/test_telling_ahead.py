"""When a simulated campaign hears and tells: a pulse waits as the real one would."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from campaigns.domain.assumptions import Assumptions
from campaigns.domain.flight_plan import Plan, coming
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Rhythm, WorkingHours
from campaigns.domain.telling_ahead import Voice, ahead, went_on
from campaigns.domain.timing import WEEK
from tests.sending import campaign, pulse

NOW = datetime(2027, 1, 11, 6, 0, tzinfo=UTC)  # a Monday
UNTIL = NOW + 10 * WEEK
MONDAYS = "0 9 * * 1"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def weekly(n_people: int = 1000, **more: Any) -> Plan:
    why = {"key": "why", "kind": "text", "prompt": "Why?"}
    asks = pulse(cron=MONDAYS) | {"questions": ["why"]}
    return Plan(campaign(asks, questions=[why], **more), NOW.date(), n_by_team={1: n_people})


def waits(plan: Plan, **assumed: float) -> dict[str, datetime]:
    voice = ahead(plan, NOW, Voice(), Assumptions(**assumed), NOW, UNTIL)
    return {key: at for (_, key), at in went_on(plan, voice, NOW, UNTIL).items()}


def test_pulse_after_each_period_waits_until_something_is_told() -> None:
    """Not the one of the very Monday: that is in the outbox before the figures are published."""
    assert waits(weekly(), told_days=10) == {
        "2027-02-15T09:00:00": NOW + 4 * WEEK + HOUR + 10 * DAY,
        "2027-03-15T09:00:00": NOW + 8 * WEEK + HOUR + 10 * DAY,
    }


def test_pulse_goes_on_by_itself_where_nothing_is_told() -> None:
    begins = datetime(2027, 2, 14, 19, 0, tzinfo=UTC)  # nine o'clock where Monday begins first
    found = waits(weekly(), told_days=100)
    assert found["2027-02-15T09:00:00"] == begins + 5 * DAY
    assert "2027-02-22T09:00:00" not in found


def test_nothing_waits_where_nothing_is_owed() -> None:
    assert waits(weekly(n_people=20)) == {}  # too few name the same
    assert waits(replace(weekly(), share_read=0.0)) == {}  # nobody's words are read
    assert waits(weekly(tell_back="off")) == {}
    assert waits(weekly(), words_rate=0) == {}
    assert waits(weekly(), told_days=2) == {}


def test_something_owed_already_is_told_after_the_assumed_days() -> None:
    plan, before = weekly(), Voice(heard_at=[NOW - 3 * WEEK])
    voice = ahead(plan, NOW - 7 * WEEK, before, Assumptions(told_days=4), NOW, UNTIL)
    assert voice.told_at[0] == NOW + 4 * DAY
    first = min(went_on(plan, voice, NOW, UNTIL).values())
    assert first == NOW + 4 * DAY


def test_what_waited_and_what_is_told_come_when_they_may() -> None:
    friday = NOW + 4 * DAY
    place = Kind.PULSE, "2027-01-11T09:00:00"
    plan = replace(weekly(), went_on={place: friday}, told_at=[friday + 12 * HOUR])
    found = list(coming(plan, Rhythm("UTC", WorkingHours()), NOW, NOW + WEEK))
    moments = {(one.kind, one.round): (one.opens_at, one.due_at) for one in found}
    assert moments[place] == (friday, friday + 2 * HOUR)
    [(_, told)] = [both for (kind, _), both in moments.items() if kind is Kind.TOLD]
    assert told == datetime(2027, 1, 18, 8, 0, tzinfo=UTC)  # not on a Friday evening
