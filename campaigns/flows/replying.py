"""What change agents do with a question: read it, answer it, publish it in words of their own.

The first answer counts; who comes second learns who was first. The answer to an unnamed question
waits for a full hour that chance draws, so that no agent can see for whom a message comes in.
"""

from datetime import datetime
from random import Random, SystemRandom

from sqlalchemy import Connection

from campaigns.domain import asking_message, question_message
from campaigns.domain.asking import SPREAD_HOURS, QuestionState, Refused, next_batch, quotes
from campaigns.domain.asking_message import ANSWER, Entry
from campaigns.domain.content import language_of
from campaigns.domain.messages import Event, Message
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.domain.question_message import Received
from campaigns.errors import ConfigurationError, NotFoundError
from campaigns.flows.answering import clean
from campaigns.flows.asking import asked_under
from campaigns.flows.escalating import owners
from campaigns.storage import campaigns, directory, outbox, questions
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery, NewDelivery
from campaigns.storage.questions import Question
from campaigns.storage.vault import Vault

LONGEST_PUBLISHED = 150  # what the strictest chat takes as a heading
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


def publish(database: Database, vault: Vault, event: Event, now: datetime) -> Refused | None:
    """The question is in the campaign's FAQ in the agent's words, with the answer; or why not."""
    words = " ".join(clean(event.text or "").split())[:LONGEST_PUBLISHED]
    if not words:
        return Refused.NO_WORDS
    with database.write() as c:
        found = _answered_by(c, event)
        if found is None:
            return Refused.GONE
        if quotes(words, vault.decrypt(found.words)):
            return Refused.QUOTED
        questions.publish(c, found, vault.encrypt(words), event.person_id, now)
        return None


def unpublish(database: Database, event: Event) -> Refused | None:
    """The question is no longer in the FAQ; or why not."""
    with database.write() as c:
        found = _answered_by(c, event)
        if found is None:
            return Refused.GONE
        questions.unpublish(c, found.id)
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
    try:
        return None if secret is None else vault.decrypt(secret)
    except ConfigurationError:  # a key is missing: nothing is lost, and nothing can be shown
        return None


_KINDS = (Kind.QUESTION, Kind.ASKED, Kind.REPLY)


def faq(c: Connection, vault: Vault, campaign_id: int) -> list[Entry]:
    """What everybody in the campaign may read."""
    return [
        Entry(vault.decrypt(one.question), vault.decrypt(one.answer))
        for one in questions.published(c, campaign_id)
    ]


def has_faq(c: Connection, launched: Launched) -> bool:
    """Whether anything of the campaign has been published."""
    return bool(questions.published(c, launched.id))


def faq_of(c: Connection, vault: Vault, person: Person, campaign: str) -> Message | None:
    """The FAQ of the campaign with that key, without a form; None where it never reached them."""
    for campaign_id in outbox.campaigns_of(c, person.id):
        launched = campaigns.by_id(c, campaign_id)
        if launched.key == campaign:
            language = language_of(launched.definition, person)
            entries = faq(c, vault, campaign_id)
            return asking_message.faq(entries, launched.definition, language, is_open=False)
    return None


def home(c: Connection, vault: Vault, person: Person) -> list[Message]:
    """For each campaign that has reached this person, its FAQ and the form to ask something."""
    cards = []
    for campaign_id in outbox.campaigns_of(c, person.id):
        launched = campaigns.by_id(c, campaign_id)
        language = language_of(launched.definition, person)
        entries, is_open = faq(c, vault, campaign_id), launched.state != STOPPED
        cards.append(asking_message.faq(entries, launched.definition, language, is_open=is_open))
    return cards


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


def _answered_by(c: Connection, event: Event) -> Question | None:
    """The pressed question, where this person answered it."""
    found = asked_under(c, event, Kind.QUESTION)
    return found if found is not None and found.agent_id == event.person_id else None
