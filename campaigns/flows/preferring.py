"""What a person wants of the bot itself: rest from it for a while, or be asked later.

These are wishes, not answers: nothing about the person's view of the change is kept here, and
nobody else is told of any of them.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from campaigns.domain.messages import Event
from campaigns.domain.outbox import Kind, State
from campaigns.flows.answering import asked_by, pressed
from campaigns.storage import outbox, wishes
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery, NewDelivery

MAX_PAUSE_DAYS = 365
MAX_WAIT_HOURS = 168
FEWER_PER_WEEK = 1
POSTPONED_AT_MOST = 2  # times a pulse: a third "not now" is an answer in itself
# Delivering knows these by their name: they come even after a first answer.


class Postponed(StrEnum):
    """What became of a "not now"; the chat says it in the person's language."""

    LATER = "later"  # it will be asked again
    NO_MORE = "no_more"  # asked again often enough, or the pulse closes first
    UNKNOWN = "unknown"  # no such message, not a pulse, or another person's


def pause(database: Database, person_id: int, days: int, now: datetime) -> datetime:
    """No campaign message reaches the person for so many days (1 to 365); until when.

    Raises NotFoundError.
    """
    until = now + timedelta(days=min(max(days, 1), MAX_PAUSE_DAYS))
    with database.write() as connection:
        wishes.pause(connection, person_id, until)
    return until


def resume(database: Database, person_id: int) -> None:
    """Campaign messages reach the person again. Raises NotFoundError."""
    with database.write() as connection:
        wishes.pause(connection, person_id, None)


def fewer(database: Database, person_id: int) -> None:
    """At most one campaign message a week reaches the person. Raises NotFoundError."""
    with database.write() as connection:
        wishes.limit(connection, person_id, FEWER_PER_WEEK)


def usual(database: Database, person_id: int) -> None:
    """As many campaign messages as are planned reach the person. Raises NotFoundError."""
    with database.write() as connection:
        wishes.limit(connection, person_id, None)


def not_now(database: Database, event: Event, hours: int, now: datetime) -> Postponed:
    """The pulse comes again as one reminder in so many hours (1 to 168), instead of any other."""
    with database.write() as connection:
        delivery = pressed(connection, event)
        if delivery is None:
            return Postponed.UNKNOWN
        pulse = asked_by(connection, delivery)
        if pulse.kind != Kind.PULSE:
            return Postponed.UNKNOWN
        due_at = now + timedelta(hours=min(max(hours, 1), MAX_WAIT_HOURS))
        return _postpone(connection, pulse, due_at)


def _postpone(connection: Connection, pulse: Delivery, due_at: datetime) -> Postponed:
    about = [
        delivery
        for delivery in outbox.of_person(connection, pulse.person_id)
        if delivery.kind == Kind.REMINDER and delivery.subject_id == pulse.id
    ]
    own = [delivery for delivery in about if delivery.is_wished]
    if any(delivery.state == State.PENDING for delivery in own):
        return Postponed.LATER  # a second press of the same button
    too_late = pulse.closes_at is not None and due_at >= pulse.closes_at
    if too_late or len(own) >= POSTPONED_AT_MOST:
        return Postponed.NO_MORE
    outbox.cancel(connection, [delivery.id for delivery in about], "postponed")
    later = NewDelivery(
        once=f"{outbox.LATER}{pulse.id}:{len(own) + 1}",
        kind=Kind.REMINDER,
        person_id=pulse.person_id,
        due_at=due_at,
        campaign_id=pulse.campaign_id,
        version_id=pulse.version_id,
        subject_id=pulse.id,
        closes_at=pulse.closes_at,
    )
    outbox.put(connection, [later])
    return Postponed.LATER
