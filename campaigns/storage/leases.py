"""Sendings on their way out: claimed by lease, judged by what is known, settled (D4, D7).

A claim and what it is weighed against are one transaction of the caller's; nothing is sent here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import compress
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from campaigns.domain.outbox import ASKED_FOR, BY_URGENCY, CAPPED, UNDISTURBED, Kind, State
from campaigns.storage.campaigns import PAUSED
from campaigns.storage.outbox import Delivery, from_row
from campaigns.storage.tables import answers, campaigns, deliveries, people

_NEVER_HELD = (
    Kind.HELP,
    Kind.CONTACT,
    Kind.ALERT,
)  # by no paused campaign, and by no pause of a person's
ALONE_AFTER = 5  # attempts, all of them broken off
_IN_FLIGHT = (State.SENDING, State.DOUBTFUL)
_Pending = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed row; everything that is not given here is emptied.

    Only what went out says when and where: a row that was sent before and waits for an edit keeps
    both until then.
    """

    delivery_id: int
    state: State
    due_at: datetime
    attempts: int
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    external_id: str | None = None
    reason: str = ""
    waits: bool = False


def claim(
    c: Connection,
    now: datetime,
    lease_until: datetime,
    limit: int,
    free: Mapping[Kind, int] | None = None,
) -> list[Delivery]:
    """Up to `limit` due sendings are ours until `lease_until`: by urgency, then by due_at.

    Each is given as it was found, with its attempts counted up: one found `sending` or `doubtful`
    was begun by somebody whose lease ran out. Sendings of paused campaigns and to people who
    paused messages wait; help and alerts don't. The people are locked too, so that two claims
    never weigh what one person got at the same time. Of those that stand in line, which come
    before others of their kind, only as many are taken as there are `free` slots for. One that was
    begun again and again is given alone: if it takes its sender down, it takes no other along, and
    if another did, it is not blamed for that.
    """
    found = _doubtful(c, now, limit)
    alone = [one for one in found if one.attempts > ALONE_AFTER][:1]
    found, n_of_line = alone or found, 0
    for kind, waits in () if alone else _with_any_due(c, now):
        room = limit - len(found)
        if waits and free is not None:
            room = min(room, max(0, free[kind] - n_of_line))
        more = _due(c, kind, waits, now, room)
        n_of_line += len(more) if waits else 0
        found += more
    if not found:
        return []
    ids = [delivery.id for delivery in found]
    _lock_people(c, {delivery.person_id for delivery in found})
    values = {"state": State.SENDING, "lease_until": lease_until}
    mine = update(deliveries).where(deliveries.c.id.in_(ids))
    c.execute(mine.values(**values, attempts=deliveries.c.attempts + 1))
    return found


# By urgency, and of a kind those first that stand in line.
_LINES = tuple((kind, waits) for kind in BY_URGENCY for waits in (True, False))


def _is_pending(kind: Kind, waits: bool, now: datetime | BindParameter[datetime]) -> _Pending:
    return (
        deliveries.c.state == State.PENDING,
        deliveries.c.waits == waits,
        deliveries.c.kind == kind,
        deliveries.c.due_at <= now,
    )


_ANY_DUE = select(*(exists().where(*_is_pending(*line, bindparam("now"))) for line in _LINES))


def _with_any_due(c: Connection, now: datetime) -> list[tuple[Kind, bool]]:
    """Which of them are worth a query of their own: nearly all looks find nothing."""
    [row] = c.execute(_ANY_DUE, {"now": now})
    return list(compress(_LINES, row))


def next_in_line(c: Connection, kinds: Collection[Kind], until: datetime, limit: int) -> list[int]:
    """At most `limit` people, in the order in which `claim` comes to what is due to them by then:
    of these kinds, not sent yet, and not put off before because they wanted not to be disturbed."""
    found: list[int] = []
    for kind, waits in _with_any_due(c, until):
        if kind in kinds and len(found) < limit:
            due = _is_pending(kind, waits, until)
            new = (deliveries.c.reason != UNDISTURBED, deliveries.c.external_id.is_(None))
            line = select(deliveries.c.person_id).where(*due, *new, _not_held(until))
            in_order = line.order_by(deliveries.c.due_at, deliveries.c.id)
            found += c.scalars(in_order.limit(limit - len(found)))
    return list(dict.fromkeys(found))


def _not_held(now: datetime) -> ColumnElement[bool]:
    paused = select(campaigns.c.id).where(campaigns.c.state == PAUSED)
    resting = exists().where(people.c.id == deliveries.c.person_id, people.c.paused_until > now)
    return and_(
        or_(deliveries.c.campaign_id.is_(None), deliveries.c.campaign_id.not_in(paused)),
        # What has closed meanwhile is claimed all the same, to be dropped.
        or_(~resting, deliveries.c.closes_at <= now, deliveries.c.kind.in_(ASKED_FOR)),
    )


def _due(c: Connection, kind: Kind, waits: bool, now: datetime, limit: int) -> list[Delivery]:
    if not limit:
        return []
    due = select(deliveries).where(*_is_pending(kind, waits, now))
    if kind not in _NEVER_HELD:
        due = due.where(_not_held(now))
    return _locked(c, due.order_by(deliveries.c.due_at, deliveries.c.id), limit)


def _doubtful(c: Connection, now: datetime, limit: int) -> list[Delivery]:
    lost = and_(deliveries.c.state.in_(_IN_FLIGHT), deliveries.c.lease_until <= now)
    return _locked(c, select(deliveries).where(lost).order_by(deliveries.c.id), limit)


def _locked(c: Connection, found: Select[Any], limit: int) -> list[Delivery]:
    rows = c.execute(found.limit(limit).with_for_update(skip_locked=True))
    return [from_row(row, attempts=row.attempts + 1) for row in rows]


def _lock_people(c: Connection, ids: Iterable[int]) -> None:
    wanted = select(people.c.id).where(people.c.id.in_(list(ids))).order_by(people.c.id)
    c.execute(wanted.with_for_update(key_share=True)).all()


def settle(c: Connection, settlements: Sequence[Settlement], lease_until: datetime) -> None:
    """Each claimed row is what became of it, if it is still ours by that lease.

    One that went out is settled as sent in any case: it can't be called back.
    """
    row = update(deliveries).where(deliveries.c.id == bindparam("b_id"))
    out = row.where(deliveries.c.state != State.SENT)
    ours = row.where(deliveries.c.state == State.SENDING, deliveries.c.lease_until == lease_until)
    went = [_values(one) for one in settlements if one.state is State.SENT]
    other = [_values(one) for one in settlements if one.state is not State.SENT]
    for statement, rows in ((out, went), (ours, other)):
        if rows:
            names = rows[0].keys() - {"b_id"}
            c.execute(statement.values({name: bindparam(name) for name in names}), rows)


_RECEIPT = frozenset({"sent_at", "external_id"})
_SETTLED = frozenset(field.name for field in fields(Settlement)) - {"delivery_id"}


def _values(settlement: Settlement) -> dict[str, Any]:
    names = _SETTLED if settlement.state is State.SENT else _SETTLED - _RECEIPT
    return {"b_id": settlement.delivery_id} | {name: getattr(settlement, name) for name in names}


def near(
    c: Connection, person_ids: Sequence[int], since: datetime, until: datetime, but: Sequence[int]
) -> list[Delivery]:
    """Capped messages of these people that went out after `since`, are on their way, or wait and
    are due by `until`; all `but` the ones being judged."""
    # Only what is in flight holds a lease. Said so, because a condition on the state alone would
    # lead SQLite to all that was ever sent, and away from the few rows of these people.
    waits = and_(deliveries.c.state == State.PENDING, deliveries.c.due_at <= until)
    found = select(deliveries).where(
        deliveries.c.person_id.in_(person_ids),
        deliveries.c.kind.in_(CAPPED),
        or_(deliveries.c.sent_at > since, deliveries.c.lease_until.is_not(None), waits),
        deliveries.c.id.not_in(but),
    )
    return [from_row(row) for row in c.execute(found)]


def answered(c: Connection, delivery_ids: Sequence[int]) -> set[int]:
    """Those of the given sendings that have an answer, whatever it is."""
    found = select(answers.c.delivery_id).where(answers.c.delivery_id.in_(delivery_ids))
    return set(c.scalars(found.distinct()))
