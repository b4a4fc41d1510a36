"""How fast a platform may be called, and who goes first when there is not room for all (D6).

A lane keeps an even pace (GCRA): each slot moves the moment of the next one on by an interval, and
a call may come ahead of that moment by its lead, no further. What is urgent has a longer lead, so
that some slots are always kept for it, and none is lost where nothing is. Pure arithmetic: the
moment is kept in storage.lanes, and nobody ever waits here.
"""

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal

from campaigns.domain.definition import QuietHours
from campaigns.domain.outbox import RANKS, Kind
from campaigns.domain.people import Person
from campaigns.domain.timing import next_permitted

Act = Literal["send", "find", "update", "ask"]

SLOWEST = 20  # calls a minute: the slowest of Slack's tiers that anything here is sent by
LOOK_SECONDS = 1.0  # how often it is looked for free slots; what comes later than that is lost
_LEAD_US = 1_250_000  # so much may gather between two looks, and a look that comes a little late
_WINDOW_US = 60_000_000  # platforms count calls a minute
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_RANK = {kind: rank for rank, kinds in enumerate(RANKS) for kind in kinds}
_LAST = len(RANKS) - 1


@dataclass(frozen=True, slots=True)
class Lane:
    """One method at one workspace, and how often it takes a call a minute, `SLOWEST` or more."""

    name: str
    per_minute: int

    @property
    def interval_us(self) -> int:
        """The pace. No window of a minute, wherever it begins, holds more than `per_minute` slots.

        Within a window of W there are at most 1 + (W + lead) / interval, the longest lead being
        that of the first rank: a base and `_LAST` intervals.
        """
        return math.ceil((_WINDOW_US + _LEAD_US) / (self.per_minute - 1 - _LAST))

    def lead_us(self, kind: Kind) -> int:
        """How far ahead of the pace a message of that kind may go out: a slot more each rank."""
        return _LEAD_US + (_LAST - _RANK[kind]) * self.interval_us

    @property
    def longest_lead_us(self) -> int:
        """The lead of what goes before all else."""
        return _LEAD_US + _LAST * self.interval_us

    def free(self, next_us: int, now: datetime, kind: Kind) -> int:
        """How many slots there are for that kind at this moment."""
        room = microseconds(now) + self.lead_us(kind) - max(next_us, microseconds(now))
        return max(0, room // self.interval_us + 1)

    def free_at(self, next_us: int, kind: Kind) -> datetime:
        """When the next slot for that kind comes up, if nobody else takes it."""
        return _EPOCH + (next_us - self.lead_us(kind)) * _US


def microseconds(moment: datetime) -> int:
    """The moment as microseconds since 1970."""
    return (moment - _EPOCH) // _US


@dataclass(frozen=True, slots=True)
class Waiting:
    """`n` people alike in zone and hours who get something from `due_at` on; `tag` says what."""

    tag: str
    due_at: datetime
    like: Person
    quiet: QuietHours
    n: int


def forecast(
    waiting: Iterable[Waiting], lane: Lane | None, start: datetime
) -> Mapping[str, datetime]:
    """Tag → when the last of it goes out, at the lane's pace and within everybody's hours.

    As delivery does it: first due, first served, a minute's slots at a time, and whose day is over
    is served on the next one. Without a lane everything goes out when it is due.
    """
    order, ends = count(), dict[str, datetime]()
    line = [(max(one.due_at, start), next(order), one, one.n) for one in waiting if one.n]
    heapq.heapify(line)
    moment = start
    while line:
        due_at, place, one, n = heapq.heappop(line)
        moment = max(moment, due_at) if lane else due_at
        permitted = next_permitted(moment, one.like, one.quiet)
        if permitted > moment:
            heapq.heappush(line, (permitted, next(order), one, n))
            continue
        n_now = min(n, lane.per_minute) if lane else n
        moment += (lane.interval_us * n_now if lane else 0) * _US
        ends[one.tag] = max(moment, ends.get(one.tag, moment))
        if n > n_now:
            heapq.heappush(line, (due_at, place, one, n - n_now))
    return ends
