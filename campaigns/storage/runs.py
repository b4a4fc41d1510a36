"""Runs: one row an occurrence of a touchpoint, with the cursor of its fan-out (D5).

The cursor moves only in the transaction that writes the outbox rows of the people it passes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from campaigns.domain.outbox import State
from campaigns.storage.once import insert_once
from campaigns.storage.tables import campaigns, deliveries, runs

OPEN, DONE, CANCELLED = "open", "done", "cancelled"


@dataclass(frozen=True, slots=True)
class NewRun:
    """An occurrence to be fanned out; `state` is cancelled for one that came too late."""

    campaign_id: int
    version_id: int
    touchpoint: str
    occurrence: str
    starts_at: datetime
    state: str = OPEN


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is stored; `cursor` is the last person whom it was fanned out to."""

    id: int
    campaign_id: int
    version_id: int
    touchpoint: str
    occurrence: str
    starts_at: datetime
    state: str
    cursor: int
    lease_until: datetime | None
    noticed_at: datetime | None
    held_at: datetime | None = None
    freed_at: datetime | None = None
    asks: tuple[str, ...] | None = None  # the questions that have their turn; None where none do

    @property
    def has_begun(self) -> bool:
        """Whether it was fanned out to anybody, or stays as it is: no new version plans it anew."""
        return self.state != OPEN or self.cursor > 0


_COLUMNS = tuple(field.name for field in fields(Run))


def put(c: Connection, new: Sequence[NewRun]) -> int:
    """Each run is there, once a campaign, touchpoint and occurrence; gives how many were new."""
    rows = [
        {
            "campaign_id": run.campaign_id,
            "version_id": run.version_id,
            "touchpoint": run.touchpoint,
            "occurrence": run.occurrence,
            "starts_at": run.starts_at,
            "state": run.state,
            "cursor": 0,
        }
        for run in new
    ]
    return insert_once(c, runs, rows, ["campaign_id", "touchpoint", "occurrence"])


def of_campaign(c: Connection, campaign_id: int) -> list[Run]:
    """All runs of a campaign, in order of their start."""
    found = select(runs).where(runs.c.campaign_id == campaign_id)
    return [_from(row) for row in c.execute(found.order_by(runs.c.starts_at, runs.c.id))]


def by_id(c: Connection, run_id: int) -> Run | None:
    """The run with that id; None where it is gone."""
    row = c.execute(select(runs).where(runs.c.id == run_id)).first()
    return None if row is None else _from(row)


def held(c: Connection, campaign_id: int) -> list[Run]:
    """The campaign's runs that wait for something to be told back, in order of their start."""
    waits = (runs.c.state == OPEN, runs.c.held_at.is_not(None), runs.c.freed_at.is_(None))
    found = select(runs).where(runs.c.campaign_id == campaign_id, *waits)
    return [_from(row) for row in c.execute(found.order_by(runs.c.starts_at, runs.c.id))]


def last_freed(c: Connection, campaign_id: int) -> datetime | None:
    """When a run of the campaign that had waited last went on; None where none did."""
    found = select(func.max(runs.c.freed_at)).where(runs.c.campaign_id == campaign_id)
    last: datetime | None = c.scalar(found)
    return last


def hold(c: Connection, run_id: int, now: datetime) -> None:
    """The run waits, from now on where it did not before."""
    first = update(runs).where(runs.c.id == run_id, runs.c.held_at.is_(None))
    c.execute(first.values(held_at=now))


def free(c: Connection, run_id: int, now: datetime) -> None:
    """The run waits no longer, for good."""
    c.execute(update(runs).where(runs.c.id == run_id).values(freed_at=now))


def turn(c: Connection, run: Run, now: datetime) -> int:
    """How many runs of the same touchpoint came before this one and reached, or will reach,
    somebody."""
    before = or_(
        runs.c.starts_at < run.starts_at,
        and_(runs.c.starts_at == run.starts_at, runs.c.id < run.id),
    )
    found = select(func.count()).where(
        runs.c.campaign_id == run.campaign_id,
        runs.c.touchpoint == run.touchpoint,
        before,
        or_(runs.c.state == OPEN, _reaches(now)),
    )
    return int(c.execute(found).scalar_one())


def settle_asks(c: Connection, run_id: int, asks: Sequence[str]) -> None:
    """Those questions have their turn in the run."""
    c.execute(update(runs).where(runs.c.id == run_id).values(asks=" ".join(asks)))


def asks(c: Connection, run_id: int) -> tuple[str, ...]:
    """The questions that have their turn in the run."""
    found = c.scalar(select(runs.c.asks).where(runs.c.id == run_id))
    return tuple(found.split()) if found else ()


def reaching(c: Connection, ids: Collection[int], now: datetime) -> set[int]:
    """Those of the runs of which something went out, is on its way, or can still go out."""
    return set(c.scalars(select(runs.c.id).where(runs.c.id.in_(ids), _reaches(now))))


def _reaches(now: datetime) -> ColumnElement[bool]:
    is_open = or_(deliveries.c.closes_at.is_(None), deliveries.c.closes_at > now)
    goes = or_(
        deliveries.c.sent_at.is_not(None),
        deliveries.c.state.in_((State.SENDING, State.DOUBTFUL)),
        and_(deliveries.c.state == State.PENDING, is_open),
    )
    return exists().where(deliveries.c.run_id == runs.c.id, goes)


def claimable(c: Connection, now: datetime) -> list[int]:
    """Ids of open runs of running campaigns that nobody works on, in order of their start."""
    free = or_(runs.c.lease_until.is_(None), runs.c.lease_until <= now)
    found = (
        select(runs.c.id)
        .join(campaigns, campaigns.c.id == runs.c.campaign_id)
        .where(runs.c.state == OPEN, free, campaigns.c.state == "running")
        .order_by(runs.c.starts_at, runs.c.id)
    )
    return list(c.scalars(found))


def claim(c: Connection, run_id: int, now: datetime, lease_until: datetime) -> bool:
    """Whether the run is ours until `lease_until`."""
    free = or_(runs.c.lease_until.is_(None), runs.c.lease_until <= now)
    wanted = update(runs).where(runs.c.id == run_id, runs.c.state == OPEN, free)
    return c.execute(wanted.values(lease_until=lease_until)).rowcount == 1


def lock(c: Connection, run_id: int) -> Run | None:
    """The run, locked until the transaction ends; None where it is no longer to be fanned out."""
    found = (
        select(runs)
        .join(campaigns, campaigns.c.id == runs.c.campaign_id)
        .where(runs.c.id == run_id, runs.c.state == OPEN, campaigns.c.state == "running")
        .with_for_update(of=runs)
    )
    row = c.execute(found).first()
    return None if row is None else _from(row)


def hold_all(c: Connection, campaign_id: int) -> None:
    """Until this transaction ends, no run of the campaign is fanned out any further."""
    these = select(runs.c.id).where(runs.c.campaign_id == campaign_id).order_by(runs.c.id)
    c.execute(these.with_for_update(key_share=True)).all()


def advance(c: Connection, run_id: int, cursor: int, *, done: bool) -> None:
    """Everybody up to `cursor` has been fanned out to; `done` where that is everybody."""
    values: dict[str, Any] = {"cursor": cursor}
    if done:
        values |= {"state": DONE, "lease_until": None}
    c.execute(update(runs).where(runs.c.id == run_id).values(values))


def release(c: Connection, run_id: int) -> None:
    """Nobody works on the run any more."""
    c.execute(update(runs).where(runs.c.id == run_id).values(lease_until=None))


def cancel(c: Connection, campaign_id: int) -> int:
    """No open run of the campaign goes on; gives how many there were."""
    wanted = update(runs).where(runs.c.campaign_id == campaign_id, runs.c.state == OPEN)
    return c.execute(wanted.values(state=CANCELLED, lease_until=None)).rowcount


def forget_untouched(
    c: Connection, campaign_id: int, version_id: int, pulses: Collection[str] = ()
) -> int:
    """Open runs that reached nobody yet are gone, so that a new version plans them afresh.

    Those that were held stay and follow that version, where they are of one of its `pulses`:
    planned anew, one whose moment is over would be too late.
    """
    untouched = (runs.c.campaign_id == campaign_id, runs.c.state == OPEN, runs.c.cursor == 0)
    stays = and_(runs.c.held_at.is_not(None), runs.c.touchpoint.in_(pulses))
    c.execute(update(runs).where(*untouched, stays).values(version_id=version_id))
    return c.execute(delete(runs).where(*untouched, ~stays)).rowcount


def _from(row: Row[Any]) -> Run:
    values = {name: row._mapping[name] for name in _COLUMNS}
    return Run(**values | {"asks": None if row.asks is None else tuple(row.asks.split())})
