"""A person lets a model learn from what they wrote, or takes that back.

Asked under the message that the words were written in, and nowhere else; nobody is told of either.
This file knows which answers there are and reads none of them. Taking back works always, also when
the questions are closed or the campaign has ended.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.consent import Consent
from campaigns.domain.consent import standing as of_all
from campaigns.domain.definition import Definition
from campaigns.domain.messages import Action, Event
from campaigns.flows.answering import Refusal, asked_by, pressed
from campaigns.storage import consents
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery


def standing(connection: Connection, definition: Definition, asked: Delivery) -> Consent | None:
    """How it stands with the words under this pulse; None where the campaign asks for none."""
    if not definition.campaign.learn_from_words:
        return None
    return of_all(consents.asked(connection, asked.id))


def decide(database: Database, event: Event, now: datetime) -> Refusal | None:
    """All words under the pressed message are released, or no more; or why nothing was changed.

    A second press of the same button changes nothing. What was taken back stays so.
    """
    before, after = Consent.OFFERED, Consent.GIVEN
    if event.tap.action is Action.TAKE_BACK:
        before, after = Consent.GIVEN, Consent.TAKEN_BACK
    with database.write() as connection:
        delivery = pressed(connection, event)
        if delivery is None:
            return Refusal.UNKNOWN
        pulse = asked_by(connection, delivery)
        stands = of_all(consents.asked(connection, pulse.id))
        if stands is before:
            consents.change(connection, pulse.id, before, after, now)
        return None if stands in (before, after) else Refusal.NOT_ASKED
