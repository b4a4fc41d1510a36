"""Somebody asks, named or not, and their change agents get it without learning more than that.

An unnamed question waits for a full hour that chance draws, is passed on with all others of that
hour in an order that chance draws, and carries nothing of its asker: no name, team or moment. No
text leaves this file unencrypted, and nothing here is ever logged.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random, SystemRandom

from sqlalchemy import Connection

from campaigns.domain import asking_message
from campaigns.domain.alerts import overdue_at
from campaigns.domain.asking import (
    MOST_WAITING,
    SPREAD_HOURS,
    Naming,
    Refused,
    next_batch,
)
from campaigns.domain.messages import Event, Message
from campaigns.domain.outbox import Kind
from campaigns.errors import NotFoundError
from campaigns.flows.answering import clean, pressed
from campaigns.flows.escalating import owners
from campaigns.flows.notifying import notify
from campaigns.storage import campaigns, directory, outbox, questions, responsible
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery, NewDelivery
from campaigns.storage.questions import NewQuestion, Question
from campaigns.storage.vault import Vault
from sentiment.danger import names_danger
from sentiment.text import normalise

_CHANCE = SystemRandom()
_ID_BITS = 48  # any two meet less often than a disk fails
_SOONEST = timedelta(days=1)  # no campaign's time is shorter


def ask(
    database: Database, vault: Vault, event: Event, now: datetime, chance: Random = _CHANCE
) -> Naming | Refused:
    """The question is kept and will be passed on, or why not; a second press asks nothing anew.

    Under a message it is about that message's campaign; elsewhere the tap names one that has
    reached this person. Who names a danger in it gets the campaign's help at once, as ever.
    """
    words = clean(event.text or "")
    if not words:
        return Refused.NO_WORDS
    with database.write() as c:
        launched = _about(c, event)
        if isinstance(launched, Refused):
            return launched
        asker = directory.person(c, event.person_id)
        naming = Naming.NAMED if event.choice == Naming.NAMED else Naming.UNNAMED
        waiting = questions.unanswered(c, asker.id)
        if any(
            one.campaign_id == launched.id and vault.read(one.words) == words for one in waiting
        ):
            return naming
        if len(waiting) >= MOST_WAITING:
            return Refused.TOO_MANY
        if not readers(c, launched, asker.team_id, asker.id):
            return Refused.NOBODY
        named = naming is Naming.NAMED
        new = NewQuestion(
            id=chance.getrandbits(_ID_BITS),
            campaign_id=launched.id,
            asker_id=asker.id,
            team_id=asker.team_id,
            named=named,
            words=vault.encrypt(words),
            due_at=now if named else next_batch(now, chance.randrange(SPREAD_HOURS)),
        )
        questions.put(c, new)
        outbox.put(c, list(_to_the_asker(launched, new, words, now)))
        return naming


def withdraw(database: Database, event: Event) -> Refused | None:
    """The question under the pressed receipt is gone without a trace, or why not."""
    with database.write() as c:
        found = asked_under(c, event, Kind.ASKED)
        if found is None:
            return Refused.GONE
        return None if questions.withdraw(c, found.id) else Refused.TOO_LATE


def pass_on(database: Database, now: datetime, chance: Random = _CHANCE) -> int:
    """Questions whose hour has come are with their change agents, in no order; gives how many."""
    with database.read() as c:
        if not questions.due(c, now):
            return 0
    with database.write() as c:
        found = questions.due(c, now)
        chance.shuffle(found)
        return sum(_pass_on(c, one, now) for one in found)


def escalate_questions(database: Database, now: datetime) -> int:
    """Questions without an answer in the campaign's time are with its owners too; how many."""
    with database.read() as c:
        if not questions.lying(c, now - _SOONEST):
            return 0
    with database.write() as c:
        return sum(_escalate(c, one, now) for one in questions.lying(c, now - _SOONEST))


def asked_under(c: Connection, event: Event, *kinds: Kind) -> Question | None:
    """The question that a message of one of these kinds, sent to this person, is about."""
    delivery = pressed(c, event)
    if delivery is None or delivery.kind not in kinds or delivery.subject_id is None:
        return None
    try:
        return questions.by_id(c, delivery.subject_id)
    except NotFoundError:
        return None


def compose_receipt(c: Connection, delivery: Delivery) -> Message:
    """Where the question of this delivery stands, for the one who asked it."""
    reader = directory.person(c, delivery.person_id)
    try:
        found = questions.by_id(c, delivery.subject_id or 0)
    except NotFoundError:
        return asking_message.withdrawn(reader.language, delivery.key)
    definition = campaigns.by_id(c, found.campaign_id).definition
    standing = asking_message.Asked(
        found.state, found.named, responsible.looked_after(c, found.team_id)
    )
    return asking_message.asked(standing, definition, reader.language, delivery.key)


def readers(c: Connection, launched: Launched, team_id: int, but: int) -> Sequence[int]:
    """Who gets the questions of that team: its agents, or the campaign's owners without any."""
    agents = [one for one in directory.agents_for(c, team_id) if one != but]
    return agents or [one.id for one in owners(c, launched) if one.id != but]


def _about(c: Connection, event: Event) -> Launched | Refused:
    """The campaign that the question is about, where it has reached the person."""
    try:
        if event.delivery_key:
            delivery = pressed(c, event)
            found = campaigns.by_id(c, (delivery and delivery.campaign_id) or 0)
        else:
            found = campaigns.by_key(c, event.tap.question)
    except NotFoundError:
        return Refused.GONE
    if found.id not in outbox.campaigns_of(c, event.person_id):
        return Refused.GONE
    return Refused.STOPPED if found.state == STOPPED else found


def _to_the_asker(
    launched: Launched, new: NewQuestion, words: str, now: datetime
) -> list[NewDelivery]:
    """The receipt, which belongs to no campaign, so that no pause or end of one holds it back."""
    receipt = NewDelivery(f"asked:{new.id}", Kind.ASKED, new.asker_id, now, subject_id=new.id)
    if not names_danger(normalise(words)):
        return [receipt]
    once = f"help:question:{new.id}"
    aid = NewDelivery(once, Kind.HELP, new.asker_id, now, launched.id, launched.version_id)
    return [receipt, aid]


def _pass_on(c: Connection, found: Question, now: datetime) -> bool:
    launched = campaigns.by_id(c, found.campaign_id)
    to = readers(c, launched, found.team_id, found.asker_id)
    if not to or not questions.pass_on(c, found.id):
        return False
    notify(c, launched, Kind.QUESTION, found.id, to, now)
    return True


def _escalate(c: Connection, found: Question, now: datetime) -> bool:
    launched = campaigns.by_id(c, found.campaign_id)
    days = launched.definition.campaign.escalate_after_days
    more = [one.id for one in owners(c, launched) if one.id != found.asker_id]
    if launched.state == STOPPED or not more or now < overdue_at(found.due_at, days):
        return False
    if not questions.escalate(c, found.id, now):
        return False
    outbox.edit_about(c, launched.id, Kind.QUESTION, found.id, now)
    notify(c, launched, Kind.QUESTION, found.id, more, now)
    return True
