"""One attempt at one sending: looked for where it may have arrived, then sent or edited.

No transaction is open while the platform is called, and every foreseen failure becomes a
settlement here; what stops more than this one sending is told to the batch (`Batch`).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from campaigns.domain.definition import Definition
from campaigns.domain.lanes import Act
from campaigns.domain.messages import Message
from campaigns.domain.outbox import STOP, Kind, State
from campaigns.domain.people import Person
from campaigns.errors import (
    BellwetherError,
    DeliveryError,
    FinalDeliveryError,
    InDoubtError,
    PlatformClosedError,
    RetryLaterError,
)
from campaigns.flows import settling
from campaigns.flows.not_disturbing import Telling
from campaigns.flows.settling import Claimed
from campaigns.storage import campaigns
from campaigns.storage.campaigns import PAUSED, STOPPED
from campaigns.storage.database import Database
from campaigns.storage.leases import Settlement
from campaigns.storage.outbox import Delivery

# With the person and the version that the sending was judged by: nobody reads them once more.
Compose = Callable[[Connection, Delivery, datetime, Person, Definition | None], Message]


class Messenger(Telling, Protocol):
    """A chat platform. Each call gives up by itself within 20 seconds and never retries."""

    def send(self, person: Person, message: Message) -> str:
        """Post the message; gives the platform's id of it.

        Raises FinalDeliveryError, RetryLaterError, or InDoubtError where it may have arrived, and
        PlatformClosedError where no message goes out any more.
        """
        ...

    def find(self, person: Person, key: str) -> str | None:
        """The platform's id of the message with that delivery key; None where it has none."""
        ...

    def update(self, person: Person, external_id: str, message: Message) -> None:
        """Show the message in its new shape."""
        ...

    def keep(self, c: Connection, sent: Sequence[tuple[Person, str]]) -> None:
        """What later calls need to know of what went out, in the transaction that settles it."""
        ...


class Batch(Protocol):
    """What an attempt needs of the batch that it belongs to."""

    def slot(self, one: Claimed) -> Settlement | None:
        """None where it may be sent now; else how it is put back."""
        ...

    def busy(self, one: Claimed, act: Act, seconds: float) -> Settlement:
        """The platform wants a pause: how this one is put back."""
        ...

    def closed(self, one: Claimed, act: Act, reason: str) -> Settlement:
        """The platform takes nothing any more: how this one is put back."""
        ...


class Attempt:
    """One sending, to be tried once by `make`."""

    def __init__(
        self,
        database: Database,
        messenger: Messenger,
        compose: Compose,
        batch: Batch,
        one: Claimed,
        now: datetime,
    ) -> None:
        self._database, self._messenger, self._compose = database, messenger, compose
        self._batch, self._one, self._now = batch, one, now
        self._act: Act = one.act

    def make(self) -> Settlement:
        """What became of it."""
        try:
            return self._look() or self._send()
        except RetryLaterError as error:
            return self._batch.busy(self._one, self._act, error.after_seconds)
        except PlatformClosedError as error:
            return self._batch.closed(self._one, self._act, str(error))
        except InDoubtError:
            return settling.doubtful(self._one, self._now)
        except FinalDeliveryError:
            return settling.failed(self._one, "refused by the platform")
        except DeliveryError:
            return settling.later(self._one, 0, self._now)
        except BellwetherError as error:
            return settling.failed(self._one, f"not composed: {type(error).__name__}")

    def _look(self) -> Settlement | None:
        """How one in doubt ends if it arrived, or if it shall no longer go out."""
        one = self._one
        if one.act != "find":
            return None
        external_id = self._messenger.find(one.person, one.delivery.key)
        if external_id is not None:
            return settling.sent(one, external_id, self._now)
        if one.verdict.state is not State.SENDING:
            return settling.turned_away(one, one.verdict)
        self._act = "send"
        return self._batch.slot(one)

    def _send(self) -> Settlement:
        one, delivery = self._one, self._one.delivery
        with self._database.read() as c:
            state = _campaign_state(c, delivery)
            if state == STOPPED:
                return settling.turned_away(one, STOP)
            if state == PAUSED:
                return settling.untouched(one, self._now)
            message = self._compose(c, delivery, self._now, one.person, one.definition)
        if delivery.external_id is None:
            return settling.sent(one, self._messenger.send(one.person, message), self._now)
        self._messenger.update(one.person, delivery.external_id, message)
        return settling.sent(one, delivery.external_id, self._now)


def _campaign_state(c: Connection, delivery: Delivery) -> str | None:
    """The state that holds the sending back if it changed after the claim; help knows none."""
    if delivery.campaign_id is None or delivery.kind is Kind.HELP:
        return None
    state = campaigns.state(c, delivery.campaign_id)
    return None if state == PAUSED and delivery.kind is Kind.ALERT else state
