"""Periods follow each other without a gap and close a little after they end."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.periods import GRACE, closed, span

LAUNCH = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@given(st.integers(1, 13), st.integers(0, 100))
def test_periods_leave_no_gap(weeks: int, number: int) -> None:
    assert span(LAUNCH, weeks, number).end == span(LAUNCH, weeks, number + 1).start


@given(st.integers(1, 13), st.integers(0, 100))
def test_a_period_closes_with_grace(weeks: int, number: int) -> None:
    end = span(LAUNCH, weeks, number).end
    assert closed(LAUNCH, weeks, end + GRACE) == number + 1
    assert closed(LAUNCH, weeks, end + GRACE - timedelta(seconds=1)) == number


def test_nothing_is_closed_before_the_launch() -> None:
    assert closed(LAUNCH, 4, LAUNCH - timedelta(weeks=9)) == 0
