"""From the outbox to a chat: claim by lease, judge again, send with no transaction open, settle.

Exactly once, as far as the outside allows (D7): a sending whose lease ran out is looked for on the
platform before it is sent again. No rule about when and to whom stands here: see domain.outbox.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from campaigns.domain.definition import Definition, Limits, QuietHours, Reminder
from campaigns.domain.messages import Message
from campaigns.domain.outbox import CAPPED, Facts, Kind, State, Verdict, judge
from campaigns.domain.people import Person
from campaigns.domain.timing import WEEK, next_permitted
from campaigns.errors import (
    BellwetherError,
    DeliveryError,
    FinalDeliveryError,
    InDoubtError,
    RetryLaterError,
)
from campaigns.storage import campaigns, directory, outbox
from campaigns.storage.campaigns import STOPPED
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery, NewDelivery, Settlement

LEASE = timedelta(seconds=60)
BATCH = 50  # rows a claim: few enough that a slow platform takes them within half the lease
MAX_ATTEMPTS = 10
_LONGEST_WAIT = 3600.0
_DOUBT = timedelta(seconds=30)  # what a platform may need to show a message that it took


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


@dataclass(frozen=True, slots=True)
class _Claimed:
    delivery: Delivery
    person: Person
    verdict: Verdict
    definition: Definition | None

    @property
    def in_doubt(self) -> bool:
        return self.delivery.state is not State.PENDING


class _Stopwatch:
    """Seconds since it was made: how much of a lease is used up, and nothing else."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._start = ticks()

    def elapsed(self) -> timedelta:
        return timedelta(seconds=self._ticks() - self._start)


def deliver_due(
    database: Database,
    messenger: Messenger,
    compose: Compose,
    now: datetime,
    limit: int = 200,
    ticks: Callable[[], float] = time.monotonic,
) -> int:
    """What is due has gone out, been moved or been dropped; gives how many went out.

    It ends after about `limit` sendings, or when the platform asks for a pause; 0 means that
    nothing is left for now. An unforeseen error leaves its row to the next attempt, settles what
    went out before, and is raised.
    """
    watch, n_sent = _Stopwatch(ticks), 0
    while n_sent < limit:
        lease_until = now + watch.elapsed() + LEASE
        batch = _take(database, now, lease_until, min(BATCH, limit - n_sent))
        if batch is None:
            break
        shift = _Shift(database, messenger, compose, now, lease_until)
        n_sent += shift.work(batch, _Stopwatch(ticks))
        if shift.busy:
            break
    return n_sent


def _take(
    database: Database, now: datetime, lease_until: datetime, limit: int
) -> list[_Claimed] | None:
    """What was claimed and shall be sent; what shall not is settled in the same transaction.

    None where nothing was due.
    """
    with database.write() as c:
        found = outbox.claim(c, now, lease_until, limit)
        if not found:
            return None
        kept, turned = [], []
        for one in _judged(c, found, now):
            goes = one.in_doubt or one.verdict.state is State.SENDING
            (kept if goes else turned).append(one)
        outbox.settle(c, [_turned_away(one) for one in turned], lease_until)
        return kept


def _judged(c: Connection, found: Sequence[Delivery], now: datetime) -> Iterator[_Claimed]:
    people = directory.people(c, list({one.person_id for one in found}))
    states = campaigns.states(c, list({one.campaign_id for one in found if one.campaign_id}))
    answered = outbox.answered(c, [one.subject_id for one in found if _may_be_answered(one)])
    recent = outbox.recent(c, list(people), now - WEEK, now, [one.id for one in found])
    for delivery in found:
        person = people[delivery.person_id]
        version = delivery.version_id
        definition = campaigns.definition(c, version) if version is not None else None
        facts = Facts(
            kind=delivery.kind,
            person=person,
            stopped=states.get(delivery.campaign_id or 0) == STOPPED,
            answered=delivery.subject_id in answered and _may_be_answered(delivery),
            closes_at=delivery.closes_at,
            quiet=definition.campaign.quiet_hours if definition else QuietHours(),
            per_week=(definition.campaign.limits if definition else Limits()).messages_per_week,
            recent=recent[person.id],
        )
        verdict = judge(facts, now)
        if verdict.state is State.SENDING and delivery.kind in CAPPED:
            recent[person.id].append(now)
        yield _Claimed(delivery, person, verdict, definition)


def _may_be_answered(delivery: Delivery) -> bool:
    """A reminder that somebody asked for ("not now") after a first answer is still wanted."""
    return delivery.kind is Kind.REMINDER and not delivery.once.startswith("later:")


def _turned_away(one: _Claimed) -> Settlement:
    delivery, verdict = one.delivery, one.verdict
    return Settlement(
        delivery.id,
        verdict.state,
        verdict.until or delivery.due_at,
        delivery.attempts - 1,
        reason=verdict.reason,
    )


class _Shift:
    """One claimed batch on its way out; `busy` once the platform has asked for a pause."""

    def __init__(
        self,
        database: Database,
        messenger: Messenger,
        compose: Compose,
        now: datetime,
        lease_until: datetime,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._compose = compose
        self._now = now
        self._lease_until = lease_until
        self.busy = False

    def work(self, batch: Sequence[_Claimed], watch: _Stopwatch) -> int:
        """Each of the batch is settled; gives how many went out."""
        waiting = list(batch)
        done: list[tuple[_Claimed, Settlement]] = []
        try:
            while waiting and not self.busy and watch.elapsed() < LEASE / 2:
                one = waiting.pop(0)
                done.append((one, self._attempt(one)))
        finally:
            done += [(one, self._untouched(one)) for one in waiting]
            self._settle(done)
        return sum(settlement.state is State.SENT for _, settlement in done)

    def _attempt(self, one: _Claimed) -> Settlement:
        try:
            external_id = self._found_or_sent(one)
        except RetryLaterError as error:
            self.busy = True
            return self._later(one, error.after_seconds)
        except InDoubtError:
            return self._doubtful(one)
        except FinalDeliveryError:
            return self._final(one, "refused by the platform")
        except DeliveryError:
            return self._later(one, 0)
        except BellwetherError as error:
            return self._final(one, f"not composed: {type(error).__name__}")
        return _turned_away(one) if external_id is None else self._sent(one, external_id)

    def _found_or_sent(self, one: _Claimed) -> str | None:
        """The platform's id of the message; None where it neither arrived nor shall go out."""
        if one.in_doubt:
            found = self._messenger.find(one.person, one.delivery.key)
            if found is not None or one.verdict.state is not State.SENDING:
                return found
        with self._database.read() as c:
            message = self._compose(c, one.delivery, self._now)
        return self._messenger.send(one.person, message)

    def _sent(self, one: _Claimed, external_id: str) -> Settlement:
        delivery = one.delivery
        return Settlement(
            delivery.id,
            State.SENT,
            delivery.due_at,
            delivery.attempts,
            sent_at=self._now,
            external_id=external_id,
        )

    def _final(self, one: _Claimed, reason: str) -> Settlement:
        delivery = one.delivery
        return Settlement(
            delivery.id, State.FAILED, delivery.due_at, delivery.attempts, reason=reason
        )

    def _later(self, one: _Claimed, after_seconds: float) -> Settlement:
        """A row found in doubt stays so: only the platform knows whether it arrived."""
        delivery = one.delivery
        if delivery.attempts >= MAX_ATTEMPTS:
            return self._final(one, f"gave up after {delivery.attempts} attempts")
        if one.in_doubt:
            return self._doubtful(one)
        wait = max(after_seconds, min(15.0 * 2**delivery.attempts, _LONGEST_WAIT))
        until = self._now + timedelta(seconds=wait)
        return Settlement(delivery.id, State.PENDING, until, delivery.attempts, reason="busy")

    def _doubtful(self, one: _Claimed) -> Settlement:
        delivery = one.delivery
        if delivery.attempts >= MAX_ATTEMPTS:
            return self._final(one, f"in doubt after {delivery.attempts} attempts")
        return Settlement(
            delivery.id,
            State.DOUBTFUL,
            delivery.due_at,
            delivery.attempts,
            lease_until=self._now + _DOUBT * delivery.attempts,
            reason="in doubt",
        )

    def _untouched(self, one: _Claimed) -> Settlement:
        """Given back as it was found; one in doubt is looked for again at once."""
        delivery = one.delivery
        state, lease = (State.DOUBTFUL, self._now) if one.in_doubt else (State.PENDING, None)
        return Settlement(
            delivery.id, state, delivery.due_at, delivery.attempts - 1, lease_until=lease
        )

    def _settle(self, done: Sequence[tuple[_Claimed, Settlement]]) -> None:
        with self._database.write() as c:
            outbox.settle(c, [settlement for _, settlement in done], self._lease_until)
            went = [one for one, settlement in done if settlement.state is State.SENT]
            outbox.put(c, [new for one in went for new in self._reminders(one)])

    def _reminders(self, one: _Claimed) -> Iterator[NewDelivery]:
        """What a pulse that went out brings with it, until an answer cancels it."""
        pulse = one.delivery
        if pulse.kind is not Kind.PULSE or one.definition is None:
            return
        quiet = one.definition.campaign.quiet_hours
        for touchpoint in one.definition.campaign.touchpoints:
            if not isinstance(touchpoint, Reminder) or touchpoint.when.pulse != pulse.touchpoint:
                continue
            moment = self._now + timedelta(days=touchpoint.when.days)
            due_at = next_permitted(moment, one.person, quiet)
            if pulse.closes_at is None or due_at < pulse.closes_at:
                yield NewDelivery(
                    once=f"reminder:{pulse.id}:{touchpoint.key}",
                    kind=Kind.REMINDER,
                    person_id=pulse.person_id,
                    due_at=due_at,
                    campaign_id=pulse.campaign_id,
                    version_id=pulse.version_id,
                    run_id=pulse.run_id,
                    touchpoint=touchpoint.key,
                    subject_id=pulse.id,
                    closes_at=pulse.closes_at,
                )
