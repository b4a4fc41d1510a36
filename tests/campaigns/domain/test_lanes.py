"""The pace of a lane: never over its rate in any window, nearly all used, the urgent first."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.definition import QuietHours
from campaigns.domain.lanes import (
    LOOK_SECONDS,
    SLOWEST,
    Lane,
    Waiting,
    forecast,
    microseconds,
)
from campaigns.domain.outbox import BY_URGENCY, RANKS, Kind
from campaigns.domain.people import Person, WorkingHours

START = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOUD = QuietHours(start=time(23, 0), end=time(23, 1))
RATES = st.integers(SLOWEST, 2000)


class Row:
    """A lane's row in memory; `storage.lanes` does the same by one UPDATE."""

    def __init__(self, per_minute: int) -> None:
        self.lane, self.next_us = Lane("slack:x:post", per_minute), 0
        self.taken: list[datetime] = []

    def take(self, kind: Kind, now: datetime) -> bool:
        if not self.lane.free(self.next_us, now, kind):
            return False
        self.next_us = max(self.next_us, microseconds(now)) + self.lane.interval_us
        self.taken.append(now)
        return True


def busiest_minute(moments: Sequence[datetime]) -> int:
    """The most of them within any 60 seconds, wherever these begin."""
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most


@given(
    RATES,
    st.lists(st.tuples(st.integers(0, 90_000), st.sampled_from(list(Kind))), min_size=50),
)
def test_lane_is_never_over_its_rate_whenever_and_for_whatever_it_is_asked(
    per_minute: int, asked: list[tuple[int, Kind]]
) -> None:
    row, moment = Row(per_minute), START
    for milliseconds, kind in asked:
        moment += timedelta(milliseconds=milliseconds)
        while row.take(kind, moment):
            pass
    assert busiest_minute(row.taken) <= per_minute


@pytest.mark.parametrize("per_minute", [200, 300, 600])
def test_lane_is_used_to_95_percent_when_somebody_looks_every_second(per_minute: int) -> None:
    row, minutes = Row(per_minute), 20
    for look in range(minutes * 60):
        while row.take(Kind.VISION, START + timedelta(seconds=look * LOOK_SECONDS)):
            pass
    assert len(row.taken) >= 0.95 * per_minute * minutes
    assert busiest_minute(row.taken) <= per_minute


@given(RATES, st.integers(0, 3000))
def test_lane_has_a_slot_for_each_higher_rank_when_the_lower_ones_used_all_of_theirs(
    per_minute: int, looks: int
) -> None:
    row, moment = Row(per_minute), START + timedelta(milliseconds=looks)
    for rank in reversed(RANKS):
        assert row.take(rank[0], moment)
        while row.take(rank[0], moment):
            pass


@given(RATES, st.integers(0, 10**7))
def test_free_slots_are_as_many_as_can_be_taken(per_minute: int, ahead_us: int) -> None:
    for kind in BY_URGENCY:
        row = Row(per_minute)
        row.next_us = microseconds(START) + ahead_us
        free, n = row.lane.free(row.next_us, START, kind), 0
        free_at = row.lane.free_at(row.next_us, kind)
        assert bool(free) == (free_at <= START)
        assert row.lane.free(row.next_us, max(START, free_at), kind)
        while row.take(kind, START):
            n += 1
        assert n == free


def test_every_kind_has_its_rank() -> None:
    assert sorted(BY_URGENCY) == sorted(Kind)


# --- the forecast


def waiting(n: int, due_at: datetime = START, tag: str = "a", **changes: object) -> Waiting:
    hours = changes.pop("hours", WorkingHours(time(0, 0), time(0, 0), frozenset(range(7))))
    assert isinstance(hours, WorkingHours)
    like = Person(0, "", "", "", 0, "", "", "", "UTC", hours, "")
    return Waiting(tag, due_at, like, LOUD, n)


def test_forecast_is_the_rate_times_the_people_when_nobody_is_off() -> None:
    ends = forecast([waiting(6000)], Lane("x", 300), START)
    assert timedelta(minutes=20) <= ends["a"] - START <= timedelta(minutes=21.1)


def test_forecast_goes_on_the_next_day_when_working_hours_are_over() -> None:
    hours = WorkingHours(time(9, 0), time(10, 0), frozenset(range(7)))
    ends = forecast([waiting(24_000, hours=hours)], Lane("x", 300), START)
    assert (ends["a"] - START).days == 1


def test_forecast_serves_who_is_due_first() -> None:
    later = waiting(300, START + MINUTE, "later")
    ends = forecast([later, waiting(3000, tag="first")], Lane("x", 300), START)
    assert START + 10 * MINUTE <= ends["first"] < ends["later"]


def test_forecast_is_the_last_due_moment_when_there_is_no_lane() -> None:
    assert forecast([waiting(9, START + MINUTE), waiting(9)], None, START)["a"] == START + MINUTE


def test_forecast_says_nothing_when_nobody_waits() -> None:
    assert forecast([waiting(0)], Lane("x", 300), START) == {}
