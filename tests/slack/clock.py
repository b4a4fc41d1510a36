"""The server's time: the machine's, until somebody takes it in hand."""

import threading
import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970. Once set, it stands still and moves only when it is told to."""

    def __init__(self) -> None:
        self._at: float | None = None
        self._source: Callable[[], float] = time.time
        self._last_ts = 0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        """Seconds since 1970."""
        with self._lock:
            return self._source() if self._at is None else self._at

    def follow(self, other: Callable[[], float]) -> None:
        """It goes by another clock."""
        with self._lock:
            self._at, self._source = None, other

    def set(self, seconds: float) -> None:
        """It is this time now, and stays so."""
        with self._lock:
            self._at = seconds

    def advance(self, seconds: float) -> None:
        """So much later; a clock that ran stands still from now on."""
        with self._lock:
            self._at = (self._source() if self._at is None else self._at) + seconds

    def timestamp(self) -> str:
        """A message's `ts`: this time, but never one that was given out before."""
        now = int(self() * 1_000_000)
        with self._lock:
            self._last_ts = max(now, self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
