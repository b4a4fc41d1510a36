"""What waits in the outbox, in groups of people alike; nobody is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

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
