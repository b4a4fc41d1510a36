"""Every follow-up decision: which rule, for whom, on what kind of input, by which model.

The limits on follow-ups are read from here. Help is not kept here at all, so nothing made of this
table can tell who was offered it. Nothing here gives out a list of people.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, select

from campaigns.domain.followup import PastDecision
from campaigns.storage.tables import campaigns, decisions, deliveries, people


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision whose delivery is in the outbox under `once`; `answer_id` is None for silence.

    `send` is the variant that chance chose with `p_send`; with `p_held` it is held out, of which
    `held` says whether it was. `run_id` and `team_id` stand where a whole team shared that draw.
    """

    campaign_id: int
    person_id: int
    answer_id: int | None
    once: str
    rule: str
    inputs: str
    model: str
    decided_at: datetime
    due_at: datetime
    send: str
    p_send: float
    held: bool
    p_held: float
    run_id: int | None
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision as its person may know it; `version_id` is that of the campaign that decided."""

    campaign_id: int
    rule: str
    inputs: str
    model: str
    decided_at: datetime
    send: str
    p_send: float | None
    held: bool
    p_held: float | None
    version_id: int | None


def hold(connection: Connection, person_ids: Collection[int]) -> None:
    """Until this transaction ends, nobody else who asks decides for these people."""
    connection.execute(
        select(people.c.id)
        .where(people.c.id.in_(sorted(person_ids)))
        .order_by(people.c.id)
        .with_for_update(key_share=True)
    ).all()


def past(
    connection: Connection, campaign_id: int, person_ids: Collection[int]
) -> dict[int, list[PastDecision]]:
    """Each person's follow-ups so far, of all campaigns; rules are named for this one only."""
    own = select(campaigns.c.initiative_id).where(campaigns.c.id == campaign_id).scalar_subquery()
    rows = connection.execute(
        select(
            decisions.c.person_id,
            case((decisions.c.campaign_id == campaign_id, decisions.c.rule), else_=""),
            func.coalesce(
                deliveries.c.sent_at,
                deliveries.c.due_at,
                decisions.c.decided_at,
                type_=decisions.c.decided_at.type,
            ),
            campaigns.c.initiative_id != own,
        )
        .join(campaigns, campaigns.c.id == decisions.c.campaign_id)
        .outerjoin(deliveries, deliveries.c.id == decisions.c.delivery_id)
        .where(decisions.c.person_id.in_(sorted(person_ids)))
        .order_by(decisions.c.id)
    )
    found: dict[int, list[PastDecision]] = {person_id: [] for person_id in person_ids}
    for person_id, rule, due_at, elsewhere in rows:
        found[person_id].append(PastDecision(rule, due_at, elsewhere))
    return found


def of_person(connection: Connection, person_id: int) -> list[Choice]:
    """Every choice that was made for this person, oldest first: for them alone."""
    columns = (decisions.c[name] for name in Choice.__slots__ if name != "version_id")
    found = (
        select(*columns, deliveries.c.version_id)
        .outerjoin(deliveries, deliveries.c.id == decisions.c.delivery_id)
        .where(decisions.c.person_id == person_id)
    )
    rows = connection.execute(found.order_by(decisions.c.id))
    return [Choice(**row._mapping) for row in rows]


def put(connection: Connection, new: Sequence[NewDecision]) -> int:
    """Each decision is kept beside the delivery it led to, one a delivery; how many were new."""
    if not new:
        return 0
    by_once = {decision.once: decision for decision in new}
    led_to = connection.execute(
        select(deliveries.c.once, deliveries.c.id)
        .outerjoin(decisions, decisions.c.delivery_id == deliveries.c.id)
        .where(deliveries.c.once.in_(list(by_once)), decisions.c.id.is_(None))
    )
    rows = [_row(by_once[once], delivery_id) for once, delivery_id in led_to]
    if rows:
        connection.execute(insert(decisions), rows)
    return len(rows)


def _row(decision: NewDecision, delivery_id: int) -> dict[str, Any]:
    values = asdict(decision) | {"delivery_id": delivery_id}
    del values["once"]
    return values
