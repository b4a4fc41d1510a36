"""Where a team's resistance is heading over the next periods, made of published figures alone.

Pure numpy. What a team said last is half chance; what all teams said is not about this one. So a
team's distance from all is carried on from period to period, weighed by how sure each figure is:

    y[i,t] = m[t] + a[i,t] + e,      e ~ N(0, V[c])        the figure that was published
    a[i,t] = f a[i,t-1] + w,         w ~ N(0, (1 - f^2) A[c]),     a[i,0] ~ N(0, A[c])

with y a team's published share, m the mean of the period's figures, f = `FADES`, c the size class
of the figure. The variances come from the organisation's own past and are shrunk to `USUAL`:

    A[c] = mean of (y[t] - m[t]) (y[t+1] - m[t+1]) / f,     V[c] = mean of (y[t] - m[t])^2 - A[c]

A figure is taken in with k = P / (P + V): a <- a + k (y - m - a), P <- (1 - k) P; a period without
one only moves a. What moved all teams mostly settles: h periods ahead m is r + s^h (m - r), r the
mean of m so far, s = `STAYS`. The outlook is that plus b f^h a, cut to 0..1; b = `APART`, for means
of uncertain answers lie nearer to each other than people do. Its interval is where the figure that
will be published lies in four of five cases; its variance is

    f^2h P + (1 - f^2h) A + V + h M,     M the mean square of the steps that m has made.

Source: damped steady models, Harrison & Stevens, JRSS B 38 (1976); the filter of Kalman, Journal of
Basic Engineering 82 (1960); shrinkage as in Efron & Morris, JASA 70 (1975). `holds` tells whether
it did better than `naive` on the organisation's own past: rolling origin, Tashman, International
Journal of Forecasting 16 (2000).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FADES, STAYS, APART = 0.97, 0.6, 1.2  # chosen on simulated organisations, see bench/forecasting.py
# Size class, by the fewest people of it → A and V, measured on the same.
USUAL: dict[int, tuple[float, float]] = {
    5: (0.0070, 0.0105), 10: (0.0045, 0.0065), 20: (0.0035, 0.0035), 50: (0.0030, 0.0020)
}  # fmt: skip
WORTH = 100  # figures that the usual variances count as
LEAST = 0.001  # no variance is less
Z80 = 1.2816
FIRST = 3  # figures before the first outlook that is tried on the past
LEAST_TEAMS = 5  # shown in each period
LEAST_TRIED = 30  # outlooks on the past, from two origins or more
LEAST_CAUGHT = 0.7  # of them, within what is called an 80 % interval


@dataclass(frozen=True, slots=True)
class Outlook:
    """A team's share some periods on, with its 80 % interval; nan where there is none. [n_teams]"""

    mean: Floats
    low: Floats
    high: Floats


def outlook(share: Floats, people: Ints, ahead: int) -> Outlook:
    """The outlook of each team that was shown last, `ahead` periods after these figures.

    `share` [n_teams, n_periods] are published shares, nan where not shown, with some in each
    period; `people` is the size class of each, a key of `USUAL`.

    >>> share = np.array([[0.42, 0.6, 0.6], [0.12, 0.12, 0.12], [0.12, 0.28, np.nan]])
    >>> found = outlook(share, np.full((3, 3), 5), 1)
    >>> np.round(found.mean, 2).tolist(), np.round(found.low, 2).tolist()
    ([0.53, 0.18, nan], [0.35, 0.0, nan])
    """
    middle = _mean(share, 0)
    distance = share - middle
    between, noise = _variances(distance, people)
    level, doubt = np.zeros(len(share)), between[:, 0]
    for t in range(share.shape[1]):
        if t:
            level, doubt = _later(level, doubt, between[:, t], 1)
        known = ~np.isnan(distance[:, t])
        gain = np.where(known, doubt / (doubt + noise[:, t]), 0.0)
        level = level + gain * (np.where(known, distance[:, t], 0.0) - level)
        doubt = (1 - gain) * doubt
    level, doubt = _later(level, doubt, between[:, -1], ahead)
    usual, steps = middle.mean(), np.diff(middle)
    settled = usual + STAYS**ahead * (middle[-1] - usual)
    mean = np.where(known, np.clip(settled + APART * level, 0.0, 1.0), np.nan)
    moves = ahead * float(steps @ steps) / max(1, len(steps))
    reach = Z80 * np.sqrt(doubt + noise[:, -1] + moves)
    return Outlook(mean, np.clip(mean - reach, 0.0, 1.0), np.clip(mean + reach, 0.0, 1.0))


def naive(share: Floats, ahead: int) -> dict[str, Floats]:
    """What could be said of the same teams without any method; each [n_teams]."""
    last, middle = share[:, -1], _mean(share, 0)[-1]
    shown = ~np.isnan(last)
    return {
        "last value": last,
        "organisation": np.where(shown, middle, np.nan),
        "team's mean": np.where(shown, _mean(share, 1), np.nan),
        "damped": middle + 0.5**ahead * (last - middle),
    }


def holds(share: Floats, people: Ints, ahead: int) -> bool:
    """Whether, tried on this past, outlooks missed less than each naive one, by a standard error of
    the difference or more, and kept to their intervals; never of too short a past.

    Squares are compared, for they are least where the mean is right, however coarse the figures.
    """
    if ((~np.isnan(share)).sum(0) < LEAST_TEAMS).any():
        return False
    tried = list(_tried(share, people, ahead))
    if len(tried) < 2 or sum(len(caught) for caught, _ in tried) < LEAST_TRIED:
        return False
    caught = np.concatenate([one for one, _ in tried])
    gains = np.concatenate([one for _, one in tried], 1)
    error = gains.std(1, ddof=1) / np.sqrt(gains.shape[1])
    return bool(caught.mean() >= LEAST_CAUGHT and (gains.mean(1) > error).all())


def _tried(share: Floats, people: Ints, ahead: int) -> Iterator[tuple[Floats, Floats]]:
    """For each origin: which outlooks caught the figure, and by how much each naive one missed more
    [n_naive, n]."""
    for origin in range(FIRST, share.shape[1] - ahead + 1):
        past, came = share[:, :origin], share[:, origin + ahead - 1]
        found = outlook(past, people[:, :origin], ahead)
        both = ~np.isnan(found.mean) & ~np.isnan(came)
        missed = (found.mean - came) ** 2
        others = np.stack([(one - came) ** 2 for one in naive(past, ahead).values()])
        inside = (found.low <= came) & (came <= found.high)
        yield inside[both].astype(float), (others - missed)[:, both]


def _later(level: Floats, doubt: Floats, between: Floats, periods: int) -> tuple[Floats, Floats]:
    left = FADES**periods
    return left * level, left**2 * doubt + (1 - left**2) * between


def _variances(distance: Floats, people: Ints) -> tuple[Floats, Floats]:
    """A and V of each figure."""
    between, noise = np.full(distance.shape, LEAST), np.full(distance.shape, LEAST)
    squares, products = distance**2, np.full(distance.shape, np.nan)
    products[:, :-1] = distance[:, :-1] * distance[:, 1:] / FADES
    for least, (usual_between, usual_noise) in USUAL.items():
        own = people == least
        among = max(LEAST, _shrunk(products[own], usual_between))
        between[own] = among
        noise[own] = max(LEAST, _shrunk(squares[own], usual_between + usual_noise) - among)
    return between, noise


def _shrunk(found: Floats, usual: float) -> float:
    known = found[~np.isnan(found)]
    return float((known.sum() + WORTH * usual) / (len(known) + WORTH))


def _mean(share: Floats, axis: int) -> Floats:
    """The mean of what is there; nan where nothing is."""
    n = (~np.isnan(share)).sum(axis)
    return np.asarray(np.where(n > 0, np.nansum(share, axis) / np.maximum(1, n), np.nan))
