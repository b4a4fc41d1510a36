"""A person in need lets the one whom the campaign names for it get in touch with them, or does not.

The consent is the sending to that contact: one row, which the receipt is made from. Without a tap
there is no row anywhere but the person's own message, and no count, log or page ever tells of any.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import needing
from campaigns.domain.definition import Definition
from campaigns.domain.messages import Event, Message
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.errors import NotFoundError
from campaigns.flows.answering import Refusal, pressed
from campaigns.storage import campaigns, directory, outbox, responsible
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery, NewDelivery


def agree(database: Database, event: Event, now: datetime) -> Refusal | None:
    """The contact is told who asks for them, once; or why not. A second press changes nothing."""
    with database.write() as c:
        helped = pressed(c, event)
        if helped is None:
            return Refusal.UNKNOWN
        if helped.kind is not Kind.HELP or helped.version_id is None:
            return Refusal.NOT_ASKED
        if outbox.is_there(c, _once(helped)):
            return None
        contact = _contact(c, campaigns.definition(c, helped.version_id), helped.person_id)
        if contact is None:
            return Refusal.NOT_ASKED
        # Of no campaign: neither its pause nor its end keeps this from whom it is for.
        row = NewDelivery(_once(helped), Kind.CONTACT, contact.id, now, subject_id=helped.person_id)
        outbox.put(c, [row])
        return None


def compose_help(
    c: Connection, definition: Definition, person: Person, helped: Delivery
) -> Message:
    """The message of help as it stands, with the offer or the receipt of what was agreed to."""
    asked = outbox.is_there(c, _once(helped))
    contact = _contact(c, definition, person.id, active_only=not asked)
    name = contact.name if contact else ""
    return needing.help_message(definition, person, helped.key, name, asked)


def compose_contact(c: Connection, delivery: Delivery) -> Message:
    """Who asks to be contacted, for the contact of this delivery."""
    reader = directory.person(c, delivery.person_id)
    try:
        asker = directory.person(c, delivery.subject_id or 0)
    except NotFoundError:
        return needing.gone(reader.language, delivery.key)
    team = directory.tree(c).teams[asker.team_id].name
    return needing.contact_message(asker, team, reader, delivery.key)


def _contact(
    c: Connection, definition: Definition, asker_id: int, *, active_only: bool = True
) -> Person | None:
    """Whom the campaign names; None where that is nobody who works here, or the person themself."""
    named = definition.campaign.safeguarding_contact
    if not named:
        return None
    found = responsible.active(c, [named]) if active_only else _anybody(c, named)
    return next((one for one in found if one.id != asker_id), None)


def _anybody(c: Connection, external_id: str) -> list[Person]:
    try:
        return [directory.person_by_external_id(c, external_id)]
    except NotFoundError:
        return []


def _once(helped: Delivery) -> str:
    return f"contact:{helped.id}"
