"""What the dashboard's pages accept: figures that were released, counts of our own sendings.

A page that is built from these values can't show more than may be shown. Nothing here says who
answered, and no order of rows follows a figure: teams stand in the order of the tree and by name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.domain.alerts import AlertKind, AlertState, Ending, Strength, Tried
from campaigns.domain.confidentiality import Cell, Rate, ReleasedEffect, Withheld
from campaigns.domain.ranking import Sign
from sentiment.labels import Barrier, Theme


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the campaign's planned messages got: people with at least one, and messages."""

    people: int
    sent: int
    queued: int
    failed: int


@dataclass(frozen=True, slots=True)
class Period:
    """A closed period; `ends_on` is its last day."""

    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One node of the team tree, `depth` 0 at the root; one cell for each period of the report."""

    name: str
    depth: int
    cells: tuple[Cell, ...]


def leaves(rows: Sequence[TeamRow]) -> Iterator[TeamRow]:
    """The teams without teams below them, of rows in the order of the tree."""
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        if following is None or following.depth <= row.depth:
            yield row


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert; `owner` is the name of the change agent who took it, `overdue` that nobody did in
    the campaign's time, `ending` what came of it."""

    id: int
    team: str
    kind: AlertKind
    strength: Strength
    state: AlertState
    owner: str | None
    raised_on: date
    since: date
    overdue: bool = False
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One team in the order of evidence at the last published close; teams without a figure there
    have no place in it."""

    team: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A follow-up and how many people it went to before the last close, in steps of 5; None below
    10, 0 included."""

    title: str
    people: int | None


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A training of the catalogue and how many people were offered it, took it, did it, and said
    that it helped, each counted as a follow-up's people are."""

    title: str
    offered: int | None
    taken: int | None
    did: int | None
    helped: int | None


@dataclass(frozen=True, slots=True)
class TriedRow:
    """An action of change agents, and what came of it where it was tried."""

    title: str
    tried: Tried


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A rule that holds out: its key, the titles of what it sends, and what that did."""

    rule: str
    titles: tuple[str, ...]
    effect: ReleasedEffect | Withheld


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the first page of one campaign.

    `organisation` has one cell a period, like every row of `teams`; `rate`, `barrier` and `themes`
    are the organisation's in the latest closed period, None or empty where withheld.
    """

    key: str
    title: str
    initiative: str
    sponsor: str
    state: str
    version: int
    launched_on: date
    next_close_on: date | None
    reach: Reach
    periods: tuple[Period, ...]
    organisation: tuple[Cell, ...]
    teams: tuple[TeamRow, ...]
    rate: Rate | None
    barrier: Barrier | None
    themes: tuple[Theme, ...]
    alerts: tuple[AlertRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    trainings: tuple[TrainingRow, ...] = ()
    order: tuple[OrderRow, ...] = ()
    effects: tuple[EffectRow, ...] = ()
    tried: tuple[TriedRow, ...] = ()
    picks: tuple[tuple[str, list[str]], ...] = ()  # question, what the organisation chose most
    reason: str = ""  # why it is paused, where that was nobody's wish
