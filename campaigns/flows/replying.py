"""What change agents do with a question: read it, answer it.

The first answer counts; who comes second learns who was first. The answer to an unnamed question
waits for a full hour that chance draws, so that no agent can see for whom a message comes in.
"""

from datetime import datetime
from random import Random, SystemRandom

from sqlalchemy import Connection

from campaigns.domain import asking_message, question_message
from campaigns.domain.asking import SPREAD_HOURS, QuestionState, Refused, next_batch
from campaigns.domain.asking_message import ANSWER
from campaigns.domain.messages import Event, Message
from campaigns.domain.outbox import Kind
from campaigns.domain.question_message import Received
from campaigns.errors import NotFoundError
from campaigns.flows.answering import clean
from campaigns.flows.asking import asked_under
from campaigns.flows.escalating import owners
from campaigns.storage import campaigns, directory, outbox, questions
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery, NewDelivery
from campaigns.storage.questions import Question
from campaigns.storage.vault import Vault

_CHANCE = SystemRandom()


def answer(
    database: Database, vault: Vault, event: Event, now: datetime, chance: Random = _CHANCE
) -> Refused | None:
    """The pressed question has this answer, which is on its way to who asked; or why not.

    A second press changes nothing.
    """
    words = clean(event.text or "")
    if not words:
        return Refused.NO_WORDS
    with database.write() as c:
        found = _to_answer(c, event)
        if found is None:
            return Refused.GONE
        if found.state is QuestionState.ANSWERED and found.agent_id == event.person_id:
            return None
        if not questions.answer(c, found.id, event.person_id, vault.encrypt(words), now):
            return Refused.ANSWERED
        due_at = now if found.named else next_batch(now, chance.randrange(SPREAD_HOURS))
        # Of no campaign: neither its pause nor its end keeps an answer from who waits for it.
        reply = NewDelivery(
            f"reply:{found.id}", Kind.REPLY, found.asker_id, due_at, subject_id=found.id
        )
        outbox.put(c, [reply])
        return None


def words_of(database: Database, vault: Vault, event: Event) -> str | None:
    """The words that a `Sealed` part of this person's message stands for; None where they are gone.

    To be shown to this person at this moment and kept nowhere.
    """
    wants_answer = event.tap.question == ANSWER
    kinds = (Kind.QUESTION, Kind.REPLY) if wants_answer else _KINDS
    with database.read() as c:
        found = asked_under(c, event, *kinds)
    if found is None:
        return None
    secret = found.answer if wants_answer else found.words
    return None if secret is None else vault.read(secret)


_KINDS = (Kind.QUESTION, Kind.ASKED, Kind.REPLY)


def compose_question(c: Connection, delivery: Delivery) -> Message:
    """The question of this delivery as it stands, for one of its readers."""
    reader = directory.person(c, delivery.person_id)
    try:
        found = questions.by_id(c, delivery.subject_id or 0)
    except NotFoundError:
        return question_message.gone(reader.language, delivery.key)
    launched = campaigns.by_id(c, found.campaign_id)
    by = None if found.agent_id is None else directory.person(c, found.agent_id).name
    escalated = found.escalated_at is not None
    received = Received(
        asker=_asker(c, found) if found.named else None,
        answered_by=by,
        is_mine=found.agent_id == reader.id,
        published=questions.is_published(c, found.id),
        waited=launched.definition.campaign.escalate_after_days if escalated else None,
    )
    return question_message.question(received, launched.definition, reader.language, delivery.key)


def compose_reply(c: Connection, delivery: Delivery) -> Message:
    """That the question of this delivery was answered, for the one who asked it."""
    reader = directory.person(c, delivery.person_id)
    try:
        found = questions.by_id(c, delivery.subject_id or 0)
    except NotFoundError:
        return asking_message.withdrawn(reader.language, delivery.key)
    if found.agent_id is None:
        raise NotFoundError("This question has no answer yet.")
    definition = campaigns.by_id(c, found.campaign_id).definition
    agent = directory.person(c, found.agent_id).name
    return asking_message.answered(agent, found.named, definition, reader.language, delivery.key)


def who_answered(database: Database, event: Event) -> str | None:
    """The name of who answered the pressed question first."""
    with database.read() as c:
        found = asked_under(c, event, Kind.QUESTION)
        if found is None or found.agent_id is None:
            return None
        return directory.person(c, found.agent_id).first_name


def _asker(c: Connection, found: Question) -> tuple[str, str]:
    asker = directory.person(c, found.asker_id)
    return asker.name, directory.tree(c).teams[found.team_id].name


def _to_answer(c: Connection, event: Event) -> Question | None:
    """The pressed question, where it is still this person's to answer."""
    found = asked_under(c, event, Kind.QUESTION)
    if found is None or directory.is_agent_for(c, event.person_id, found.team_id):
        return found
    asked = owners(c, campaigns.by_id(c, found.campaign_id))
    return found if event.person_id in {owner.id for owner in asked} else None
