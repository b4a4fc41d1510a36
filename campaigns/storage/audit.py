"""The audit log: written in the transaction of what it tells, read from the start to be checked.

One entry is written after the other: whoever writes one waits until the transaction of the one
before it is over, so it is written last. Nothing here changes an entry, and no other file may.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, text

from campaigns.domain.audit import FIRST, Deed, Entry, seal
from campaigns.storage.tables import audit

# Any number will do, as long as no other program takes the same advisory lock in this database.
_LOCK = 0x61756469
_CHUNK = 1000


def put(
    c: Connection, who: str, deed: Deed, now: datetime, campaign: str = "", detail: str = ""
) -> Entry:
    """The log has this entry, behind all others; call it last, others wait for its transaction."""
    if c.dialect.name != "sqlite":  # there, the write transaction itself is the lock
        c.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    before = newest(c)
    number = before.number + 1 if before else 1
    entry = Entry(number, now, who, deed.value, campaign, detail)
    key: bytes = c.get_execution_options()["bellwether_seal"]
    entry = replace(entry, seal=seal(entry, before.seal if before else FIRST, key))
    c.execute(insert(audit).values(_values(entry)))
    return entry


def newest(c: Connection) -> Entry | None:
    """The last entry; None where there is none yet."""
    row = c.execute(select(audit).order_by(audit.c.number.desc()).limit(1)).first()
    return _from(row) if row else None


def newest_of(c: Connection, deed: Deed) -> Entry | None:
    """The last entry that tells of that; None where none does."""
    found = select(audit).where(audit.c.deed == deed).order_by(audit.c.number.desc()).limit(1)
    row = c.execute(found).first()
    return _from(row) if row else None


def page(c: Connection, before: int | None, limit: int) -> list[Entry]:
    """The newest entries, newest first; those before that number where one is given."""
    found = select(audit).order_by(audit.c.number.desc()).limit(limit)
    if before is not None:
        found = found.where(audit.c.number < before)
    return [_from(row) for row in c.execute(found)]


def n_of(c: Connection, who: str) -> int:
    """How many entries name that one."""
    return c.scalar(select(func.count()).where(audit.c.who == who)) or 0


def every(c: Connection) -> Iterator[Entry]:
    """All entries, oldest first, a thousand in memory."""
    last, more = 0, True
    while more:
        found = select(audit).where(audit.c.number > last).order_by(audit.c.number).limit(_CHUNK)
        entries = [_from(row) for row in c.execute(found)]
        yield from entries
        more = len(entries) == _CHUNK
        last = entries[-1].number if entries else last


def _values(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in Entry.__slots__}


def _from(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(**dict(row._mapping))
