"""What time it is: the system's, or a simulated one that a replay moves. Everybody else is told."""

import threading
import time
from datetime import UTC, datetime, timedelta


def system_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved, and runs in real time once it is let go."""

    def __init__(self, start: datetime) -> None:
        self._lock = threading.Lock()
        self._at = start
        self._running_since: float | None = None

    def now(self) -> datetime:
        """The simulated moment, aware and in UTC."""
        with self._lock:
            if self._running_since is None:
                return self._at
            return self._at + timedelta(seconds=time.monotonic() - self._running_since)

    def move_to(self, moment: datetime) -> None:
        """It is now `moment`; time never goes back."""
        with self._lock:
            self._at = max(self._at, moment)

    def let_go(self) -> None:
        """From here on a second is a second."""
        with self._lock:
            self._running_since = time.monotonic()
