"""What goes wrong on demand, one request at a time.

A kind is one of `reset_before_accept`, `reset_after_accept`, `slow`, a status (`429`, `500`, `502`,
`503`) or any of Slack's error names (`internal_error`, `token_revoked`, …). With `_after_storing`
the status or error comes although the request was carried out. For what Slack sends there are
`lost` and `duplicated`, under `interactive`, `events_api` and `slash_commands`.
"""

import random
import threading
from dataclasses import dataclass

_STORING = "_after_storing"


@dataclass
class Fault:
    """`times` is how often it will still happen; None is for ever."""

    method: str
    kind: str
    times: int | None
    share: float
    seconds: float

    @property
    def stores(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.kind in ("slow", "reset_after_accept") or self.kind.endswith(_STORING)

    @property
    def name(self) -> str:
        """The status, the error, or what happens to the connection."""
        return self.kind.removesuffix(_STORING)

    @property
    def status(self) -> int | None:
        """The HTTP status, for the kinds that are one."""
        return int(self.name) if self.name.isdecimal() else None


class Faults:
    """Waiting faults; each request takes at most one, the oldest first."""

    def __init__(self, seed: int = 1) -> None:
        self._waiting: list[Fault] = []
        self._chance = random.Random(seed)
        self._lock = threading.Lock()

    def add(
        self,
        method: str,
        kind: str | int,
        times: int | None = 1,
        *,
        share: float = 1.0,
        seconds: float = 30.0,
    ) -> None:
        """The next `times` requests of that method meet it, or of each the given share.

        `seconds` is how slow `slow` is, and what a 429 says in Retry-After."""
        with self._lock:
            self._waiting.append(Fault(method, str(kind), times, share, seconds))

    def clear(self) -> None:
        """All is well again."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """What this request of the method meets, if anything."""
        with self._lock:
            for fault in self._waiting:
                if fault.method != method or self._chance.random() >= fault.share:
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                return fault
        return None
