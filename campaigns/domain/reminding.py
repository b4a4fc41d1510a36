"""When a pulse that reached a person is to be reminded of; whether it then is, `outbox` decides."""

from collections.abc import Iterator
from datetime import datetime, timedelta

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
