"""What waits in the outbox, in groups of people alike, and what went out; nobody is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Rhythm
from campaigns.storage.directory import working_hours
from campaigns.storage.tables import deliveries, people


@dataclass(frozen=True, slots=True)
class Group:
    """`n` planned sendings of a campaign to people alike in hours, holidays and chat."""

    campaign_id: int
    due_at: datetime
    rhythm: Rhythm
    in_slack: bool
    n: int


def planned(c: Connection) -> Iterator[Group]:
    """All planned sendings that wait, grouped; what follows from an answer is not counted."""
    in_slack = people.c.slack_id.is_not(None).label("in_slack")
    hours = (people.c.work_start, people.c.work_end, people.c.work_days)
    like = (people.c.time_zone, *hours, people.c.holidays)
    by = (deliveries.c.campaign_id, deliveries.c.due_at, *like, in_slack)
    found = (
        select(*by, func.count().label("n"))
        .join(people, people.c.id == deliveries.c.person_id)
        .where(
            deliveries.c.state == State.PENDING, deliveries.c.kind.in_((Kind.VISION, Kind.PULSE))
        )
        .group_by(*by)
    )
    for row in c.execute(found):
        works = working_hours(row.work_start, row.work_end, row.work_days)
        rhythm = Rhythm(row.time_zone, works, row.holidays)
        yield Group(row.campaign_id, row.due_at, rhythm, bool(row.in_slack), row.n)


@dataclass(frozen=True, slots=True)
class Gone:
    """How many planned sendings of a touchpoint went out, and when the last of them did."""

    touchpoint: str
    n_sent: int
    last_at: datetime


def gone(c: Connection, campaign_id: int) -> list[Gone]:
    """What went out of the campaign's plan, by touchpoint, the first to go out first.

    What follows from an answer is not counted: such a number would tell.
    """
    found = (
        select(deliveries.c.touchpoint, func.count(), func.max(deliveries.c.sent_at))
        .where(_of_plan(campaign_id), deliveries.c.sent_at.is_not(None))
        .group_by(deliveries.c.touchpoint)
        .order_by(func.min(deliveries.c.sent_at), deliveries.c.touchpoint)
    )
    return [Gone(*row) for row in c.execute(found)]


def underway(c: Connection, campaign_id: int) -> tuple[int, int]:
    """How many planned sendings are being handed over at this moment, and how many are in doubt."""
    found = (
        select(deliveries.c.state, func.count())
        .where(_of_plan(campaign_id), deliveries.c.state.in_((State.SENDING, State.DOUBTFUL)))
        .group_by(deliveries.c.state)
    )
    counts = {row[0]: row[1] for row in c.execute(found)}
    return counts.get(State.SENDING, 0), counts.get(State.DOUBTFUL, 0)


def _of_plan(campaign_id: int) -> ColumnElement[bool]:
    by_plan = deliveries.c.kind.in_((Kind.VISION, Kind.PULSE))
    return and_(deliveries.c.campaign_id == campaign_id, by_plan)
