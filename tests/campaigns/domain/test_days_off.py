"""Public holidays of one's own region, and absences: days on which nobody is written to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.definition import QuietHours
from campaigns.domain.outbox import Facts, Kind, State, judge
from campaigns.domain.people import Person, overlaps
from campaigns.domain.public_holidays import is_holiday, regions
from campaigns.domain.timing import day_off, next_permitted
from tests.people import clerk

QUIET = QuietHours()
EPIPHANY = datetime(2027, 1, 6, 9, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)


def away(first: date, last: date, **more: Any) -> Person:
    return clerk(away_from=first, away_until=last, **more)


@pytest.mark.parametrize(
    ("region", "day", "off"),
    [
        ("DE-BY", date(2027, 1, 6), True),
        ("DE-BE", date(2027, 1, 6), False),
        ("ES-MD", date(2028, 5, 2), True),
        ("FR", date(2027, 7, 14), True),
        ("", date(2027, 12, 25), False),
        ("XX", date(2027, 12, 25), False),
        ("DE-XX", date(2027, 12, 25), False),
    ],
)
def test_holiday_is_that_of_the_region(region: str, day: date, off: bool) -> None:
    assert is_holiday(region, day) is off
    assert not region or (region in regions()) is ("XX" not in region)


def test_next_permitted_is_the_next_working_day_when_it_is_a_holiday() -> None:
    assert next_permitted(EPIPHANY, clerk(holidays="DE-BY"), QUIET) == datetime(
        2027, 1, 7, 7, tzinfo=UTC
    )
    assert next_permitted(EPIPHANY, clerk(), QUIET) == EPIPHANY


def test_day_off_is_on_the_persons_own_calendar_when_it_is_another_day_elsewhere() -> None:
    late = datetime(2027, 1, 5, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    assert day_off(late, clerk(holidays="DE-BY")) == "holiday"
    assert day_off(late, clerk(holidays="DE-BY", time_zone="UTC")) == ""


def test_next_permitted_is_after_an_absence_however_long() -> None:
    gone = away(date(2027, 1, 6), date(2028, 6, 30))  # until a Friday
    assert next_permitted(EPIPHANY, gone, QUIET) == datetime(2028, 7, 3, 6, tzinfo=UTC)


@given(
    st.datetimes(datetime(2027, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.dates(date(2027, 1, 1), date(2027, 12, 1)),
    st.integers(0, 40),
    st.sampled_from(["", "DE-BY", "US", "FR"]),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
)
def test_next_permitted_is_never_on_a_day_off(
    moment: datetime, first: date, days: int, region: str, zone: str
) -> None:
    person = away(first, first + days * DAY, holidays=region, time_zone=zone)
    found = next_permitted(moment, person, QUIET)
    assert moment <= found < moment + 60 * DAY
    assert day_off(found, person) == ""
    assert next_permitted(found, clerk(time_zone=zone), QUIET) == found


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (clerk(holidays="DE-BY"), "holiday"),
        (away(date(2027, 1, 4), date(2027, 1, 8)), "away"),
        (away(date(2027, 1, 6), date(2027, 1, 6), holidays="DE-BY"), "away"),
    ],
)
def test_verdict_says_that_it_is_a_day_off(person: Person, reason: str) -> None:
    moved = judge(Facts(Kind.VISION, person), EPIPHANY)
    assert (moved.state, moved.reason) == (State.PENDING, f"moved: {reason}")
    closing = Facts(Kind.PULSE, person, closes_at=EPIPHANY + timedelta(hours=20))
    assert judge(closing, EPIPHANY).state is State.DROPPED
    assert judge(closing, EPIPHANY).reason == reason
    assert judge(Facts(Kind.HELP, person), EPIPHANY).state is State.SENDING


def test_absence_overlaps_when_it_takes_one_of_the_days() -> None:
    first, last = date(2027, 1, 6), date(2027, 1, 8)
    assert overlaps(first, last, last, last + DAY)
    assert not overlaps(first, last, last + DAY, last + 2 * DAY)
    assert not overlaps(None, None, first, last)
