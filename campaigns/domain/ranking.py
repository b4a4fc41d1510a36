"""The order of teams by evidence, in words, where an alarm is rare and an order always of use.

Pure. A team that is not shown has no place in it, whether it is small, empty or would give others
away. There is no number in it, because none could be kept.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from campaigns.domain.alerts import LOWER, UPPER, Strength, strength


class Sign(StrEnum):
    """What speaks for a team needing somebody."""

    STRONG = "strong"
    SOME = "some"
    NONE = "none"


def rank(solid: Mapping[int, float], shown: Collection[int]) -> dict[int, tuple[Sign, int]]:
    """Team → its sign and its place, from 1 on, among those that are shown.

    `solid` is the evidence that stays without any one person, in units of the alarm.
    """
    known = {team: value for team, value in solid.items() if team in shown}
    order = sorted(known, key=lambda team: (-known[team], team))
    return {team: (sign(known[team]), place) for place, team in enumerate(order, 1)}


def sign(evidence: float) -> Sign:
    """The evidence in a word.

    >>> sign(0.2).value, sign(0.7).value, sign(1.2).value, sign(1.6).value
    ('none', 'some', 'some', 'strong')
    """
    if evidence >= UPPER:
        return Sign.STRONG if strength(evidence) is Strength.STRONG else Sign.SOME
    return Sign.SOME if evidence >= LOWER else Sign.NONE
