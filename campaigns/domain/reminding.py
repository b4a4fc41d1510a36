"""When a pulse that reached a person is to be reminded of; whether it then is, `outbox` decides."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from campaigns.domain.definition import Definition, Reminder
from campaigns.domain.people import Person
from campaigns.domain.timing import next_permitted


def reminders(
    definition: Definition, pulse: str, person: Person, closes_at: datetime | None, now: datetime
) -> Iterator[tuple[str, datetime]]:
    """Key and moment of each reminder of the pulse that reached the person now; none after it
    closes."""
    for touchpoint in definition.campaign.touchpoints:
        if not isinstance(touchpoint, Reminder) or touchpoint.when.pulse != pulse:
            continue
        moment = now + timedelta(days=touchpoint.when.days)
        due_at = next_permitted(moment, person, definition.campaign.quiet_hours)
        if closes_at is None or due_at < closes_at:
            yield touchpoint.key, due_at


def once_more(
    definition: Definition,
    person: Person,
    planned: Iterable[datetime],
    closes_at: datetime,
    now: datetime,
) -> datetime | None:
    """When one reminder more comes, as far as can be from those planned and from both ends; None
    where the campaign sends none, or none before the pulse closes."""
    if not definition.campaign.ask_once_more:
        return None
    moments, quiet = sorted([now, *planned, closes_at]), definition.campaign.quiet_hours
    middles = [
        next_permitted(before + (after - before) / 2, person, quiet)
        for before, after in pairwise(moments)
    ]
    due_at = max(middles, key=lambda one: min(abs(one - moment) for moment in moments))
    return due_at if due_at < closes_at else None
