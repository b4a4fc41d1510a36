"""The periods that figures are published for: equally long, back to back, from the launch on.

Which answers belong to a period is settled by its two ends alone, so it can be asked again later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Between the end of a period and its close: whatever was on its way then has arrived.
GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, but not at, `end`."""

    start: datetime
    end: datetime


def span(launched_at: datetime, weeks: int, number: int) -> Span:
    """The period with that number; the first is 0."""
    length = timedelta(weeks=weeks)
    return Span(launched_at + number * length, launched_at + (number + 1) * length)


def closed(launched_at: datetime, weeks: int, now: datetime) -> int:
    """How many periods can be closed by now."""
    return max(0, (now - GRACE - launched_at) // timedelta(weeks=weeks))
