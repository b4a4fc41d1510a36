"""When a team's change agent is told: raise, keep or resolve, only at the close of a period.

Pure. It must never look at a person: what comes in are signals of a detector about teams whose
figure was released, and what goes out names the team, the kind and the evidence in words.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

from campaigns.domain.confidentiality import Size
from sentiment.labels import Barrier, Theme


class AlertKind(StrEnum):
    """Against what a team stands out."""

    HIGH = "high"  # against the organisation
    RISING = "rising"  # against its own past, the organisation's movement taken out


class Strength(StrEnum):
    """How sure, in words; a number would say more than is known."""

    STRONG = "strong"
    SOME = "some"


class AlertState(StrEnum):
    """open → taken | snoozed → closed (by an agent, with a note) | resolved (it went away)."""

    OPEN = "open"
    TAKEN = "taken"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    RESOLVED = "resolved"


STANDING = frozenset({AlertState.OPEN, AlertState.TAKEN, AlertState.SNOOZED})


@dataclass(frozen=True, slots=True)
class Finding:
    """What an alert says: every part of it is public to the team's agents, none is a person's.

    `since` is the first day of the closed period from which on the team stands out. `actions` are
    keys of the definition's agent actions, `sent` of touchpoints that went to everybody there.
    """

    team: str
    kind: AlertKind
    strength: Strength
    since: date
    size: Size
    barrier: Barrier | None = None
    themes: tuple[Theme, ...] = ()
    actions: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()


_FINDING = TypeAdapter(Finding)


def dump(finding: Finding) -> str:
    """The finding as JSON text; `load` gives it back equal."""
    return _FINDING.dump_json(finding).decode()


def load(text: str) -> Finding:
    """The finding that `dump` wrote."""
    return _FINDING.validate_json(text)
