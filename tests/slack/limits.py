"""Slack's documented limits: windows of one minute a method, and what posting has besides.

Slack publishes no burst sizes, so the windows slide and give none: whoever keeps to these numbers
keeps to Slack's. A refused request doesn't count.
"""

import math
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

POST = "chat.postMessage"


@dataclass(frozen=True)
class Limits:
    """Requests a minute by tier; messages a minute in the workspace, a second in a channel."""

    tiers: Mapping[int, int] = field(default_factory=lambda: {1: 1, 2: 20, 3: 50, 4: 100})
    posts_per_minute: int = 300  # "several hundred"
    posts_per_channel_second: int = 1
    auth_tests_per_minute: int = 600


DOCUMENTED = Limits()


class Limiter:
    """Counts requests; without limits it lets everything through."""

    def __init__(self, limits: Limits | None) -> None:
        self._limits = limits
        self._seen: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def admit(self, method: str, tier: int, channel: str, now: float) -> int | None:
        """None, and the request counts; or the seconds to wait, and it doesn't."""
        if self._limits is None:
            return None
        rules = self._rules(self._limits, method, tier, channel)
        with self._lock:
            waits = [self._wait(key, most, window, now) for key, most, window in rules]
            if longest := max(waits, default=0.0):
                return math.ceil(longest)
            for key, _, _ in rules:
                self._seen.setdefault(key, deque()).append(now)
        return None

    @staticmethod
    def _rules(
        limits: Limits, method: str, tier: int, channel: str
    ) -> list[tuple[str, int, float]]:
        if method == POST:
            return [
                (POST, limits.posts_per_minute, 60.0),
                (f"{POST} {channel}", limits.posts_per_channel_second, 1.0),
            ]
        if method == "auth.test":
            return [(method, limits.auth_tests_per_minute, 60.0)]
        return [(method, limits.tiers[tier], 60.0)]

    def _wait(self, key: str, most: int, window: float, now: float) -> float:
        """Seconds until one more fits; 0 if one does."""
        seen = self._seen.get(key)
        while seen and seen[0] <= now - window:
            seen.popleft()
        return seen[0] + window - now if seen and len(seen) >= most else 0.0
