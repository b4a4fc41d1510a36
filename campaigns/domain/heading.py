"""Where the teams that are shown are heading, made of what was released and nothing else.

So it tells nothing that the released figures don't; a team that is not shown in the last period has
no heading, and nobody has one unless it held on the organisation's own past (`sentiment.outlook`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

import numpy as np

from campaigns.domain.confidentiality import Band, Cell, Released, Size
from sentiment.outlook import Floats, Ints, holds, outlook

AHEAD = (1, 2)  # periods
TURN = 0.05  # a mean that moves by less is as now
_MIDDLES = {Band.LOW: 0.12, Band.SOME: 0.275, Band.MUCH: 0.425, Band.HALF: 0.6}
_LEAST = {Size.FEW: 5, Size.TENS: 10, Size.DOZENS: 20, Size.MANY: 50}
_OPEN = {10: 0.07, 80: 0.85}  # what "10 or less" and "80 or more" are taken for


class Turn(StrEnum):
    """Which way the middle of the outlook lies from the last figure."""

    LOWER = "rather lower"
    SAME = "about as now"
    HIGHER = "rather higher"


@dataclass(frozen=True, slots=True)
class Heading:
    """Between which percentages a team's next figure lies in four of five cases, in steps of 5; 10
    means "10 or less", 80 "80 or more"."""

    low: int
    high: int
    turn: Turn


Headings = tuple[Heading | None, ...]  # one for each of `AHEAD`


def headings(teams: Sequence[Sequence[Cell]]) -> list[Headings]:
    """Of each team, from its cells of all closed periods; the teams must not hold each other."""
    if not teams or not teams[0]:
        return [(None,) * len(AHEAD) for _ in teams]
    share, people = figures(teams)
    columns = [_headings(share, people, ahead) for ahead in AHEAD]
    return list(zip(*columns, strict=True))


def figures(teams: Sequence[Sequence[Cell]]) -> tuple[Floats, Ints]:
    """What released cells say in numbers, as `outlook` takes them: shares, and size classes."""
    share = np.array([[_share(cell) for cell in cells] for cells in teams])
    people = np.array([[_people(cell) for cell in cells] for cells in teams])
    return share, people


def _headings(share: Floats, people: Ints, ahead: int) -> list[Heading | None]:
    if not holds(share, people, ahead):
        return [None] * len(share)
    found = outlook(share, people, ahead)
    rows = np.stack([share[:, -1], found.mean, found.low, found.high], 1).tolist()
    return [None if np.isnan(row).any() else _heading(*row) for row in rows]


def _heading(last: float, mean: float, low: float, high: float) -> Heading:
    turn = Turn.SAME
    if abs(mean - last) >= TURN:
        turn = Turn.HIGHER if mean > last else Turn.LOWER
    return Heading(max(10, 5 * floor(20 * low)), min(80, 5 * ceil(20 * high)), turn)


def _share(cell: Cell) -> float:
    if not isinstance(cell, Released):
        return float("nan")
    if cell.shares is None:
        return _MIDDLES[cell.band]
    return _OPEN.get(cell.shares.resistant, cell.shares.resistant / 100)


def _people(cell: Cell) -> int:
    return _LEAST[cell.size] if isinstance(cell, Released) else _LEAST[Size.FEW]
