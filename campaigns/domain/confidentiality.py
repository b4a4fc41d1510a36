"""The one door through which figures about groups leave: nothing else can make a `Released`.

Pages, charts, exports and messages about teams accept a `Released` or a `Withheld` and nothing
else. A `Withheld` says nothing: an empty group, a small one and a protected one look the same.
This module must never hand out a person's value, a count, or the reason why a cell is not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sentiment.labels import Barrier, Theme


class Band(StrEnum):
    """How much resistance there is in a group, open at both ends."""

    LOW = "under 20 %"
    SOME = "20 to 35 %"
    MUCH = "35 to 50 %"
    HALF = "half or more"


class Size(StrEnum):
    """How many people a figure rests on."""

    FEW = "5-9"
    TENS = "10-19"
    DOZENS = "20-49"
    MANY = "50+"


class Rate(StrEnum):
    """How many of the people who were asked have answered; known from 8 invited on."""

    UNDER_A_THIRD = "under a third"
    ABOUT_HALF = "about half"
    MOST = "most"


_KEY: Final = object()


def _guard(key: object) -> None:
    if key is not _KEY:
        raise TypeError("Only the confidentiality module can release a figure.")


@dataclass(frozen=True, slots=True)
class Shares:
    """Stances in percent: multiples of 5; 10 means "10 or less", 80 means "80 or more".

    The four need not sum to 100. `interval` is where the resistant share lies with 90 % confidence,
    in the same coarse steps.
    """

    resistant: int
    ambivalent: int
    neutral: int
    supportive: int
    interval: tuple[int, int]
    _key: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        _guard(self._key)


@dataclass(frozen=True, slots=True)
class Released:
    """What may be known about one group in one closed period.

    `shares` only from 20 respondents on; `barrier` and `themes` only from `minimum_for_words`
    respondents on, and each only where at least 3 people share it. Made here only: building one
    elsewhere raises TypeError.
    """

    band: Band
    size: Size
    shares: Shares | None = None
    rate: Rate | None = None
    barrier: Barrier | None = None
    themes: tuple[Theme, ...] = ()
    _key: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        _guard(self._key)


@dataclass(frozen=True, slots=True)
class Withheld:
    """Not shown. All are equal: there is no reason and no count in it."""


Cell = Released | Withheld
WITHHELD: Final = Withheld()


def to_json(cell: Cell) -> Mapping[str, Any]:
    """The cell as plain values; an empty mapping stands for a withheld one."""
    if isinstance(cell, Withheld):
        return {}
    shares = cell.shares
    return {
        "band": cell.band.name,
        "size": cell.size.name,
        "shares": shares and [*_stances(shares), *shares.interval],
        "rate": cell.rate and cell.rate.name,
        "barrier": cell.barrier,
        "themes": list(cell.themes),
    }


def _stances(shares: Shares) -> tuple[int, int, int, int]:
    return shares.resistant, shares.ambivalent, shares.neutral, shares.supportive


def _shares(numbers: list[int] | None) -> Shares | None:
    if numbers is None:
        return None
    resistant, ambivalent, neutral, supportive, lowest, highest = numbers
    return Shares(resistant, ambivalent, neutral, supportive, (lowest, highest), _key=_KEY)


def from_json(values: Mapping[str, Any]) -> Cell:
    """The cell that `to_json` wrote; of use for what was published before, nothing else."""
    if not values:
        return WITHHELD
    return Released(
        band=Band[values["band"]],
        size=Size[values["size"]],
        shares=_shares(values["shares"]),
        rate=Rate[values["rate"]] if values["rate"] else None,
        barrier=Barrier(values["barrier"]) if values["barrier"] else None,
        themes=tuple(Theme(theme) for theme in values["themes"]),
        _key=_KEY,
    )
