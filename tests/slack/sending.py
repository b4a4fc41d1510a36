"""Something that Slack sent to the app, and what the app said to it."""

import threading
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from tests.slack.members import Json

ACK_SECONDS = 3.0  # after that the person sees an error


@dataclass
class Sent:
    """One delivery: an envelope or a request."""

    payload: Json
    sent_at: float = field(default_factory=perf_counter)
    acked_at: float | None = None
    n_acks: int = 0
    response: Json | None = None
    error: str = ""
    no_retry: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def seconds(self) -> float | None:
        """From sending to the first acknowledgement; None while there is none."""
        return None if self.acked_at is None else self.acked_at - self.sent_at

    @property
    def acked(self) -> bool:
        """Whether the app acknowledged it in time; if not, the person saw an error."""
        return self.seconds is not None and self.seconds <= ACK_SECONDS

    def ack(self, response: Json | None) -> None:
        """The app took it."""
        self.n_acks += 1
        if self.acked_at is None:
            self.acked_at, self.response = perf_counter(), response
        self._over.set()

    def fail(self, error: str) -> None:
        """It won't be acknowledged any more."""
        self.error = error
        self._over.set()

    def wait(self, seconds: float = ACK_SECONDS) -> "Sent":
        """Itself, once it was acknowledged, failed, or the time is over."""
        self._over.wait(seconds)
        return self


class Wire(Protocol):
    """The way to the app: a socket, or signed requests."""

    def deliver(self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "") -> Sent:
        """Sends it once, and doesn't wait. `kind` is interactive, events_api or slash_commands."""
        ...
