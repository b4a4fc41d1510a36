"""Why messages of a campaign came later or never, in words and numbers for the comms team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaigns.flows.overseeing import HeldBack

FEW = "a few"
_WHY = {
    "weekly cap": "They had enough messages that week",
    "minutes a week": "They had enough to read and answer that week",
    "days between pulses": "They had been asked only days before",
    "gave way": "Something with a higher priority needed the room",
    "hours": "It was outside their hours",
    "holiday": "They had a public holiday",
    "away": "They were away",
    "do not disturb": "They wanted not to be disturbed",
    "left": "They had left",
    "closed": "It had closed before it could go out",
}


def lines(found: Sequence[HeldBack]) -> Iterator[tuple[str, str, str]]:
    """Why, how many came later, how many never came: few are only called so, more in steps."""
    for one in found:
        yield (
            why(one.reason),
            _told(one.n_moved),
            _told(one.n_dropped),
        )


def why(reason: str) -> str:
    """The reason as a sentence."""
    return _WHY.get(reason, reason.capitalize())


def _told(n: int | None) -> str:
    if n is None:
        return FEW
    return f"{n:,} or a few more" if n else "none"
