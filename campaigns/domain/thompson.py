"""Which of several variants comes next: the better one did, the more often, and none ever vanishes.

Thompson sampling with normal posteriors, as probabilities rather than as a draw, so that the exact
chance of each choice can be kept beside it. Nobody's answer is in here, only sums of many.

With n_k outcomes of variant k, their mean m_k and the variance v pooled over all variants, the mean
of k is taken to be N(m_k, v / n_k), and the chance that k is best is

    b_k = ∫ φ(x; m_k, v/n_k) Π_{j≠k} Φ(x; m_j, v/n_j) dx,    p_k = f + (1 - K f) b_k

φ and Φ are the density and the distribution function, K is the number of variants, f the floor.
Until each variant has `ENOUGH` outcomes, p_k = 1/K.

>>> even = [Record(24, 5.0, 2.0), Record(90, 20.0, 8.0)]
>>> probabilities(even)
[0.5, 0.5]
>>> better = [Record(60, 3.0, 6.0), Record(60, 15.0, 9.0)]
>>> [round(p, 2) for p in probabilities(better)]
[0.1, 0.9]

Source: W. R. Thompson, Biometrika 25 (1933); floors, so that each choice can be weighed later:
Deliu et al. 2021, and arXiv 2104.14074.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, pi, prod, sqrt

ENOUGH = 25  # outcomes of each variant; before, a mean of values between 0 and 1 is mostly chance
FLOOR = 0.10  # so that the last variant of five still gets half of what it would get evenly
LEAST_VARIANCE = 0.02
_STEPS = 200  # of the integral; its error is below 1e-6
_REACH = 6.0  # standard deviations


@dataclass(frozen=True, slots=True)
class Record:
    """How one variant did so far: outcomes, their sum, and the sum of their squares."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float:
        """The mean outcome; 0 where there is none."""
        return self.total / self.n if self.n else 0.0

    def plus(self, value: float) -> "Record":
        """It with one outcome more."""
        return Record(self.n + 1, self.total + value, self.squares + value * value)


NO_RECORD = Record()


def probabilities(records: Sequence[Record]) -> list[float]:
    """The chance of each variant to be chosen; they sum to 1 and none is below `FLOOR`."""
    if any(one.n < ENOUGH for one in records):
        return [1 / len(records)] * len(records)
    means = [one.mean for one in records]
    within = sum(one.squares - one.n * m * m for one, m in zip(records, means, strict=True))
    variance = max(LEAST_VARIANCE, within / (sum(one.n for one in records) - len(records)))
    sds = [sqrt(variance / one.n) for one in records]
    best = [_best(k, means, sds) for k in range(len(records))]
    free = 1 - len(records) * FLOOR
    return [FLOOR + free * one / sum(best) for one in best]


def _best(k: int, means: Sequence[float], sds: Sequence[float]) -> float:
    """The chance that variant `k` has the highest mean, by the midpoint rule."""
    width = 2 * _REACH / _STEPS
    found = 0.0
    for step in range(_STEPS):
        z = -_REACH + (step + 0.5) * width
        x = means[k] + z * sds[k]
        others = (j for j in range(len(means)) if j != k)
        below = prod(_below((x - means[j]) / sds[j]) for j in others)
        found += width * exp(-z * z / 2) / sqrt(2 * pi) * below
    return found


def _below(z: float) -> float:
    return (1 + erf(z / sqrt(2))) / 2
