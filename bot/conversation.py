"""A press becomes a reply, the same way for every chat: store, then show, then say a short word.

Adapters turn a platform's payload into an `Event` and an `Outcome` back into pixels; nothing here
knows which platform it was. Whatever a person does gets a polite answer in their language; no
foreseen error leaves this file, and none of them carries what somebody wrote.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import toasts
from campaigns.domain import content, phrases
from campaigns.domain.messages import Action, Event, Message, Outcome
from campaigns.domain.outbox import CAPPED, Kind, State
from campaigns.domain.people import Person
from campaigns.domain.plain import plain_text
from campaigns.errors import DeliveryError, NotFoundError
from campaigns.flows import answering, preferring
from campaigns.flows.composing import compose
from campaigns.flows.delivering import Messenger
from campaigns.storage import campaigns, directory, outbox
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault

_ANSWERS = frozenset({Action.ANSWER, Action.WRITE, Action.SKIP, Action.ACKNOWLEDGE, Action.ACCEPT})

_log = logging.getLogger(__name__)


class Conversation:
    """Handles events of one application; stateless, so every thread may use the same one."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        messenger: Messenger,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._vault = vault
        self._messenger = messenger
        self._now = now

    def handle(self, event: Event) -> Outcome:
        """What the person wished is stored; gives the message as it stands now and a short word.

        The stored copies on the platform are brought up to date too, as far as it answers.
        """
        now = self._now()
        try:
            with self._database.read() as connection:
                person = directory.person(connection, event.person_id)
        except NotFoundError:
            return Outcome(None, toasts.refused("en", answering.Refusal.UNKNOWN))
        toast = self._do(event, person, now)
        return Outcome(self._refresh(event, now), toast)

    def _do(self, event: Event, person: Person, now: datetime) -> str:
        action, language = event.tap.action, person.language
        if action in _ANSWERS:
            recorded = answering.record(self._database, self._vault, event, now)
            if recorded.refusal is not None:
                return toasts.refused(language, recorded.refusal)
            return toasts.recorded(language, recorded.kind)
        if action is Action.NOT_NOW:
            hours = _number(event.tap.value, phrases.NOT_NOW_HOURS)
            return toasts.postponed(language, preferring.not_now(self._database, event, hours, now))
        if action is Action.PAUSE:
            days = _number(event.tap.value, phrases.PAUSE_DAYS)
            until = preferring.pause(self._database, person.id, days, now)
            return toasts.paused(language, until, person.time_zone)
        if action is Action.RESUME:
            preferring.resume(self._database, person.id)
            return toasts.resumed(language)
        return toasts.refused(language, answering.Refusal.NOT_ASKED)

    def _refresh(self, event: Event, now: datetime) -> Message | None:
        """The pressed message as it stands now; it and its kin are the same on the platform."""
        with self._database.read() as connection:
            pressed = answering.pressed(connection, event)
            if pressed is None:
                return None
            person = directory.person(connection, pressed.person_id)
            shown = [
                (delivery, self._compose(connection, delivery, person, now))
                for delivery in _kin(connection, pressed)
            ]
        for delivery, message in shown:
            if message is not None:
                self._update(person, delivery, message)
        return next((message for delivery, message in shown if delivery.id == pressed.id), None)

    def _compose(
        self, connection: Connection, delivery: Delivery, person: Person, now: datetime
    ) -> Message | None:
        try:
            message = compose(connection, delivery, now)
        except NotFoundError:
            return None
        until = person.paused_until
        if until is None or until <= now or delivery.kind not in CAPPED:
            return message
        definition = campaigns.definition(connection, delivery.version_id or 0)
        local = until.astimezone(ZoneInfo(person.time_zone))
        note = content.paused(definition, person, delivery.key, local)
        parts = message.parts + note.parts
        return Message(message.key, plain_text(parts, message.language), message.language, parts)

    def _update(self, person: Person, delivery: Delivery, message: Message) -> None:
        try:
            external_id = delivery.external_id or self._messenger.find(person, delivery.key)
            if external_id is not None:
                self._messenger.update(person, external_id, message)
        except DeliveryError as error:  # what was wished is stored; the next press shows it
            _log.warning("Message %d was not updated: %s", delivery.id, type(error).__name__)


def _kin(connection: Connection, pressed: Delivery) -> list[Delivery]:
    """The pressed sending and, of a pulse, every other that shows the same questions."""
    if pressed.kind not in (Kind.PULSE, Kind.REMINDER):
        return [pressed]
    asked = answering.asked_by(connection, pressed)
    return [
        delivery
        for delivery in outbox.of_person(connection, pressed.person_id)
        if delivery.id in (pressed.id, asked.id)
        or (
            delivery.kind is Kind.REMINDER
            and delivery.subject_id == asked.id
            and delivery.state is State.SENT
        )
    ]


def _number(value: str, default: int) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else default
