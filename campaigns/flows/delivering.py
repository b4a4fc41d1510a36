"""From the outbox to a chat: claim by lease, judge again, send with no transaction open, settle.

Exactly once, as far as the outside allows (D7): a sending whose lease ran out is looked for on the
platform before it is sent again. No rule about when and to whom stands here: see domain.outbox.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from campaigns.domain.definition import Definition, Limits
from campaigns.domain.messages import Message
from campaigns.domain.outbox import CAPPED, QUIET, STOP, Facts, Kind, State, judge
from campaigns.domain.people import Person
from campaigns.domain.timing import WEEK
from campaigns.errors import (
    BellwetherError,
    DeliveryError,
    FinalDeliveryError,
    InDoubtError,
    RetryLaterError,
)
from campaigns.flows import settling
from campaigns.flows.settling import Claimed
from campaigns.storage import campaigns, directory, leases, outbox
from campaigns.storage.campaigns import PAUSED, STOPPED
from campaigns.storage.database import Database
from campaigns.storage.leases import Settlement
from campaigns.storage.outbox import Delivery

LEASE = timedelta(seconds=60)
BATCH = 50  # rows a claim: what a crash leaves in doubt, and what one transaction settles
_LIMITS = Limits()  # for what belongs to no campaign


class Messenger(Protocol):
    """A chat platform. Each call gives up by itself within 20 seconds and never retries."""

    def send(self, person: Person, message: Message) -> str:
        """Post the message; gives the platform's id of it.

        Raises FinalDeliveryError, RetryLaterError, or InDoubtError where it may have arrived.
        """
        ...

    def find(self, person: Person, key: str) -> str | None:
        """The platform's id of the message with that delivery key; None where it has none."""
        ...

    def update(self, person: Person, external_id: str, message: Message) -> None:
        """Show the message in its new shape."""
        ...


Compose = Callable[[Connection, Delivery, datetime], Message]


def deliver_due(
    database: Database,
    messenger: Messenger,
    compose: Compose,
    now: datetime,
    limit: int = 200,
    ticks: Callable[[], float] = time.monotonic,
) -> int:
    """What is due has gone out, been moved or been dropped; gives how many went out.

    It ends after `limit` sendings, or when the platform asks for a pause; 0 means that nothing
    more can go out now. An unforeseen error leaves its row to a later attempt, settles what went
    out before, and is raised. `ticks` are seconds that tell how much of a lease is used up.
    """
    began, n_sent = ticks(), 0
    while n_sent < limit:
        lease_until = now + timedelta(seconds=ticks() - began) + LEASE
        shift = _Shift(database, messenger, compose, now, lease_until, ticks)
        batch = shift.take(min(BATCH, limit - n_sent))
        if batch is None:
            break
        n_sent += shift.work(batch)
        if shift.is_over:
            break
    return n_sent


class _Shift:
    """One batch from claim to settlement; `is_over` once the platform has asked for a pause."""

    def __init__(
        self,
        database: Database,
        messenger: Messenger,
        compose: Compose,
        now: datetime,
        lease_until: datetime,
        ticks: Callable[[], float],
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._compose = compose
        self._now = now
        self._lease_until = lease_until
        self._ticks = ticks
        # Half a lease is left for the send that has just begun and for the settlement.
        self._tired_at = ticks() + LEASE.total_seconds() / 2
        self.is_over = False

    def take(self, limit: int) -> list[Claimed] | None:
        """What was claimed and shall go out; None where nothing was due.

        What shall not go out is settled in the same transaction, so that two claims never weigh
        the same week of a person.
        """
        with self._database.write() as c:
            found = leases.claim(c, self._now, self._lease_until, limit)
            if not found:
                return None
            kept: list[Claimed] = []
            turned: list[Settlement] = []
            for one in _judged(c, found, self._now):
                if one.is_worn_out:
                    turned.append(settling.failed(one, "broke off at every attempt"))
                elif one.in_doubt or one.verdict.state is State.SENDING:
                    kept.append(one)
                else:
                    turned.append(settling.turned_away(one, one.verdict))
            leases.settle(c, turned, self._lease_until)
            return kept

    def work(self, batch: Sequence[Claimed]) -> int:
        """Each of the batch is settled; gives how many went out."""
        waiting = list(reversed(batch))
        done: list[tuple[Claimed, Settlement]] = []
        try:
            while waiting and not self.is_over and self._ticks() < self._tired_at:
                one = waiting.pop()
                done.append((one, self._attempt(one)))
        finally:
            done += [(one, settling.untouched(one, self._now)) for one in waiting]
            self._settle(done)
        return sum(settlement.state is State.SENT for _, settlement in done)

    def _attempt(self, one: Claimed) -> Settlement:
        try:
            return self._look(one) or self._send(one)
        except RetryLaterError as error:
            self.is_over = True
            return settling.later(one, error.after_seconds, self._now)
        except InDoubtError:
            return settling.doubtful(one, self._now)
        except FinalDeliveryError:
            return settling.failed(one, "refused by the platform")
        except DeliveryError:
            return settling.later(one, 0, self._now)
        except BellwetherError as error:
            return settling.failed(one, f"not composed: {type(error).__name__}")

    def _look(self, one: Claimed) -> Settlement | None:
        """How one in doubt ends if it arrived, or if it shall no longer go out.

        An edit is done again: twice is as good as once.
        """
        if not one.in_doubt or one.delivery.external_id is not None:
            return None
        external_id = self._messenger.find(one.person, one.delivery.key)
        if external_id is not None:
            return settling.sent(one, external_id, self._now)
        if one.verdict.state is State.SENDING:
            return None
        return settling.turned_away(one, one.verdict)

    def _send(self, one: Claimed) -> Settlement:
        delivery = one.delivery
        with self._database.read() as c:
            state = _campaign_state(c, delivery)
            if state == STOPPED:
                return settling.turned_away(one, STOP)
            if state == PAUSED:
                return settling.untouched(one, self._now)
            message = self._compose(c, delivery, self._now)
        if delivery.external_id is None:
            return settling.sent(one, self._messenger.send(one.person, message), self._now)
        self._messenger.update(one.person, delivery.external_id, message)
        return settling.sent(one, delivery.external_id, self._now)

    def _settle(self, done: Sequence[tuple[Claimed, Settlement]]) -> None:
        with self._database.write() as c:
            leases.settle(c, [settlement for _, settlement in done], self._lease_until)
            went = [one for one, settlement in done if settlement.state is State.SENT]
            outbox.put(c, [new for one in went for new in settling.reminders(one, self._now)])


def _campaign_state(c: Connection, delivery: Delivery) -> str | None:
    """The state that holds the sending back if it changed after the claim; help knows none."""
    if delivery.campaign_id is None or delivery.kind is Kind.HELP:
        return None
    state = campaigns.states(c, [delivery.campaign_id]).get(delivery.campaign_id)
    return None if state == PAUSED and delivery.kind is Kind.ALERT else state


def _judged(c: Connection, found: Sequence[Delivery], now: datetime) -> Iterator[Claimed]:
    people = directory.people(c, {one.person_id for one in found})
    states = campaigns.states(c, [one.campaign_id for one in found if one.campaign_id])
    versions = {one.version_id for one in found if one.version_id is not None}
    definitions = {version: campaigns.definition(c, version) for version in versions}
    answered = leases.answered(c, [one.subject_id for one in found if one.subject_id])
    recent = leases.recent(c, list(people), now - WEEK, now, [one.id for one in found])
    for delivery in found:
        person = people[delivery.person_id]
        definition = definitions.get(delivery.version_id or 0)
        facts = Facts(
            kind=delivery.kind,
            person=person,
            stopped=states.get(delivery.campaign_id or 0) == STOPPED,
            answered=_is_reminder(delivery) and delivery.subject_id in answered,
            closes_at=delivery.closes_at,
            quiet=definition.campaign.quiet_hours if definition else QUIET,
            per_week=_per_week(definition, person),
            recent=recent[person.id],
        )
        verdict = judge(facts, now)
        if verdict.state is State.SENDING and delivery.kind in CAPPED:
            recent[person.id].append(now)
        yield Claimed(delivery, person, verdict, definition)


def _per_week(definition: Definition | None, person: Person) -> int:
    """The campaign's limit, or the person's own where that is lower."""
    limits = definition.campaign.limits if definition else _LIMITS
    return min(limits.messages_per_week, person.per_week or limits.messages_per_week)


def _is_reminder(delivery: Delivery) -> bool:
    """A reminder of the campaign's, not one that a person asked for ("not now").

    That one has no touchpoint, and is wanted even if a first question was answered before.
    """
    return delivery.kind is Kind.REMINDER and bool(delivery.touchpoint)
