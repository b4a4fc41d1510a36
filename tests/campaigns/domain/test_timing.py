"""Own clock, working hours, quiet hours, clock changes, cadences and the weekly cap."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.definition import At, Cron, DaysAfterLaunch, Every, QuietHours
from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.timing import (
    Occurrence,
    due_for,
    next_permitted,
    occurrences,
    zone,
)
from tests.people import clerk

NO_QUIET = QuietHours.model_construct(start=time(0), end=time(0))  # no file can say so
QUIET = QuietHours(start=time(19), end=time(7))
LAUNCH = date(2027, 1, 12)


def someone(time_zone: str = "UTC", hours: WorkingHours | None = None) -> Person:
    return clerk(time_zone=time_zone, hours=hours or WorkingHours())


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def keys(found: list[Occurrence]) -> list[str]:
    return [one.key for one in found]


# --- occurrences


def test_occurrence_is_each_persons_own_time_when_the_moment_has_no_offset() -> None:
    [one] = occurrences(At(at=datetime(2027, 1, 20, 9)), LAUNCH, utc(2027, 2, 1))  # noqa: DTZ001
    assert due_for(one, someone("Asia/Tokyo")) == utc(2027, 1, 20, 0)
    assert due_for(one, someone("America/New_York")) == utc(2027, 1, 20, 14)
    assert one.earliest == utc(2027, 1, 19, 19)
    assert one.latest == utc(2027, 1, 20, 21)


def test_occurrence_is_one_moment_for_all_when_it_has_an_offset() -> None:
    [one] = occurrences(At(at=utc(2027, 1, 20, 9)), LAUNCH, utc(2027, 2, 1))
    assert due_for(one, someone("Asia/Tokyo")) == utc(2027, 1, 20, 9) == one.earliest == one.latest
    assert Occurrence(datetime.fromisoformat(one.key)) == one


def test_occurrences_end_where_they_begin_nowhere_on_earth_by_then() -> None:
    when = DaysAfterLaunch(days_after_launch=2, time=time(10))
    assert occurrences(when, LAUNCH, utc(2027, 1, 13, 19, 59)) == []
    assert keys(occurrences(when, LAUNCH, utc(2027, 1, 13, 20))) == ["2027-01-14T10:00:00"]


def test_occurrences_come_in_the_same_distance_from_the_launch_on() -> None:
    when = Every(every_days=14, first_after_days=8, times=3, time=time(10))
    assert keys(occurrences(when, LAUNCH, utc(2027, 12, 1))) == [
        "2027-01-20T10:00:00",
        "2027-02-03T10:00:00",
        "2027-02-17T10:00:00",
    ]


def test_cadence_keeps_to_first_day_last_day_and_number() -> None:
    when = Cron(cron="0 9 * * MON", first_on=date(2027, 1, 18), until=date(2027, 2, 1))
    until = utc(2027, 12, 1)
    assert keys(occurrences(when, LAUNCH, until)) == [
        "2027-01-18T09:00:00",
        "2027-01-25T09:00:00",
        "2027-02-01T09:00:00",
    ]
    assert len(occurrences(when.model_copy(update={"times": 2}), LAUNCH, until)) == 2


def test_cadence_begins_on_the_day_of_the_launch_when_no_first_day_is_given() -> None:
    found = occurrences(Cron(cron="0 0 * * *", times=3), LAUNCH, utc(2027, 2, 1))
    assert keys(found)[0] == "2027-01-12T00:00:00"
    assert len(found) == 3


def test_cadence_is_empty_when_it_can_not_be_read_or_never_comes() -> None:
    assert occurrences(Cron.model_construct(cron="soon"), LAUNCH, utc(2028, 1, 1)) == []
    assert occurrences(Cron.model_construct(cron="0 9 30 2 *"), LAUNCH, utc(2028, 1, 1)) == []


def test_due_is_after_the_gap_when_the_local_time_is_skipped() -> None:
    skipped = Occurrence(datetime(2027, 3, 28, 2, 30))  # noqa: DTZ001
    assert due_for(skipped, someone("Europe/Berlin")) == utc(2027, 3, 28, 1, 30)


def test_due_is_the_first_of_two_when_the_local_time_comes_twice() -> None:
    twice = Occurrence(datetime(2027, 10, 31, 2, 30))  # noqa: DTZ001
    assert due_for(twice, someone("Europe/Berlin")) == utc(2027, 10, 31, 0, 30)


# --- the permitted time


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "a\0b", "Ü/Ü"])
def test_zone_is_utc_when_nobody_knows_it(name: str) -> None:
    assert zone(name) is UTC
    assert next_permitted(utc(2027, 1, 12, 9), someone(name), QUIET) == utc(2027, 1, 12, 9)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (utc(2027, 1, 12, 8), utc(2027, 1, 12, 8)),  # Tuesday 09:00 in Berlin
        (utc(2027, 1, 12, 4), utc(2027, 1, 12, 7)),  # before work
        (utc(2027, 1, 12, 16), utc(2027, 1, 13, 7)),  # the end itself is over
        (utc(2027, 1, 15, 17), utc(2027, 1, 18, 7)),  # Friday evening
        (utc(2027, 3, 27, 12), utc(2027, 3, 29, 6)),  # over a clock change
    ],
)
def test_next_permitted_is_in_working_hours(moment: datetime, expected: datetime) -> None:
    assert next_permitted(moment, someone("Europe/Berlin"), QUIET) == expected


def test_next_permitted_is_outside_quiet_hours_when_work_begins_in_them() -> None:
    early = someone(hours=WorkingHours(time(5), time(20), frozenset(range(7))))
    assert next_permitted(utc(2027, 1, 12, 5), early, QUIET) == utc(2027, 1, 12, 7)
    assert next_permitted(utc(2027, 1, 12, 19), early, QUIET) == utc(2027, 1, 13, 7)


def test_next_permitted_belongs_to_the_day_it_began_when_work_goes_over_midnight() -> None:
    night = someone(hours=WorkingHours(time(22), time(6), frozenset({4})))  # Friday night
    midday = QuietHours(start=time(11), end=time(13))
    assert next_permitted(utc(2027, 1, 16, 3), night, midday) == utc(2027, 1, 16, 3)
    assert next_permitted(utc(2027, 1, 15, 3), night, midday) == utc(2027, 1, 15, 22)


def test_quiet_hours_win_when_work_lies_in_them_altogether() -> None:
    night = someone(hours=WorkingHours(time(22), time(6), frozenset({0, 1})))
    assert next_permitted(utc(2027, 1, 11, 23), night, QUIET) == utc(2027, 1, 12, 7)
    assert next_permitted(utc(2027, 1, 12, 19), night, QUIET) == utc(2027, 1, 18, 7)


def test_next_permitted_is_monday_to_friday_when_somebody_has_no_working_days() -> None:
    never = someone(hours=WorkingHours(days=frozenset()))
    assert next_permitted(utc(2027, 1, 16, 9), never, QUIET) == utc(2027, 1, 18, 7)


def test_next_permitted_begins_after_the_gap_when_the_clock_skips_the_start() -> None:
    early = someone("Europe/Berlin", WorkingHours(time(2, 30), time(12), frozenset(range(7))))
    assert next_permitted(utc(2027, 3, 28, 0), early, NO_QUIET) == utc(2027, 3, 28, 1)


def test_next_permitted_waits_a_week_when_the_clock_skips_all_of_it() -> None:
    brief = someone("Europe/Berlin", WorkingHours(time(2, 15), time(2, 45), frozenset({6})))
    assert next_permitted(utc(2027, 3, 28, 0), brief, NO_QUIET) == utc(2027, 4, 4, 0, 15)


def test_next_permitted_comes_again_when_the_clock_goes_back_into_the_hours() -> None:
    early = someone("Europe/Berlin", WorkingHours(time(1), time(2, 30), frozenset({6})))
    # 02:45 for the first time; at 03:00 it is 02:00 again.
    assert next_permitted(utc(2027, 10, 31, 0, 45), early, NO_QUIET) == utc(2027, 10, 31, 1)


ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",  # half an hour
        "Africa/Casablanca",
        "America/Havana",  # changes at midnight
        "Asia/Kathmandu",
        "Pacific/Kiritimati",
        "Pacific/Apia",  # left out a whole day
        "nowhere",
    ]
)
TIMES = st.times().map(lambda moment: moment.replace(microsecond=0))
HOURS = st.builds(WorkingHours, TIMES, TIMES, st.frozensets(st.integers(0, 6)))
QUIETS = (
    st.tuples(TIMES, TIMES)
    .filter(lambda both: both[0] != both[1])
    .map(lambda both: QuietHours(start=both[0], end=both[1]))
)
NEAR_A_CHANGE = st.sampled_from(
    [
        utc(2027, 3, 28, 1),
        utc(2027, 10, 31, 1),
        utc(2027, 3, 14, 7),
        utc(2027, 11, 7, 6),
        utc(2011, 12, 30, 10),
        utc(2027, 4, 3, 15),
    ]
).flatmap(
    lambda change: st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda by: change + by)
)
ANY_TIME = st.datetimes(datetime(2011, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MOMENTS = st.one_of(ANY_TIME, NEAR_A_CHANGE)


def between(moment: time, start: time, end: time) -> bool:
    """Whether a clock shows a time in the span; an equal start and end is all day."""
    if start == end:
        return True
    return start <= moment < end if start < end else moment >= start or moment < end


def works(local: datetime, hours: WorkingHours) -> bool:
    started_today = hours.start >= hours.end and local.time() < hours.end != hours.start
    day = (local.weekday() - 1) % 7 if started_today else local.weekday()
    return day in hours.days and between(local.time(), hours.start, hours.end)


def quiet_at(local: datetime, quiet: QuietHours) -> bool:
    return quiet.start != quiet.end and between(local.time(), quiet.start, quiet.end)


@given(moment=MOMENTS, time_zone=ZONES, hours=HOURS, quiet=QUIETS)
def test_next_permitted_is_never_early_and_never_in_quiet_hours(
    moment: datetime, time_zone: str, hours: WorkingHours, quiet: QuietHours
) -> None:
    person = someone(time_zone, hours)
    found = next_permitted(moment, person, quiet)
    local = found.astimezone(zone(time_zone))
    assert found >= moment
    assert not quiet_at(local, quiet)
    assert next_permitted(found, person, quiet) == found
    assert local.weekday() in hours.days or works(local, hours) or not hours.days


@given(moment=MOMENTS, time_zone=ZONES, quiet=QUIETS, days=st.frozensets(st.integers(0, 6)))
def test_next_permitted_is_always_in_working_hours_when_quiet_hours_leave_some(
    moment: datetime, time_zone: str, quiet: QuietHours, days: frozenset[int]
) -> None:
    hours = WorkingHours(quiet.end, quiet.start, days or frozenset({2}))
    local = next_permitted(moment, someone(time_zone, hours), quiet).astimezone(zone(time_zone))
    assert works(local, hours)


@given(moment=NEAR_A_CHANGE, time_zone=ZONES, data=st.data())
def test_next_permitted_is_the_very_first_minute_around_a_clock_change(
    moment: datetime, time_zone: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, 1439))
    end = data.draw(st.integers(0, 1439).filter(lambda minute: minute != start))
    hours = WorkingHours(
        time(start // 60, start % 60), time(end // 60, end % 60), frozenset(range(7))
    )
    moment = moment.replace(second=0, microsecond=0)
    found = next_permitted(moment, someone(time_zone, hours), NO_QUIET)
    local_zone = zone(time_zone)
    step = moment
    while not works(step.astimezone(local_zone), hours):
        step += timedelta(minutes=1)
    assert found == step


def test_known_zones_are_taken_from_the_time_zone_database() -> None:
    assert zone("Europe/Berlin") == ZoneInfo("Europe/Berlin")
