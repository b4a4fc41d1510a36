"""Figures made coarse, so that they say how a group stands and not what the last answer was.

Only `confidentiality` releases what comes of it; nothing here decides whether it may.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, TypeVar

Label = TypeVar("Label")

ENOUGH_TO_NAME: Final = 3  # so many people share a barrier or theme before it is named


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


def band_of(share: float) -> Band:
    """The band that the share of resistance lies in."""
    limits = ((0.2, Band.LOW), (0.35, Band.SOME), (0.5, Band.MUCH))
    return next((band for limit, band in limits if share < limit), Band.HALF)


def size_of(n: int) -> Size:
    """The class of a group of so many people."""
    limits = ((10, Size.FEW), (20, Size.TENS), (50, Size.DOZENS))
    return next((size for limit, size in limits if n < limit), Size.MANY)


def rate_of(n: int, invited: int) -> Rate:
    """How many of those who were asked answered."""
    if 3 * n < invited:
        return Rate.UNDER_A_THIRD
    return Rate.ABOUT_HALF if 3 * n <= 2 * invited else Rate.MOST


def named(labels: Iterable[Label], order: Sequence[Label]) -> list[Label]:
    """The labels that enough share, the most frequent first."""
    counts = Counter(labels)
    enough = [label for label in order if counts[label] >= ENOUGH_TO_NAME]
    return sorted(enough, key=lambda label: -counts[label])  # stable: ties in the code's order


def percent(share: float) -> int:
    """The share in steps of 5 per cent; 10 means that or less, 80 that or more.

    >>> percent(0.33), percent(0.02), percent(0.99)
    (35, 10, 80)
    """
    return cut(5 * round(20 * share))


def cut(percent: int) -> int:
    """The percentage between 10 and 80."""
    return min(80, max(10, percent))
