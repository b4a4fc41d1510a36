"""A platform's limits as rows, one a workspace and method: whoever takes a slot moves it on (D6).

The row is shared by all workers of all processes; nothing here waits for a slot to come up.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, select, update

from campaigns.domain.lanes import Lane, microseconds
from campaigns.domain.outbox import Kind
from campaigns.storage.once import insert_once
from campaigns.storage.tables import lanes


def take(c: Connection, lane: Lane, kind: Kind, now: datetime) -> bool:
    """Whether a message of that kind may go out at this moment; the slot is then used up."""
    at = microseconds(now)
    slot = (
        update(lanes)
        .where(lanes.c.name == lane.name, lanes.c.next_us <= at + lane.lead_us(kind))
        .values(next_us=_later(at) + lane.interval_us)
        .returning(lanes.c.next_us)
    )
    if c.scalar(slot) is not None:
        return True
    return _open(c, lane.name) and c.scalar(slot) is not None


def hold(c: Connection, lane: Lane, until: datetime) -> None:
    """Nobody gets a slot before that moment, not even what is most urgent."""
    _open(c, lane.name)
    after = microseconds(until) + lane.longest_lead_us
    c.execute(update(lanes).where(lanes.c.name == lane.name).values(next_us=_later(after)))


def standing(c: Connection, wanted: Iterable[Lane]) -> Mapping[str, int]:
    """Name → when its next call would be due at an even pace; 0 for one never used."""
    names = [lane.name for lane in wanted]
    found = c.execute(select(lanes.c.name, lanes.c.next_us).where(lanes.c.name.in_(names)))
    return dict.fromkeys(names, 0) | {row.name: row.next_us for row in found}


def _open(c: Connection, name: str) -> bool:
    """The lane has its row; whether it had none before."""
    return bool(insert_once(c, lanes, [{"name": name, "next_us": 0}], ["name"]))


def _later(moment_us: int) -> ColumnElement[int]:
    return case((lanes.c.next_us > moment_us, lanes.c.next_us), else_=moment_us)
