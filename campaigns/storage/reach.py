"""How far a campaign's messages got, in counts; which of them were answered is not asked here.

Only what goes out whatever anybody answers counts towards the reach. A follow-up or a word of help
follows from what somebody said, a reminder is cancelled by an answer: a counter that moves by one
with any of them would tell.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from campaigns.domain.outbox import Kind, State
from campaigns.storage.tables import deliveries, people

PLANNED = (Kind.VISION, Kind.PULSE)


def people_reached(c: Connection, campaign_id: int) -> int:
    """How many people got at least one planned message of the campaign."""
    got = select(deliveries.c.id).where(
        deliveries.c.person_id == people.c.id,
        deliveries.c.sent_at.is_not(None),
        deliveries.c.campaign_id == campaign_id,
        deliveries.c.kind.in_(PLANNED),
    )
    return c.scalar(select(func.count()).select_from(people).where(got.exists())) or 0


def by_state(c: Connection, campaign_id: int) -> Mapping[State, int]:
    """State → how many planned messages of the campaign are in it."""
    found = (
        select(deliveries.c.state, func.count().label("n"))
        .where(deliveries.c.campaign_id == campaign_id, deliveries.c.kind.in_(PLANNED))
        .group_by(deliveries.c.kind, deliveries.c.state)  # as the index goes: nothing to sort
    )
    counts: Counter[State] = Counter()
    for row in c.execute(found):
        counts[State(row.state)] += row.n
    return counts


def follow_ups(c: Connection, campaign_id: int, before: datetime) -> Mapping[str, int]:
    """Touchpoint → how many people its follow-up went to before that moment."""
    found = (
        select(
            deliveries.c.touchpoint, func.count(func.distinct(deliveries.c.person_id)).label("n")
        )
        .where(
            deliveries.c.campaign_id == campaign_id,
            deliveries.c.state == State.SENT,
            deliveries.c.kind == Kind.FOLLOW_UP,
            deliveries.c.sent_at < before,
        )
        .group_by(deliveries.c.touchpoint)
    )
    return {row.touchpoint: row.n for row in c.execute(found)}
