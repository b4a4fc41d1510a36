"""Which period is the next to close, and since when an answer counts in it.

Both follow from what was published and from the promise of the first version. Nothing is closed
here, and no answer is read.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.periods import span
from campaigns.storage import aggregates, releases
from campaigns.storage.campaigns import Launched


def next_period(c: Connection, launched: Launched) -> tuple[int | None, int]:
    """The number of the next period to close and how many weeks a period has.

    The number is None where the campaign was stopped before that period began. The length is that
    of the first version: it is part of the promise.
    """
    promise, _ = aggregates.rules(c, launched.id, launched.launched_at)
    period = releases.count(c, launched.id)
    stopped_at = releases.stopped_at(c, launched.id)
    starts_at = span(launched.launched_at, promise.period_weeks, period).start
    over = stopped_at is not None and starts_at >= stopped_at
    return None if over else period, promise.period_weeks


def open_since(c: Connection, launched: Launched) -> datetime:
    """The end of the last period that was published: whom that counted is settled.

    A press that comes to us late, after the close of the period it was made in, counts from here.
    """
    n_published = releases.count(c, launched.id)
    if not n_published:
        return launched.launched_at
    promise, _ = aggregates.rules(c, launched.id, launched.launched_at)
    return span(launched.launched_at, promise.period_weeks, n_published).start
