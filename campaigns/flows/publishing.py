"""A campaign's questions and answers: agents publish, the comms team tends, everybody reads.

What stands there was worded by an agent or the comms team, never taken over from who asked. Nobody
is shown who asked, who answered or at what time; what can't be decrypted is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Connection

from campaigns.domain import asking_message
from campaigns.domain.asking import Refused, refusal, worded
from campaigns.domain.asking_message import Entry
from campaigns.domain.audit import COMMAND_LINE, Deed
from campaigns.domain.content import language_of
from campaigns.domain.messages import Event, Message
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.errors import NotFoundError
from campaigns.flows.answering import clean
from campaigns.flows.asking import asked_under
from campaigns.storage import audit, campaigns, directory, outbox, questions
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database
from campaigns.storage.questions import Published, Question
from campaigns.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Tended:
    """An entry as the comms team tends it; its `id` was drawn by chance and tells no order.

    `mark` changes with its words. Question and answer are "" where a data key is missing.
    """

    id: int
    question: str
    answer: str
    published_on: date
    mark: str


def publish(database: Database, vault: Vault, event: Event, now: datetime) -> Refused | None:
    """The pressed question is in the campaign's FAQ in its agent's words, with the answer as given
    or as they have written it anew; or why not."""
    question, answer = worded(clean(event.text or ""))
    with database.write() as c:
        found = _answered_by(c, event)
        given = vault.read(found.answer) if found is not None and found.answer else None
        if found is None or given is None:
            return Refused.GONE
        answer = answer or given
        name = directory.person(c, found.asker_id).name if found.named else ""
        refused = _refusal(vault, found, question, answer, name)
        if refused is None:
            words = vault.encrypt(question), vault.encrypt(answer)
            questions.publish(c, found, *words, event.person_id, now)
        return refused


def unpublish(database: Database, event: Event) -> Refused | None:
    """The question is no longer in the FAQ; or why not."""
    with database.write() as c:
        found = _answered_by(c, event)
        if found is None:
            return Refused.GONE
        questions.unpublish(c, found.id)
        return None


def tended(database: Database, vault: Vault, key: str) -> list[Tended]:
    """The campaign's entries, those of the newest day first and each day's in the order of their
    letters: a finer order would tell who looked on what was published when."""
    with database.read() as c:
        found = questions.published(c, campaigns.by_key(c, key).id)
    shown = [_tended(vault, one) for one in found]
    shown.sort(key=lambda one: (-one.published_on.toordinal(), one.question.casefold()))
    return shown


def reword(
    database: Database,
    vault: Vault,
    key: str,
    entry_id: int,
    mark: str,
    text: tuple[str, str],
    now: datetime,
    by: str = COMMAND_LINE,
) -> Refused | None:
    """The entry has this question and this answer, where it was not changed since `mark`."""
    question, answer = " ".join(clean(text[0]).split()), clean(text[1])
    with database.write() as c:
        before = questions.entry(c, campaigns.by_key(c, key).id, entry_id)
        if before is None:
            return Refused.GONE
        if _mark(before) != mark:
            return Refused.CHANGED
        # No name is looked for: whoever words this anew does not know it, and would be told.
        refused = _refusal(vault, _asked(c, entry_id), question, answer)
        if refused is not None:
            return refused
        words = vault.encrypt(question), vault.encrypt(answer)
        if not questions.reword(c, before, *words):
            return Refused.CHANGED
        audit.put(c, by, Deed.REWORDED, now, key, f"entry {entry_id}")
        return None


def take_out(
    database: Database, key: str, entry_id: int, now: datetime, by: str = COMMAND_LINE
) -> Refused | None:
    """The entry is gone, and its agents see that; why not, where it was gone before."""
    with database.write() as c:
        launched = campaigns.by_key(c, key)
        if questions.entry(c, launched.id, entry_id) is None:
            return Refused.GONE
        questions.unpublish(c, entry_id)
        outbox.edit_about(c, launched.id, Kind.QUESTION, entry_id, now)
        audit.put(c, by, Deed.TOOK_OUT, now, key, f"entry {entry_id}")
        return None


def home(c: Connection, vault: Vault, person: Person) -> list[Message]:
    """For each campaign that has reached this person, its FAQ and the form to ask something."""
    cards = []
    for launched in _reached(c, person):
        language = language_of(launched.definition, person)
        entries, is_open = _entries(c, vault, launched.id), launched.state != STOPPED
        cards.append(asking_message.faq(entries, launched.definition, language, is_open=is_open))
    return cards


def contents(c: Connection, vault: Vault, person: Person) -> Iterator[Message]:
    """For each of these campaigns that has any, its questions, and buttons that show answers."""
    for launched in _reached(c, person):
        if entries := _entries(c, vault, launched.id):
            language = language_of(launched.definition, person)
            yield asking_message.contents(entries, launched.definition, language)


def answers(c: Connection, vault: Vault, event: Event) -> Message | None:
    """What such a button shows to the person of the event; None for a campaign not theirs."""
    person = directory.person(c, event.person_id)
    launched = next((one for one in _reached(c, person) if one.key == event.tap.question), None)
    if launched is None:
        return None
    first = int(event.tap.value) if event.tap.value.isdecimal() else 0
    language, entries = language_of(launched.definition, person), _entries(c, vault, launched.id)
    return asking_message.answers(entries, first, launched.definition, language)


def _reached(c: Connection, person: Person) -> Iterator[Launched]:
    return (campaigns.by_id(c, one) for one in outbox.campaigns_of(c, person.id))


def _entries(c: Connection, vault: Vault, campaign_id: int) -> list[Entry]:
    found = (_tended(vault, one) for one in questions.published(c, campaign_id))
    return [Entry(one.question, one.answer) for one in found if one.question and one.answer]


def _tended(vault: Vault, entry: Published) -> Tended:
    question, answer = vault.read(entry.question), vault.read(entry.answer)
    day = entry.published_at.date()
    return Tended(entry.question_id, question or "", answer or "", day, _mark(entry))


def _mark(entry: Published) -> str:
    """No two texts are encrypted to the same, not even equal ones."""
    return sha256(entry.question + entry.answer).hexdigest()[:16]


def _refusal(
    vault: Vault, asked: Question | None, question: str, answer: str, name: str = ""
) -> Refused | None:
    """Why everybody may not read this; GONE where the asker's words can't be compared.

    `name` is the asker's, for whoever knows it.
    """
    if asked is None:  # erased by age, and the words with it
        return refusal(question, answer, "", "")
    words = vault.read(asked.words)
    if words is None:
        return Refused.GONE
    return refusal(question, answer, words, name)


def _asked(c: Connection, question_id: int) -> Question | None:
    try:
        return questions.by_id(c, question_id)
    except NotFoundError:
        return None


def _answered_by(c: Connection, event: Event) -> Question | None:
    """The pressed question, where this person answered it."""
    found = asked_under(c, event, Kind.QUESTION)
    return found if found is not None and found.agent_id == event.person_id else None
