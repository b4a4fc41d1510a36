"""What a chat platform told us: stored before it is acknowledged, done once, then known as seen.

A row is unique by the platform's own id, so what is delivered twice is taken once. Its content is
encrypted here and emptied as soon as it is done; nothing in this file looks into it. What somebody
typed is never put here: words go straight to where answers are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from campaigns.storage.once import insert_once
from campaigns.storage.tables import inbox

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
KEPT = timedelta(days=3)  # platforms deliver again for a day at the most


@dataclass(frozen=True, slots=True)
class Received:
    """A row that was claimed; `attempts` counts this one."""

    id: int
    kind: str
    content: bytes
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something to be taken in: the platform's id of it, and its content, encrypted."""

    key: str
    kind: str
    content: bytes
    received_at: datetime


def put(c: Connection, items: Sequence[NewItem]) -> int:
    """Each item is kept, once however often it comes; gives how many were new."""
    rows = [
        {
            "key": one.key,
            "kind": one.kind,
            "content": one.content,
            "received_at": one.received_at,
            "attempts": 0,
        }
        for one in items
    ]
    return insert_once(c, inbox, rows, ["key"])


def claim(c: Connection, now: datetime, limit: int) -> list[Received]:
    """The oldest that nobody works on, ours until the lease ends."""
    free = (
        select(inbox)
        .where(
            inbox.c.content.is_not(None),
            or_(inbox.c.lease_until.is_(None), inbox.c.lease_until <= now),
        )
        .order_by(inbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [
        Received(row.id, row.kind, row.content, row.received_at, row.attempts + 1)
        for row in c.execute(free)
    ]
    ours = update(inbox).where(inbox.c.id.in_([one.id for one in found]))
    if found:
        c.execute(ours.values(lease_until=now + LEASE, attempts=inbox.c.attempts + 1))
    return found


def settle(c: Connection, ids: Sequence[int]) -> None:
    """These are done: what they said is gone, that they came is known for a while."""
    if ids:
        done = update(inbox).where(inbox.c.id.in_(ids))
        c.execute(done.values(content=None, lease_until=None))


def give_back(c: Connection, ids: Sequence[int]) -> None:
    """These were not begun: whoever looks next may have them at once."""
    if ids:
        untouched = update(inbox).where(inbox.c.id.in_(ids))
        c.execute(untouched.values(lease_until=None, attempts=inbox.c.attempts - 1))


def forget(c: Connection, now: datetime) -> int:
    """What is done and too old to come again is gone; gives how many."""
    old = (inbox.c.content.is_(None), inbox.c.received_at < now - KEPT)
    return c.execute(delete(inbox).where(*old)).rowcount
