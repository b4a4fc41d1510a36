"""The outbox: one row a sending to one person, from the decision to the platform's receipt.

A row is unique by `once`; a second insert of the same sending is refused here, whoever tries.
Nothing here reads what a person wrote: of answers, only whether there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from campaigns.domain.outbox import MOVED, Kind, State
from campaigns.errors import NotFoundError
from campaigns.storage.once import insert_once
from campaigns.storage.tables import deliveries


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A sending that shall be; `once` names it so that it can't be wished for twice.

    One that is `held_out` never goes out: chance left its person out, to see whether it helps.
    """

    once: str
    kind: Kind
    person_id: int
    due_at: datetime
    campaign_id: int | None = None
    version_id: int | None = None
    run_id: int | None = None
    touchpoint: str = ""
    subject_id: int | None = None
    closes_at: datetime | None = None
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the outbox as it is stored."""

    id: int
    key: str
    once: str
    kind: Kind
    person_id: int
    campaign_id: int | None
    version_id: int | None
    run_id: int | None
    touchpoint: str
    subject_id: int | None
    state: State
    due_at: datetime
    lease_until: datetime | None
    attempts: int
    sent_at: datetime | None
    closes_at: datetime | None
    external_id: str | None
    reason: str

    @property
    def is_new(self) -> bool:
        """Whether nobody can have seen it: it never went out and was never begun."""
        return self.state is State.PENDING and self.sent_at is None

    @property
    def is_wished(self) -> bool:
        """Whether its person asked for it to come later ("not now")."""
        return self.once.startswith(LATER)


LATER = "later:"  # how `once` begins of what its person asked for, and of one reminder more
MORE = "more:"
_COLUMNS = tuple(field.name for field in fields(Delivery))
# Asked at each press: built once, for that takes longer than to ask.
_BY_KEY = select(deliveries).where(deliveries.c.key == bindparam("value"))
_BY_ID = select(deliveries).where(deliveries.c.id == bindparam("value"))
_REMINDERS = (
    select(deliveries)
    .where(
        deliveries.c.person_id == bindparam("person_id"),
        deliveries.c.kind == Kind.REMINDER,
        deliveries.c.subject_id == bindparam("pulse_id"),
    )
    .order_by(deliveries.c.id)
)


def put(c: Connection, rows: Sequence[NewDelivery]) -> int:
    """Each sending is in the outbox, once, under a random key; gives how many were new."""
    return insert_once(c, deliveries, [_row(new) for new in rows], ["once"])


def _row(new: NewDelivery) -> dict[str, Any]:
    return {
        "key": token_hex(16),
        "once": new.once,
        "kind": new.kind,
        "person_id": new.person_id,
        "campaign_id": new.campaign_id,
        "version_id": new.version_id,
        "run_id": new.run_id,
        "touchpoint": new.touchpoint,
        "subject_id": new.subject_id,
        "state": State.DROPPED if new.held_out else State.PENDING,
        "due_at": new.due_at,
        "attempts": 0,
        "closes_at": new.closes_at,
        "reason": "held out" if new.held_out else "",
    }


def by_key(c: Connection, key: str) -> Delivery:
    """The sending that a platform knows under that key; NotFoundError where there is none."""
    return _one(c, _BY_KEY, key)


def by_id(c: Connection, delivery_id: int) -> Delivery:
    """The sending with that id; NotFoundError where there is none."""
    return _one(c, _BY_ID, delivery_id)


def of_person(c: Connection, person_id: int) -> list[Delivery]:
    """All sendings to that person, by id."""
    found = select(deliveries).where(deliveries.c.person_id == person_id)
    return [from_row(row) for row in c.execute(found.order_by(deliveries.c.id))]


def contacts_of(c: Connection, person_id: int) -> list[datetime]:
    """When that person asked to be contacted."""
    found = select(deliveries.c.due_at).where(
        deliveries.c.kind == Kind.CONTACT, deliveries.c.subject_id == person_id
    )
    return list(c.scalars(found.order_by(deliveries.c.id)))


def by_keys(c: Connection, person_id: int, keys: Sequence[str]) -> dict[str, Delivery]:
    """Those of the keys that are sendings to that person, each with its sending."""
    mine = select(deliveries).where(deliveries.c.key.in_(keys), deliveries.c.person_id == person_id)
    return {row.key: from_row(row) for row in c.execute(mine)} if keys else {}


def is_there(c: Connection, once: str) -> bool:
    """Whether that sending was ever wished for."""
    return c.scalar(select(deliveries.c.id).where(deliveries.c.once == once)) is not None


def reminders_of(c: Connection, pulse: Delivery) -> list[Delivery]:
    """All sendings that remind of that one, by id."""
    rows = c.execute(_REMINDERS, {"person_id": pulse.person_id, "pulse_id": pulse.id})
    return [from_row(row) for row in rows]


def about(c: Connection, campaign_id: int, kind: Kind, subject_id: int) -> list[Delivery]:
    """All sendings of the campaign about that alert or question, to whomever, by id."""
    found = select(deliveries).where(
        deliveries.c.campaign_id == campaign_id,
        deliveries.c.kind == kind,
        deliveries.c.subject_id == subject_id,
    )
    return [from_row(row) for row in c.execute(found.order_by(deliveries.c.id))]


def counts(c: Connection, campaign_id: int) -> dict[State, int]:
    """How many planned sendings of the campaign are in each state; one without any is left out."""
    found = (
        select(deliveries.c.state, func.count())
        .where(_planned(campaign_id))
        .group_by(deliveries.c.state)
    )
    return {State(state): n for state, n in c.execute(found)}


def _planned(campaign_id: int) -> ColumnElement[bool]:
    """Only what goes out whatever anybody answers is counted.

    A number that moves with help, a follow-up or a reminder (cancelled by an answer) would tell.
    """
    by_plan = deliveries.c.kind.in_((Kind.VISION, Kind.PULSE))
    return and_(deliveries.c.campaign_id == campaign_id, by_plan)


def held_back(c: Connection, campaign_id: int) -> dict[tuple[State, str], int]:
    """How many planned sendings of the campaign were moved or dropped, by state and reason."""
    kept = or_(deliveries.c.reason.startswith(MOVED), deliveries.c.state == State.DROPPED)
    found = (
        select(deliveries.c.state, deliveries.c.reason, func.count())
        .where(_planned(campaign_id), kept)
        .group_by(deliveries.c.state, deliveries.c.reason)
    )
    return {(State(state), reason): n for state, reason, n in c.execute(found)}


def next_due(c: Connection, campaign_id: int) -> datetime | None:
    """When the first planned sending that waits is due; None where none waits."""
    waiting = and_(_planned(campaign_id), deliveries.c.state == State.PENDING)
    first: datetime | None = c.scalar(select(func.min(deliveries.c.due_at)).where(waiting))
    return first


def waiting(c: Connection, campaign_id: int) -> set[str]:
    """The touchpoints of the plan of which somebody's sending waits."""
    waits = and_(_planned(campaign_id), deliveries.c.state == State.PENDING)
    return set(c.scalars(select(deliveries.c.touchpoint).distinct().where(waits)))


def campaigns_of(c: Connection, person_id: int) -> list[int]:
    """The campaigns of which something has reached this person, by id."""
    reached = select(deliveries.c.campaign_id).where(
        deliveries.c.person_id == person_id,
        deliveries.c.sent_at.is_not(None),
        deliveries.c.campaign_id.is_not(None),
    )
    return list(c.scalars(reached.distinct().order_by(deliveries.c.campaign_id)))


def edit_about(c: Connection, campaign_id: int, kind: Kind, subject_id: int, now: datetime) -> int:
    """What arrived about that alert or question is due again, to be edited; gives how many."""
    wanted = update(deliveries).where(
        deliveries.c.campaign_id == campaign_id,
        deliveries.c.kind == kind,
        deliveries.c.state == State.SENT,
        deliveries.c.subject_id == subject_id,
        deliveries.c.external_id.is_not(None),
    )
    return c.execute(wanted.values(state=State.PENDING, due_at=now, attempts=0)).rowcount


def edit(c: Connection, delivery_id: int, now: datetime) -> None:
    """That one, where it arrived, is due again to be edited."""
    arrived = and_(deliveries.c.state == State.SENT, deliveries.c.external_id.is_not(None))
    wanted = update(deliveries).where(deliveries.c.id == delivery_id, arrived)
    c.execute(wanted.values(state=State.PENDING, due_at=now, attempts=0))


def cancel(c: Connection, ids: Sequence[int], reason: str) -> int:
    """Those of the given sendings that still wait never go out; gives how many these were."""
    return _cancel(c, deliveries.c.id.in_(ids), reason)


def cancel_campaign(c: Connection, campaign_id: int, reason: str) -> int:
    """Nothing of the campaign that waits goes out, help for a person in need excepted.

    Gives how many planned sendings these were.
    """
    n_planned = _cancel(c, _planned(campaign_id), reason)
    rest = and_(deliveries.c.campaign_id == campaign_id, deliveries.c.kind != Kind.HELP)
    _cancel(c, rest, reason)
    return n_planned


def cancel_reminders(
    c: Connection,
    pulse_delivery_id: int,
    now: datetime,  # noqa: ARG001  every change of a state is told when it happens
) -> int:
    """No reminder of that pulse goes out any more; gives how many were waiting."""
    about = and_(deliveries.c.subject_id == pulse_delivery_id, deliveries.c.kind == Kind.REMINDER)
    return _cancel(c, about, "answered")


def _cancel(c: Connection, which: ColumnElement[bool], reason: str) -> int:
    wanted = update(deliveries).where(which, deliveries.c.state == State.PENDING)
    return c.execute(wanted.values(state=State.CANCELLED, reason=reason)).rowcount


def _one(c: Connection, found: Select[Any], value: str | int) -> Delivery:
    row = c.execute(found, {"value": value}).first()
    if row is None:
        raise NotFoundError("There is no such message.")
    return from_row(row)


def from_row(row: Row[Any], **changes: Any) -> Delivery:
    """The sending in a row of the table, with these changes; for storage alone."""
    whole = row._mapping
    values = {name: whole[name] for name in _COLUMNS}
    values |= {"kind": Kind(values["kind"]), "state": State(values["state"]), **changes}
    return Delivery(**values)
