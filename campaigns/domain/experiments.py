"""Whether a follow-up helps: those who got it against those whom chance held out.

Sums only: no person, no answer and no moment is in here, and what is shown of it goes through
`confidentiality.release_effect`. Looking at it after every close is honest, because the interval
holds at all times together.

One outcome is what a follow-up changed, seen in the person's answers of the next four weeks:

    y = b - x,    psi = (y - c) / (1 - p) where it was sent,    psi = -(y - c) / p where held out

`x` is their mean value (`sentiment.resistance.value`, 0 to 1), `b` where it was expected
from this person's answers before (`sentiment.course.usual`: known before chance is asked), `p` the
probability of being held out, `c = p m1 + (1 - p) m0` of the mean `y` so far where it was sent and
where it was not: subtracting what is known before takes spread away and moves nothing. The mean of
psi is the effect, in points of resistance less. Where a whole team shares one draw, `y` is the
team's mean after that pulse, and counts as one.

>>> tally = Tally()
>>> for spread in (-0.2, 0.2) * 150:
...     tally = tally.plus(Unit((0.2 + spread, 0.4 + spread), held=False, p_held=0.5))
...     tally = tally.plus(Unit((0.1 - spread,), held=True, p_held=0.5))
>>> effect = tally.effect()
>>> round(effect.mean, 2), round(effect.low, 2), round(effect.high, 2)
(0.2, 0.13, 0.27)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from math import inf, log, sqrt
from typing import Any

from campaigns.domain.thompson import NO_RECORD, Record

HORIZON = timedelta(days=28)  # answers count within so long after the message was due
ALPHA = 0.05  # of the chance that the interval is ever wrong
TIGHTEST_AT = 200  # outcomes at which it is narrowest for its level
WORTH = 0.10  # ten points less of resistance: the effect that must not be missed
POWER_Z = 0.84  # four times in five
MOST = 1_000_000


class Verdict(StrEnum):
    """What the interval says."""

    HELPS = "helps"
    UNCLEAR = "cannot tell yet"
    HARMS = "does harm"


@dataclass(frozen=True, slots=True)
class Unit:
    """What shared one draw: the changes `b - x` of all in it who answered again."""

    changes: Sequence[float]
    held: bool
    p_held: float

    @property
    def mean(self) -> float:
        """The mean change of all in it."""
        return sum(self.changes) / len(self.changes)

    def psi(self, centre: float) -> float:
        """Its estimate of the effect, weighted by how likely it was to be drawn as it was."""
        off = self.mean - centre
        return -off / self.p_held if self.held else off / (1 - self.p_held)


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect with an interval that holds at every look at once, with 95 %."""

    mean: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """Clear only once the interval leaves 0 out."""
        if self.low > 0:
            return Verdict.HELPS
        return Verdict.HARMS if self.high < 0 else Verdict.UNCLEAR


@dataclass(frozen=True, slots=True)
class Arm:
    """One side: `decided` occasions, after how many the person `answered` again, and of how many
    `people` it is known at least that they did."""

    decided: int = 0
    answered: int = 0
    people: int = 0

    def plus(self, decided: int, answered: int, people: int) -> "Arm":
        """It with what came since; people may be the same as before."""
        return Arm(self.decided + decided, self.answered + answered, max(self.people, people))


@dataclass(frozen=True, slots=True)
class Tally:
    """All that is kept of a rule's outcomes: units, sums of their psi, both arms and the changes in
    them, the variants."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    sent: Arm = Arm()
    held: Arm = Arm()
    if_sent: Record = NO_RECORD
    if_held: Record = NO_RECORD
    variants: Mapping[str, Record] = field(default_factory=dict)

    def plus(self, unit: Unit) -> "Tally":
        """It with one unit more, if anybody in it answered again."""
        if not unit.changes:
            return self
        p = unit.p_held
        psi = unit.psi(p * self.if_sent.mean + (1 - p) * self.if_held.mean)
        total, squares = self.total + psi, self.squares + psi * psi
        more = replace(self, n=self.n + 1, total=total, squares=squares)
        if unit.held:
            return replace(more, if_held=self.if_held.plus(unit.mean))
        return replace(more, if_sent=self.if_sent.plus(unit.mean))

    def effect(self) -> Effect:
        """The mean of psi, and around it

            s √( 2 (n r + 1) / (n² r) · ln( √(n r + 1) / a ) ),
            r = (-2 ln a + ln(-2 ln a) + 1) / 200

        with `n` units, `s` the standard deviation of their psi and a = .05. Asymptotic: of use
        from some dozens of outcomes on. Source: Waudby-Smith et al., arXiv 2103.06476.
        """
        if not self.n:
            return Effect(0.0, -inf, inf)
        mean = self.total / self.n
        reach = self._deviation() * _reach(self.n)
        return Effect(mean, mean - reach, mean + reach)

    def still_needed(self) -> int:
        """How many people more have to answer again until an effect of `WORTH` would show four
        times in five, if each does once; 0 where it would by now."""
        deviation = self._deviation()
        low, high = 1, MOST
        while low < high:
            n = (low + high) // 2
            enough = deviation * (_reach(n) + POWER_Z / sqrt(n)) <= WORTH
            low, high = (low, n) if enough else (n + 1, high)
        each = (self.sent.answered + self.held.answered) / max(1, self.n)
        return max(0, round((low - self.n) * each))

    def _deviation(self) -> float:
        mean = self.total / max(1, self.n)
        return sqrt(max(0.0, self.squares / max(1, self.n) - mean * mean))


def _reach(n: int) -> float:
    """Half the width of the interval after `n` units, for a standard deviation of 1."""
    r = (-2 * log(ALPHA) + log(-2 * log(ALPHA)) + 1) / TIGHTEST_AT
    return sqrt(2 * (n * r + 1) / (n * n * r) * log(sqrt(n * r + 1) / ALPHA))


def from_json(values: Mapping[str, Any]) -> Tally:
    """The tally that `dataclasses.asdict` turned into plain values."""
    variants = {key: Record(**record) for key, record in values["variants"].items()}
    arms = {name: Arm(**values[name]) for name in ("sent", "held")}
    changes = {name: Record(**values[name]) for name in ("if_sent", "if_held")}
    return Tally(**{**values, **arms, **changes, "variants": variants})
