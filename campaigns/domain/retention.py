"""How long an answer is kept, and how long it is known whose it is: the promise, as moments."""

from calendar import monthrange
from datetime import datetime

from campaigns.domain.definition import PERIODS_KEPT, Confidentiality


def erase_before(now: datetime, months: int) -> datetime:
    """The moment before which everything is too old to be kept: `now`, so many months ago.

    Where that month is too short for the day, its last day.

    >>> from datetime import UTC
    >>> erase_before(datetime(2028, 3, 31, tzinfo=UTC), 1).date().isoformat()
    '2028-02-29'
    """
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def unlink_after_weeks(promise: Confidentiality) -> int:
    """So many weeks after the end of its period, nobody can tell any more whose an answer was.

    Until then it is needed with its person: to choose what they hear next, to leave any one person
    out of an alarm, and to compare a group with itself in earlier periods.

    >>> unlink_after_weeks(Confidentiality(period_weeks=4))
    32
    """
    return PERIODS_KEPT * promise.period_weeks
