"""An alert as a neutral message: what, where, since when, how sure, why, and what one can do.

It names a team and never a person of it, prints no probability and no count. Every button carries
the alert's version, so that a press on an outdated message is noticed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.alerts import AlertState, Finding
from campaigns.domain.definition import Definition
from campaigns.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an alert stands for the one who reads: `owner` is a name, `others` are
    (external id, name) of the agents that it can be handed over to."""

    state: AlertState
    version: int
    owner: str | None = None
    is_mine: bool = False
    others: Sequence[tuple[str, str]] = ()


def alert(
    finding: Finding, standing: Standing, definition: Definition, language: str, key: str
) -> Message:
    """The message of the delivery `key`, in the reader's language."""
    raise NotImplementedError
