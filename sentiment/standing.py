"""How far above the organisation the people who are now in a team stand, as far as they said so.

Pure numpy on the sums of `fading`, slow memory: what a person said months ago counts little. Those
who did not answer are part of the team; what is not known of them widens the interval.

With n, s a person's fading count and sum, a = n / S, c = s / S, k = 1 / (1/B + a), N people:

    th = sum(c - a k c) / (sum(a - a^2 k) + 1/A)
    M  = th + sum(k (c - a th)) / N
    v  = (1 - sum(k a) / N)^2 / (sum(a - a^2 k) + 1/A) + sum(k) / N^2

Given back are z = (M - .13 / d) / sqrt(v), d the standard deviation of one answer, so that from 0
on more speaks for 13 points above the organisation than against it, and M / sqrt(v).
Source: best linear prediction of a finite population's mean, Scott & Smith, JASA 64 (1969).
"""

import numpy as np

from sentiment.change import Spread
from sentiment.fading import Floats

PARTS = 6
MARGIN = 0.13


def parts(person: Floats, spread: Spread) -> Floats:
    """What each person adds to the sums, [P, 6]; `person` is [P, 3, 2] of the answers."""
    a, c = person[:, 2, 0] / spread.answers, person[:, 2, 1] / spread.answers
    k = 1 / (1 / spread.people + a)
    return np.stack([a - a * a * k, c - a * k * c, k * c, k * a, k, np.ones_like(a)], -1)


def finding(sums: Floats, spread: Spread, of_an_answer: float) -> tuple[Floats, Floats]:
    """z and M / sqrt(v) from sums of `parts` over people, [..., 6].

    >>> from sentiment.change import OF_ANSWERS
    >>> people = np.zeros((10, 3, 2))
    >>> people[:, 2] = 5.0, 4.0  # eight tenths of a standard deviation above
    >>> z, above = finding(parts(people, OF_ANSWERS).sum(0), OF_ANSWERS, 0.35)
    >>> round(float(z), 1), round(float(above), 1)
    (2.6, 6.2)
    """
    information, h, kc, ka, k, n = np.moveaxis(sums, -1, 0)
    information, n = information + 1 / spread.teams, np.maximum(1, n)
    level = h / information
    mean = level + (kc - ka * level) / n
    deviation = np.sqrt((1 - ka / n) ** 2 / information + k / n**2)
    return (mean - MARGIN / of_an_answer) / deviation, mean / deviation
