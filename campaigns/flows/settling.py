"""What becomes of a claimed sending after an attempt, as a row; nothing is sent or stored here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.domain import reminding
from campaigns.domain.definition import Definition
from campaigns.domain.lanes import Act
from campaigns.domain.outbox import MOVED, Kind, State, Verdict
from campaigns.domain.people import Person
from campaigns.storage.leases import Settlement
from campaigns.storage.outbox import MORE, Delivery, NewDelivery

MAX_ATTEMPTS = 10  # with the waits between them, about half a day
_FIRST_WAIT = 15.0
_LONGEST_WAIT = 3600.0
_DOUBT = timedelta(seconds=30)  # what a platform may need to show a message that it took


@dataclass(frozen=True, slots=True)
class Claimed:
    """A sending that is ours for the length of a lease, and what was judged of it."""

    delivery: Delivery
    person: Person
    verdict: Verdict
    definition: Definition | None

    @property
    def in_doubt(self) -> bool:
        """Whether somebody may have sent it already."""
        return self.delivery.state is not State.PENDING

    @property
    def act(self) -> Act:
        """What the next call to the platform does; an edit in doubt is simply done again."""
        if self.delivery.external_id is not None:
            return "update"
        return "find" if self.in_doubt else "send"

    @property
    def is_worn_out(self) -> bool:
        """Whether it was begun more often than any attempt that ended well or badly explains."""
        return self.delivery.attempts > MAX_ATTEMPTS


def sent(one: Claimed, external_id: str, now: datetime) -> Settlement:
    """It went out; one that was edited keeps the moment at which it did."""
    delivery = one.delivery
    return Settlement(
        delivery.id,
        State.SENT,
        delivery.due_at,
        delivery.attempts,
        sent_at=delivery.sent_at or now,
        external_id=external_id,
        reason=_moved(delivery),
    )


def _moved(delivery: Delivery) -> str:
    """Why it was not sent when it was due, to be told in numbers; "" where it was."""
    return delivery.reason if delivery.reason.startswith(MOVED) else ""


def failed(one: Claimed, reason: str) -> Settlement:
    """It never will go out."""
    delivery = one.delivery
    return Settlement(delivery.id, State.FAILED, delivery.due_at, delivery.attempts, reason=reason)


def turned_away(one: Claimed, verdict: Verdict) -> Settlement:
    """It was not tried: moved, dropped or cancelled, as judged."""
    delivery = one.delivery
    return Settlement(
        delivery.id,
        verdict.state,
        verdict.until or delivery.due_at,
        delivery.attempts - 1,
        reason=verdict.reason,
    )


def later(one: Claimed, after_seconds: float, now: datetime) -> Settlement:
    """It is tried again after a while, longer each time; one in doubt stays in doubt."""
    delivery = one.delivery
    if one.in_doubt:
        return doubtful(one, now)
    if delivery.attempts >= MAX_ATTEMPTS:
        return failed(one, f"gave up after {delivery.attempts} attempts")
    until = now + max(timedelta(seconds=after_seconds), _wait(delivery))
    reason = _moved(delivery) or "busy"
    return Settlement(delivery.id, State.PENDING, until, delivery.attempts, reason=reason)


def doubtful(one: Claimed, now: datetime) -> Settlement:
    """It may have arrived: it is looked for after a while."""
    delivery = one.delivery
    if delivery.attempts >= MAX_ATTEMPTS:
        return failed(one, f"in doubt after {delivery.attempts} attempts")
    lease_until = now + max(_DOUBT, _wait(delivery))
    return Settlement(
        delivery.id,
        State.DOUBTFUL,
        delivery.due_at,
        delivery.attempts,
        lease_until=lease_until,
        reason=_moved(delivery) or "in doubt",
    )


def _wait(delivery: Delivery) -> timedelta:
    return timedelta(seconds=min(_FIRST_WAIT * 2**delivery.attempts, _LONGEST_WAIT))


def untouched(one: Claimed, now: datetime) -> Settlement:
    """It is given back as it was found, for anybody to take."""
    delivery = one.delivery
    state, lease_until = (State.DOUBTFUL, now) if one.in_doubt else (State.PENDING, None)
    return Settlement(
        delivery.id,
        state,
        delivery.due_at,
        delivery.attempts - 1,
        lease_until=lease_until,
        reason=_moved(delivery),
    )


def in_line(one: Claimed) -> Settlement:
    """It is due and was not tried: the lane had no slot for it, or the platform wants a pause."""
    delivery = one.delivery
    return Settlement(
        delivery.id,
        State.PENDING,
        delivery.due_at,
        delivery.attempts - 1,
        reason=_moved(delivery),
        waits=True,
    )


def put_off(one: Claimed, until: datetime) -> Settlement:
    """It was not tried and is left as it is until that moment, when a slot comes up."""
    delivery = one.delivery
    if not one.in_doubt:
        return Settlement(
            delivery.id, State.PENDING, until, delivery.attempts - 1, reason=_moved(delivery)
        )
    return Settlement(
        delivery.id,
        State.DOUBTFUL,
        delivery.due_at,
        delivery.attempts - 1,
        lease_until=until,
        reason=_moved(delivery),
    )


def reminders(one: Claimed, now: datetime, *, once_more: bool) -> list[NewDelivery]:
    """What a pulse that went out brings with it, to be cancelled by the first answer.

    `once_more`: one reminder more, where the campaign allows it.
    """
    planned = list(_planned(one, now))
    closes_at, definition = one.delivery.closes_at, one.definition
    if once_more and closes_at and definition:
        dues = (each.due_at for each in planned)
        due_at = reminding.once_more(definition, one.person, dues, closes_at, now)
        if due_at is not None:
            planned.append(_reminder(one.delivery, "", due_at))
    return planned


def _planned(one: Claimed, now: datetime) -> Iterator[NewDelivery]:
    pulse, definition = one.delivery, one.definition
    if pulse.kind is not Kind.PULSE or definition is None:
        return
    known = (definition, pulse.touchpoint, one.person, pulse.closes_at, now)
    for key, due_at in reminding.reminders(*known):
        yield _reminder(pulse, key, due_at)


def _reminder(pulse: Delivery, key: str, due_at: datetime) -> NewDelivery:
    return NewDelivery(
        once=f"reminder:{pulse.id}:{key}" if key else f"{MORE}{pulse.id}",
        kind=Kind.REMINDER,
        person_id=pulse.person_id,
        due_at=due_at,
        campaign_id=pulse.campaign_id,
        version_id=pulse.version_id,
        run_id=pulse.run_id,
        touchpoint=key,
        subject_id=pulse.id,
        closes_at=pulse.closes_at,
    )
