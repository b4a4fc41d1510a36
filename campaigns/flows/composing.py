"""The message of a delivery as it stands now: before the first tap, after each, and once closed.

Every text comes from the domain; this file only fetches what it needs. A message is composed anew
whenever it changes, so it never depends on what was shown before.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import asking_message, content, offer_message
from campaigns.domain.definition import Definition, FollowUp, Pulse, Reminder, Vision
from campaigns.domain.messages import Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.errors import NotFoundError
from campaigns.flows import (
    answering,
    asking,
    consenting,
    handling,
    offering,
    reaching,
    replying,
    rotating,
    telling_back,
)
from campaigns.storage import campaigns, directory, offers, outbox
from campaigns.storage.outbox import Delivery


def compose(
    connection: Connection,
    delivery: Delivery,
    now: datetime,
    person: Person | None = None,
    definition: Definition | None = None,
) -> Message:
    """What this delivery says to its person at this moment.

    Its person and the definition of its version are read where they are not given. Raises
    NotFoundError where the version, the touchpoint or the alert is gone.
    """
    if delivery.kind in _OF_CASES:
        return _OF_CASES[delivery.kind](connection, delivery)
    if delivery.version_id is None:
        raise NotFoundError("This delivery belongs to no campaign.")
    person = person or directory.person(connection, delivery.person_id)
    definition = definition or campaigns.definition(connection, delivery.version_id)
    if delivery.kind == Kind.HELP:
        return reaching.compose_help(connection, definition, person, delivery)
    message = _of_campaign(connection, definition, delivery, person, now)
    return asking_message.with_form(message, definition)


def _of_campaign(
    connection: Connection,
    definition: Definition,
    delivery: Delivery,
    person: Person,
    now: datetime,
) -> Message:
    if delivery.kind == Kind.TOLD:
        return telling_back.compose(connection, delivery, definition, person)
    if delivery.kind == Kind.REMINDER:
        return _question(connection, definition, delivery, person, now)
    given = _given(connection, delivery)
    match _touchpoint(definition, delivery.touchpoint):
        case Vision() as vision:
            return content.vision(definition, vision, person, delivery.key, "ack" in given)
        case FollowUp() as follow_up if offered := offers.of_delivery(connection, delivery.id):
            full = offering.is_full(connection, delivery.campaign_id or 0, offered, definition)
            standing = offer_message.Standing(given, full)
            return offer_message.offer(
                definition, follow_up, person, delivery.key, offered, standing
            )
        case FollowUp() as follow_up:
            return content.follow_up(
                definition, follow_up, person, delivery.key, "accept" in given, "ack" in given
            )
        case Pulse():
            return _question(connection, definition, delivery, person, now)
        case _:
            raise NotFoundError("This delivery has no text of its own.")


_OF_CASES: Mapping[Kind, Callable[[Connection, Delivery], Message]] = {
    Kind.ALERT: handling.compose_alert,
    Kind.QUESTION: replying.compose_question,
    Kind.ASKED: asking.compose_receipt,
    Kind.REPLY: replying.compose_reply,
    Kind.CONTACT: reaching.compose_contact,
}


def _question(
    connection: Connection,
    definition: Definition,
    delivery: Delivery,
    person: Person,
    now: datetime,
) -> Message:
    """A pulse, or a reminder of one: the newest of them asks, the others point to it."""
    asked = answering.asked_by(connection, delivery)
    definition = rotating.as_asked(connection, definition, asked)
    pulse = _touchpoint(definition, asked.touchpoint)
    if not isinstance(pulse, Pulse):
        raise NotFoundError("This reminder is about no pulse.")
    closed = _is_closed(asked, now)
    # What goes out for the first time is the newest there is, and what is closed asks nowhere.
    alone = closed or delivery.sent_at is None
    later = [] if alone else outbox.reminders_of(connection, asked)
    if any(one.state is State.SENT and _order(one) > _order(delivery) for one in later):
        return content.moved(definition, pulse, person, delivery.key)
    given = _given(connection, asked)
    reminder = _touchpoint(definition, delivery.touchpoint) if delivery.touchpoint else None
    postponed = any(one.state is State.PENDING and one.is_wished for one in later)
    consent = consenting.standing(connection, definition, asked)
    if isinstance(reminder, Reminder) and not postponed:
        return content.reminder(definition, reminder, person, delivery.key, given, closed, consent)
    return content.pulse(definition, pulse, person, delivery.key, given, closed, postponed, consent)


def _given(connection: Connection, delivery: Delivery) -> Mapping[str, int | str | None]:
    """What was answered under it: nothing, and nothing is asked for, where it never went out."""
    return {} if delivery.is_new else answering.given(connection, delivery.id)


def _order(delivery: Delivery) -> tuple[datetime | None, int]:
    return delivery.sent_at, delivery.id


def _touchpoint(definition: Definition, key: str) -> Vision | Pulse | Reminder | FollowUp:
    try:
        return definition.touchpoint(key)
    except KeyError:
        raise NotFoundError("The campaign has no such touchpoint.") from None


def _is_closed(pulse: Delivery, now: datetime) -> bool:
    return pulse.closes_at is not None and now >= pulse.closes_at
