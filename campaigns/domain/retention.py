"""How long an answer is kept: the promise in months, as a moment."""

from calendar import monthrange
from datetime import datetime


def erase_before(now: datetime, months: int) -> datetime:
    """The moment before which everything is too old to be kept: `now`, so many months ago.

    Where that month is too short for the day, its last day.

    >>> from datetime import UTC
    >>> erase_before(datetime(2028, 3, 31, tzinfo=UTC), 1).date().isoformat()
    '2028-02-29'
    """
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
