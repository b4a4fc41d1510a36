"""Whether a team stands out: against the organisation now, and against its own past.

Pure arithmetic on a few numbers a team and period; it must never see a person, and it decides
neither what is shown nor who is told. The organisation's own movement is taken out first: what
moves everybody moves nobody here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Literal

from sentiment.resistance import Confusion


@dataclass(frozen=True, slots=True)
class Point:
    """One team in one closed period, beside everybody else in the organisation.

    `mean` and `n` are of the team's respondents, `rest` and `n_rest` of all others; `variance` is
    that of people within teams.
    """

    period: int
    n: int
    mean: float
    n_rest: int
    rest: float
    variance: float

    @property
    def excess(self) -> float:
        return self.mean - self.rest

    @property
    def noise(self) -> float:
        return self.variance * (1 / self.n + 1 / self.n_rest) + WOBBLE


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far a team stands out, in units of the alarm: from 1 on it does; `since` is a period."""

    kind: Literal["high", "rising"]
    evidence: float
    since: int


# Teams wander by about 4 points from period to period without any cause.
WOBBLE = 0.0016
# Teams lie about 10 points around the organisation, before anything is known of one.
SPREAD = 0.01
# Weight of the newest period; the rest fades.
NEWEST = 0.6
# What a period counts one period later, where the present level is asked for.
MEMORY = 0.8
# So far above the organisation that an agent is worth the while, and the lowest level at that.
MARGIN = 0.10
FLOOR = 0.25
# A period that stands out this much doesn't move the baseline that it stands out from.
CLEAN = 1.0
# A rise has begun where the moving average passes this.
BEGUN = 0.5


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the alarm goes off, in standard deviations.

    Set by simulation (200 teams of 5 to 40, answer rates 20 to 80 %, 26 weeks, 8 seeds), with
    every alarm required to hold without any one person. Closes every 4 weeks: .01 false alarms a
    team and year; of teams turning from 27 to 55 % resistance .12 found within 6 weeks and .34
    within 12, precision .92 (teams of 15 to 40: .03, .33, .61, .93). Closes every 2 weeks: .06,
    .24, .39, .69. Statements about that simulator, not about an organisation.
    """

    rising: float = 2.0
    high: float = 1.0


def rising(points: Sequence[Point]) -> tuple[float, int]:
    """How far the newest periods lie above the team's own past, and since which period.

    For each period t after the first, with excess d_t over the rest and its noise v_t:

        b = sum(d_s / v_s) / (1/T + sum(1 / v_s)),   B = 1 / (1/T + sum(1 / v_s))   over s < t
        z_t = (d_t - b) / sqrt(v_t + B)
        E_t = .6 z_t + .4 E_{t-1}

    `b` is the baseline, drawn toward the organisation by the spread between teams T = .01; periods
    with z above 1 are left out of it. Returned is E over its own standard deviation, and the first
    period of the run in which E stayed above .5. Source: exponentially weighted moving average
    (Roberts, Technometrics 1, 1959) with an empirical-Bayes baseline, risk-adjusted in the manner
    of Grigg, Farewell and Spiegelhalter (Statistical Methods in Medical Research 12, 2003).

    >>> calm = [Point(t, 10, 0.2, 200, 0.2, 0.08) for t in range(4)]
    >>> rising(calm)[0]
    0.0
    >>> score, since = rising([*calm, Point(4, 10, 0.55, 200, 0.2, 0.08)])
    >>> round(score, 1), since
    (2.9, 4)
    """
    precision, weighted = 1 / SPREAD, 0.0
    level, variance, since = 0.0, 0.0, points[-1].period if points else 0
    for position, point in enumerate(points):
        z = 0.0
        if position:
            z = (point.excess - weighted / precision) / sqrt(point.noise + 1 / precision)
            before, level = level, NEWEST * z + (1 - NEWEST) * level
            if before <= BEGUN < level:
                since = point.period
            variance = NEWEST**2 + (1 - NEWEST) ** 2 * variance
        if z <= CLEAN:
            precision += 1 / point.noise
            weighted += point.excess / point.noise
    return (level / sqrt(variance) if variance else 0.0), since


def high(points: Sequence[Point]) -> tuple[float, int]:
    """How surely the team lies more than 10 points above the rest now, and since which period.

        M = sum(g_s d_s / v_s) / (1/T + sum(g_s / v_s)),   V = 1 / (1/T + sum(g_s / v_s))

    with g = .8 to the power of the age in periods. Returned is (M - .10) / sqrt(V), and the first
    period of the run in which the excess stayed above those 10 points.

    >>> score, since = high([Point(t, 12, 0.55, 200, 0.2, 0.08) for t in range(3)])
    >>> round(score, 1), since
    (3.1, 0)
    >>> high([Point(0, 12, 0.2, 200, 0.2, 0.08)])[0] < 0
    True
    """
    if not points:
        return 0.0, 0
    newest = points[-1].period
    precision, weighted, since = 1 / SPREAD, 0.0, newest
    for point in points:
        weight = MEMORY ** (newest - point.period) / point.noise
        precision += weight
        weighted += weight * point.excess
    for point in reversed(points):
        if point.excess <= MARGIN:
            break
        since = point.period
    return (weighted / precision - MARGIN) * sqrt(precision), since


def judge(points: Sequence[Point], thresholds: Thresholds = Thresholds()) -> Judgement | None:
    """How the team stands out; None without a period, or while the level is under 25 %.

    The evidence is the stronger of the two. A team that rose is said to rise even where it is high
    by now, unless it was high before. One that calmed down is not held up by what it was.

    >>> judge([]) is None
    True
    >>> judge([Point(t, 12, 0.6, 200, 0.2, 0.08) for t in range(3)]).kind
    'high'
    """
    if not points or points[-1].mean < FLOOR or points[-1].excess <= 0:
        return None
    rise, rise_since = rising(points)
    level, level_since = high(points)
    evidence = max(rise / thresholds.rising, level / thresholds.high)
    before = [point.excess for point in points if point.period < rise_since]
    rose = bool(before) and sum(before) / len(before) <= MARGIN
    if rise / thresholds.rising >= (min(1.0, evidence) if rose else evidence):
        return Judgement("rising", evidence, rise_since)
    return Judgement("high", evidence, level_since)


@dataclass(frozen=True, slots=True)
class PlainDetector:
    """`judge` with its thresholds, and what corrects the answers it rests on, for watching."""

    confusion: Confusion = field(default_factory=Confusion)
    thresholds: Thresholds = Thresholds()

    def judge(self, points: Sequence[Point]) -> Judgement | None:
        return judge(points, self.thresholds)
