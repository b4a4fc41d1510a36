"""A press or a form becomes an answer: stored first, acknowledged after (D8).

The first answer to a question stays; a second press or a re-sent form changes nothing and is told
so kindly. Whatever can't be taken comes back as a `Refusal`, never as an exception, and no text
leaves this file unencrypted.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from campaigns.domain.consent import Consent
from campaigns.domain.definition import Definition, FollowUp, Pulse, Question, Vision
from campaigns.domain.messages import Action, Event
from campaigns.domain.offers import DID, QUESTIONS, looks_for_gaps
from campaigns.domain.offers import fits as fits_offer
from campaigns.domain.outbox import Kind
from campaigns.domain.pulses import Given, fits, next_question
from campaigns.errors import NotFoundError
from campaigns.flows import offering, rotating
from campaigns.flows.counting import open_since
from campaigns.storage import answers, campaigns, consents, directory, offers, outbox
from campaigns.storage.answers import NewAnswer
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault
from sentiment.danger import names_danger
from sentiment.text import normalise

MAX_TEXT = 1000  # what the form says; more is cut at a word
_READ_AT_MOST = 20 * MAX_TEXT  # of what came in, so that cleaning costs nothing


class Refusal(StrEnum):
    """Why nothing was stored; the chat says it in the person's language."""

    UNKNOWN = "unknown"  # no such message, or another person's
    NOT_ASKED = "not_asked"  # this message doesn't ask that (now)
    NOT_AN_ANSWER = "not_an_answer"  # outside the scale, not an option
    ALREADY = "already"
    CLOSED = "closed"
    STOPPED = "stopped"
    FULL = "full"  # no seat is left; the message shows what there is instead


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an answer: stored as which kind (`skip`, `text`, …), or why not.

    `free` is a seat in a training given back.
    """

    kind: str = ""
    refusal: Refusal | None = None


def record(database: Database, vault: Vault, event: Event, now: datetime) -> Recorded:
    """The answer is stored once, with the reminders of its pulse cancelled, or it is refused."""
    with database.write() as connection:
        outcome = _record(connection, vault, event, now)
    return Recorded(refusal=outcome) if isinstance(outcome, Refusal) else Recorded(outcome)


def given(connection: Connection, delivery_id: int) -> dict[str, int | str | None]:
    """What was answered under this delivery, by question: a scale's number, an option's key,
    "" for words and for a yes under a message, None where skipped."""
    found: dict[str, int | str | None] = {}
    for answer in answers.given(connection, delivery_id):
        value = answer.number if answer.kind == "scale" else answer.choice
        found[answer.question] = None if answer.kind == "skip" else "" if value is None else value
    return found


def pressed(connection: Connection, event: Event) -> Delivery | None:
    """The delivery that was pressed under, where it is this person's."""
    try:
        delivery = outbox.by_key(connection, event.delivery_key)
    except NotFoundError:
        return None
    return delivery if delivery.person_id == event.person_id else None


def asked_by(connection: Connection, delivery: Delivery) -> Delivery:
    """The delivery that a press counts for: under a reminder, its pulse's where that still is."""
    if delivery.kind is not Kind.REMINDER or delivery.subject_id is None:
        return delivery
    try:
        return outbox.by_id(connection, delivery.subject_id)
    except NotFoundError:
        return delivery


def clean(text: str) -> str:
    """The text as typed, without control characters, cut at a word after 1,000 characters."""
    composed = unicodedata.normalize("NFC", text[:_READ_AT_MOST].replace("\r\n", "\n"))
    spaced = composed.replace("\t", " ").replace("\r", "\n")
    kept = "".join(
        sign for sign in spaced if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()
    if len(kept) <= MAX_TEXT:
        return kept
    cut = kept[: MAX_TEXT + 1]
    at = max(cut.rfind(" "), cut.rfind("\n"))
    return cut[: at if at > 0 else MAX_TEXT].rstrip()


def _record(connection: Connection, vault: Vault, event: Event, now: datetime) -> str | Refusal:
    delivery = pressed(connection, event)
    if delivery is None:
        return Refusal.UNKNOWN
    delivery = asked_by(connection, delivery)
    if delivery.campaign_id is None or delivery.version_id is None:
        return Refusal.NOT_ASKED
    launched = campaigns.by_id(connection, delivery.campaign_id)
    if launched.state == campaigns.STOPPED:
        return Refusal.STOPPED
    definition = campaigns.definition(connection, delivery.version_id)
    definition = rotating.as_asked(connection, definition, delivery)
    if event.tap.action is Action.GIVE_BACK:
        return _give_back(connection, delivery)
    if event.tap.action in QUESTIONS:
        answer = _training(connection, launched, delivery, event, now)
    else:
        answer = _read(connection, vault, definition, delivery, event, now)
    if isinstance(answer, Refusal):
        return answer
    counts_from = open_since(connection, launched)
    if not answers.put(connection, replace(answer, answered_at=max(now, counts_from))):
        return Refusal.ALREADY
    if answer.kind == "text" and definition.campaign.learn_from_words:
        # What names a danger outright is known now; what a model finds in it comes with the score.
        barred = names_danger(normalise(event.text or ""))
        state = Consent.BARRED if barred else Consent.OFFERED
        consents.put(connection, delivery.id, answer.question, state, now)
    outbox.cancel_reminders(connection, delivery.id, now)
    if looks_for_gaps(launched.definition):
        _look_for_gaps(connection, launched, definition, delivery, answer, now)
    return answer.kind


def _read(
    connection: Connection,
    vault: Vault,
    definition: Definition,
    delivery: Delivery,
    event: Event,
    now: datetime,
) -> NewAnswer | Refusal:
    blank = _blank(connection, delivery, event, now)
    if event.tap.action in (Action.ACKNOWLEDGE, Action.ACCEPT):
        return _reply(definition, delivery, event.tap.action, blank)
    question = _question(
        definition, delivery, event.tap.question, given(connection, delivery.id), now
    )
    return question if isinstance(question, Refusal) else _value(vault, question, event, blank)


def _blank(connection: Connection, delivery: Delivery, event: Event, now: datetime) -> NewAnswer:
    return NewAnswer(
        delivery_id=delivery.id,
        campaign_id=delivery.campaign_id or 0,
        person_id=event.person_id,
        team_id=directory.person(connection, event.person_id).team_id,
        question=event.tap.question,
        kind="",
        answered_at=now,
    )


def _look_for_gaps(
    connection: Connection,
    launched: Launched,
    definition: Definition,
    delivery: Delivery,
    answer: NewAnswer,
    now: datetime,
) -> None:
    """Where a competence was asked for, or the pulse is answered to its end."""
    pulse = definition.touchpoint(delivery.touchpoint)
    if not isinstance(pulse, Pulse):
        return
    done = next_question(definition, pulse, given(connection, delivery.id)) is None
    if done or (answer.kind != "skip" and definition.question(answer.question).competence):
        offering.after_answer(connection, launched, delivery, now, done=done)


def _training(
    connection: Connection, launched: Launched, delivery: Delivery, event: Event, now: datetime
) -> NewAnswer | Refusal:
    """A seat, "I did it", "it helped" under an offered training; each once."""
    offer = offers.of_delivery(connection, delivery.id)
    so_far = given(connection, delivery.id)
    question = QUESTIONS[event.tap.action]
    if question in so_far:
        return Refusal.ALREADY
    if offer is None or not fits_offer(event.tap, so_far):
        return Refusal.NOT_ASKED
    if event.tap.action is Action.SEAT and not offering.seat(
        connection, launched, delivery, offer, now
    ):
        return Refusal.FULL
    blank = _blank(connection, delivery, event, now)
    return replace(blank, question=question, kind="training", choice=event.tap.value or "yes")


def _give_back(connection: Connection, delivery: Delivery) -> str | Refusal:
    done = DID in given(connection, delivery.id)
    return "free" if not done and offers.give_back(connection, delivery.id) else Refusal.NOT_ASKED


def _reply(
    definition: Definition, delivery: Delivery, action: Action, blank: NewAnswer
) -> NewAnswer | Refusal:
    """ "Clear to me" under a message of the vision or a follow-up, yes under an invitation."""
    touchpoint = definition.touchpoint(delivery.touchpoint) if delivery.touchpoint else None
    if action is Action.ACCEPT:
        invites = isinstance(touchpoint, FollowUp) and touchpoint.invite
        return replace(blank, question="accept", kind="accept") if invites else Refusal.NOT_ASKED
    if isinstance(touchpoint, Vision | FollowUp):
        return replace(blank, question="ack", kind="ack")
    return Refusal.NOT_ASKED


def _question(
    definition: Definition, delivery: Delivery, key: str, so_far: Given, now: datetime
) -> Question | Refusal:
    """The question, where this pulse asks it of this person now."""
    pulse = definition.touchpoint(delivery.touchpoint) if delivery.touchpoint else None
    if not isinstance(pulse, Pulse) or key not in pulse.questions:
        return Refusal.NOT_ASKED
    if key in so_far:
        return Refusal.ALREADY
    if delivery.closes_at is not None and now >= delivery.closes_at:
        return Refusal.CLOSED
    question = definition.question(key)
    if question.when is not None and not fits(question.when, so_far):
        return Refusal.NOT_ASKED
    return question


def _value(vault: Vault, question: Question, event: Event, blank: NewAnswer) -> NewAnswer | Refusal:
    action, value = event.tap.action, event.tap.value
    if action is Action.SKIP:
        return replace(blank, kind="skip")
    if action is Action.WRITE and question.kind == "text":
        words = clean(event.text or "")
        if not words:
            return replace(blank, kind="skip")
        return replace(blank, kind="text", words=vault.encrypt(words), scoring="pending")
    if action is Action.ANSWER and question.kind == "scale":
        in_range = value in {str(point) for point in range(1, question.points + 1)}
        return replace(blank, kind="scale", number=int(value)) if in_range else _NOT_AN_ANSWER
    if action is Action.ANSWER and question.kind == "choice":
        is_option = value in {option.key for option in question.options}
        return replace(blank, kind="choice", choice=value) if is_option else _NOT_AN_ANSWER
    return Refusal.NOT_ASKED


_NOT_AN_ANSWER = Refusal.NOT_AN_ANSWER
