"""A press becomes a reply, the same way for every chat: store, then show, then say a short word.

Adapters turn a platform's payload into an `Event` and an `Outcome` back into pixels; nothing here
knows which platform it was. Whatever a person does gets a polite answer in their language; no
foreseen error leaves this file, and none of them carries what somebody wrote.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot import alert_taps, campaign_taps, question_taps, toasts
from campaigns.domain import phrases, results_message, rights
from campaigns.domain.lanes import Lane
from campaigns.domain.messages import Action, Event, Message, Outcome
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.errors import DeliveryError, NotFoundError, RetryLaterError
from campaigns.flows import (
    answering,
    consenting,
    forgetting,
    preferring,
    publishing,
    reaching,
    replying,
    sharing,
    telling,
)
from campaigns.flows.delivering import Messenger
from campaigns.flows.preferring import Postponed
from campaigns.flows.showing import standing
from campaigns.storage import directory, lanes, outbox
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault

_ANSWERS = frozenset({Action.ANSWER, Action.WRITE, Action.SKIP, Action.ACKNOWLEDGE, Action.ACCEPT})
_OFFERS = frozenset({Action.SEAT, Action.GIVE_BACK, Action.DID, Action.HELPED})
_CASES = frozenset({Kind.ALERT, Kind.QUESTION})  # several people have a message of each
_SHOWN = frozenset({Action.READ, Action.HELD, Action.COPY, Action.FAQ, Action.RESULTS})
_WISHES = frozenset({Action.PAUSE, Action.RESUME, Action.FEWER, Action.USUAL})

_log = logging.getLogger(__name__)


class Conversation:
    """Handles events of one application; stateless, so every thread may use the same one."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        messenger: Messenger,
        now: Callable[[], datetime],
        comms_team: Collection[str] = (),
        copy_address: Callable[[str], str] | None = None,
    ) -> None:
        self._database = database
        self._vault = vault
        self._messenger = messenger
        self._now = now
        self._comms_team = frozenset(comms_team)
        self._copy_address = copy_address

    def handle(
        self, event: Event, at: datetime | None = None, shows_itself: bool = False
    ) -> Outcome:
        """What the person wished is stored; gives the message as it stands now and a short word.

        The stored copies on the platform are brought up to date too, as far as it answers; that of
        the message itself only where the chat doesn't do it (`shows_itself`). `at` is when the
        press came, where that was earlier than now.
        """
        outcome = self.do(event, at)
        if self._person(event.person_id) is None or _is_only_shown(event):
            return outcome
        return replace(outcome, message=self.show(event, shows_itself))

    def do(self, event: Event, at: datetime | None = None) -> Outcome:
        """What the person wished is stored, and nothing is shown yet: one short step for a form."""
        person = self._person(event.person_id)
        if person is None:
            toast = toasts.refused("en", answering.Refusal.UNKNOWN)
            return Outcome(None, toast, refused=True)
        return self._do(event, person, at or self._now())

    def look(self, event: Event) -> Message | None:
        """The message of the event as it stands now; None for another person's. Changes nothing."""
        with self._database.read() as connection:
            pressed = answering.pressed(connection, event)
            return standing(connection, pressed, self._now()) if pressed else None

    def _person(self, person_id: int) -> Person | None:
        """Who pressed; None for a stranger and for somebody who left."""
        try:
            with self._database.read() as connection:
                person = directory.person(connection, person_id)
        except NotFoundError:
            return None
        return person if person.active else None

    def _do(self, event: Event, person: Person, now: datetime) -> Outcome:
        action, language = event.tap.action, person.language
        if action in _ANSWERS | _OFFERS:
            recorded = answering.record(self._database, self._vault, event, now)
            if recorded.refusal is not None:
                return _refused(language, recorded.refusal)
            return Outcome(None, toasts.recorded(language, recorded.kind))
        if action is Action.NOT_NOW:
            hours = _number(event.text or event.tap.value, phrases.NOT_NOW_HOURS)
            became = preferring.not_now(self._database, event, hours, now)
            toast = toasts.postponed(language, became)
            return Outcome(None, toast, refused=became is not Postponed.LATER)
        if action in _WISHES:
            return Outcome(None, self._wish(event, person, now))
        if _is_only_shown(event):
            return self._shown(event, person, now)
        if action is Action.REACH:
            unreached = reaching.agree(self._database, event, now)
            if unreached is not None:
                return _refused(language, unreached)
            return Outcome(None, toasts.reached(language))
        if action is Action.FORGET:
            gone = forgetting.forget(self._database, self._vault, person.id)
            toast = rights.busy(language) if gone is None else rights.deleted(language, gone)
            return Outcome(None, toast, refused=gone is None)
        if action in (Action.RELEASE, Action.TAKE_BACK):
            refusal = consenting.decide(self._database, event, now)
            if refusal is not None:
                return _refused(language, refusal)
            return Outcome(None, toasts.consented(language, action))
        if action in campaign_taps.ACTIONS:
            return campaign_taps.handle(self._database, event, person, self._comms_team, now)
        if action in question_taps.ACTIONS:
            return question_taps.handle(self._database, self._vault, event, person, now)
        return alert_taps.handle(self._database, self._vault, event, person, now)

    def _shown(self, event: Event, person: Person, now: datetime) -> Outcome:
        """What the person asked to see, for them and this moment alone."""
        if event.tap.action is Action.COPY:
            return self._copy(person)
        gone = Outcome(None, toasts.unreadable(person.language), refused=True)
        if event.tap.action is Action.READ:
            words = replying.words_of(self._database, self._vault, event)
            return gone if words is None else Outcome(None, words=words)
        with self._database.read() as c:
            if event.tap.action is Action.HELD:
                aside = telling.held(c, self._vault, person, now)
                return Outcome(None, toasts.only_you(person.language), aside=aside)
            if event.tap.action is Action.RESULTS:
                found = results_message.results(sharing.shared(c, person), person.language)
                return Outcome(None, toasts.only_you(person.language), aside=found)
            answers = publishing.answers(c, self._vault, event)
        return gone if answers is None else Outcome(None, aside=answers)

    def _copy(self, person: Person) -> Outcome:
        """Where the person can save a copy of all that is kept about them; it is not in here."""
        if self._copy_address is None:
            return _refused(person.language, answering.Refusal.NOT_ASKED)
        address = self._copy_address(person.external_id)
        aside = rights.here_it_is(person.language, address)
        return Outcome(None, toasts.only_you(person.language), aside=aside)

    def _wish(self, event: Event, person: Person, now: datetime) -> str:
        """How often the person wants to hear from us, from now on; what we say to it."""
        match event.tap.action:
            case Action.PAUSE:
                days = _number(event.tap.value, phrases.PAUSE_DAYS)
                until = preferring.pause(self._database, person.id, days, now)
                return toasts.paused(person.language, until, person.time_zone)
            case Action.RESUME:
                preferring.resume(self._database, person.id)
                return toasts.resumed(person.language)
            case Action.FEWER:
                preferring.fewer(self._database, person.id)
            case _:
                preferring.usual(self._database, person.id)
        return toasts.rarer(person.language, event.tap.action)

    def show(self, event: Event, shows_itself: bool = False) -> Message | None:
        """The pressed message as it stands now; it and its kin are the same on the platform."""
        now = self._now()
        with self._database.read() as connection:
            pressed = answering.pressed(connection, event)
            if pressed is None:
                return None
            shown = [
                (delivery, directory.person(connection, delivery.person_id), message)
                for delivery in _kin(connection, pressed)
                if (message := standing(connection, delivery, now)) is not None
            ]
        for delivery, person, message in shown:
            if not (shows_itself and delivery.id == pressed.id):
                self._update(person, delivery, message)
        return next((message for one, _, message in shown if one.id == pressed.id), None)

    def _update(self, person: Person, delivery: Delivery, message: Message) -> None:
        """The message reads anew where the platform takes it; else as soon as it does, where others
        act by it, and else with its next press."""
        limited = self._messenger.in_lane(person)
        lane = self._messenger.lanes.get("update") if limited else None
        external_id = delivery.external_id
        try:
            if external_id is None and not limited:
                external_id = self._messenger.find(person, delivery.key)
            if external_id is None:
                return
            if self._may(lane, delivery.kind):
                self._messenger.update(person, external_id, message)
            else:
                self._edit_later(delivery)
        except DeliveryError as error:  # what was wished is stored
            _log.warning("Message %d was not updated: %s", delivery.id, type(error).__name__)
            if lane is not None and isinstance(error, RetryLaterError):
                with self._database.write() as connection:
                    until = self._now() + timedelta(seconds=error.after_seconds)
                    lanes.hold(connection, lane, until)
                self._edit_later(delivery)

    def _edit_later(self, delivery: Delivery) -> None:
        """It stands in line with all else that goes out."""
        if delivery.kind in _CASES:
            with self._database.write() as connection:
                outbox.edit(connection, delivery.id, self._now())

    def _may(self, lane: Lane | None, kind: Kind) -> bool:
        """Whether the platform takes one more edit at this moment."""
        if lane is None:
            return True
        with self._database.write() as connection:
            return lanes.take(connection, lane, kind, self._now())


def _kin(connection: Connection, pressed: Delivery) -> list[Delivery]:
    """The pressed sending, and those that went out and show the same thing."""
    if pressed.kind in _CASES:
        kin = _same_case(connection, pressed)
    elif pressed.kind in (Kind.PULSE, Kind.REMINDER):
        pulse = answering.asked_by(connection, pressed)
        kin = [pulse, *outbox.reminders_of(connection, pulse)]
    else:
        kin = []
    others = [one for one in kin if one.state is State.SENT and one.id != pressed.id]
    return sorted([pressed, *others], key=lambda one: (one.person_id, one.id))


def _same_case(connection: Connection, pressed: Delivery) -> list[Delivery]:
    """All messages about the same alert or question, whoever has them."""
    if pressed.campaign_id is None or pressed.subject_id is None:
        return []
    return outbox.about(connection, pressed.campaign_id, pressed.kind, pressed.subject_id)


def _is_only_shown(event: Event) -> bool:
    """Whether the press asks for something to be shown once, and changes nothing."""
    return event.tap.action in _SHOWN


def _refused(language: str, refusal: answering.Refusal) -> Outcome:
    return Outcome(None, toasts.refused(language, refusal), refused=True)


def _number(value: str, default: int) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else default
