"""How the launched campaigns stand, in numbers of sendings; never who got or answered what."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns.domain.counts import STEP
from campaigns.domain.definition import Pulse, Vision
from campaigns.domain.outbox import MOVED, State
from campaigns.domain.people import Person
from campaigns.domain.timing import Occurrence, due_for, occurrences
from campaigns.storage import campaigns, outbox
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database

AHEAD = timedelta(days=62)  # further ahead nobody looks, and a cadence has many moments


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign, its sendings, why some came later or never, and the moment of the next one; None
    where nothing is to come."""

    launched: Launched
    n_sent: int
    n_pending: int
    n_failed: int
    n_other: int
    held_back: tuple["HeldBack", ...]
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How often planned sendings came later or never for one reason, rounded down to a step; None:
    few, and not told."""

    reason: str
    n_moved: int | None
    n_dropped: int | None


def held_back(c: Connection, launched: Launched) -> list[HeldBack]:
    """Why sendings of the campaign were moved or dropped, the commonest reason first.

    Among what fills a week are follow-ups, which reply to answers. So numbers below the minimum
    group are not told, and others in steps, so that none moves by one when a reply goes out. One
    that was moved and dropped in the end counts as dropped.
    """
    moved, dropped = Counter[str](), Counter[str]()
    for (state, reason), n in outbox.held_back(c, launched.id).items():
        if state is State.DROPPED:
            dropped[reason.removeprefix(MOVED)] += n
        else:
            moved[reason.removeprefix(MOVED)] += n
    minimum = launched.definition.campaign.confidentiality.minimum_group
    reasons = [reason for reason, _ in (moved + dropped).most_common()]
    return [
        HeldBack(reason, *(_told(counts[reason], minimum) for counts in (moved, dropped)))
        for reason in reasons
    ]


def _told(n: int, minimum: int) -> int | None:
    return n - n % STEP if n == 0 or n >= minimum else None


def standing(
    database: Database, key: str | None, now: datetime, *, reasons: bool = False
) -> list[Standing]:
    """Every campaign that was ever launched, or the one called `key`. Raises NotFoundError.

    With `reasons` also why sendings came later or never, for which all of them are read.
    """
    with database.read() as c:
        found = campaigns.all_launched(c) if key is None else [campaigns.by_key(c, key)]
        return [
            _standing(c, one, now, tuple(held_back(c, one)) if reasons else ()) for one in found
        ]


def _standing(
    c: Connection, launched: Launched, now: datetime, why: tuple[HeldBack, ...]
) -> Standing:
    counts = outbox.counts(c, launched.id)
    n_pending = counts.get(State.PENDING, 0) + counts.get(State.SENDING, 0)
    n_sent, n_failed = counts.get(State.SENT, 0), counts.get(State.FAILED, 0)
    return Standing(
        launched=launched,
        n_sent=n_sent,
        n_pending=n_pending,
        n_failed=n_failed,
        n_other=sum(counts.values()) - n_sent - n_pending - n_failed,
        held_back=why,
        next_due_at=_next_due(c, launched, now),
    )


def _next_due(c: Connection, launched: Launched, now: datetime) -> datetime | None:
    """The first sending that waits; else the first moment on earth of the next touchpoint."""
    if launched.state == STOPPED:
        return None
    waiting = outbox.next_due(c, launched.id)
    return waiting if waiting is not None else _next_touchpoint(launched, now)


def next_for(launched: Launched, person: Person, now: datetime) -> datetime | None:
    """When the next planned touchpoint is due for this person; None where none is near."""
    moments = (due_for(one, person) for one in _coming(launched, now))
    return min((moment for moment in moments if moment > now), default=None)


def _next_touchpoint(launched: Launched, now: datetime) -> datetime | None:
    moments = (one.earliest for one in _coming(launched, now))
    return min((moment for moment in moments if moment > now), default=None)


def _coming(launched: Launched, now: datetime) -> Iterator[Occurrence]:
    """All planned moments up to the end of what anybody looks at, also those that are over."""
    for touchpoint in launched.definition.campaign.touchpoints:
        if isinstance(touchpoint, Vision | Pulse):
            yield from occurrences(touchpoint.when, launched.launched_at.date(), now + AHEAD)
