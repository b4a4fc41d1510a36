"""What is kept of a person between two closes: how often and how they answered, fading.

Pure numpy, over all people at once. Two channels: what somebody answered (`ANSWERS`), and whether
somebody who was asked stayed silent (`SILENCE`). For each, a count and a sum over all weeks, and
both again with two memories that fade: twelve numbers a person, whatever the number of weeks.

    n <- g n + 1,   s <- g s + u        with g = 1 (all), .6 (newest weeks) and .9 (last months)

An answer x in 0..1 counts as

    u = (x - m) / d

with m the mean of this week's answers outside the person's team and d the standard deviation of all
of them: what moves the whole organisation moves nobody here. Silence counts as
u = (y - p) / sqrt(p (1 - p)), y = 1 for silent, p the share of silent people outside the team.
Source: exponentially weighted moving averages, Roberts, Technometrics 1 (1959).
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

FAST, SLOW = 0.6, 0.9
MEMORIES = np.array([1.0, FAST, SLOW])
ANSWERS, SILENCE = 0, 1
NUMBERS = 12  # a person: 2 channels x 3 memories x (count, sum)
LEAST_OTHERS = 10  # answers outside a team that its own are compared with
LEAST_VARIANCE = 0.08  # of answers in a week, even where all agree


@dataclass(frozen=True, slots=True)
class Week:
    """One closed week: the team of each person, whom a pulse reached, and what they answered.

    `team` [P] holds positions 0..n_teams-1; `asked` [P]; `x` [P] is the person's mean resistance
    in 0..1, nan without an answer. An answer of somebody who was not asked counts as asked.
    `urged` [n_teams] marks teams that got a reminder others did not: their silence says less and
    is left out.
    """

    team: Ints
    n_teams: int
    asked: Bools
    x: Floats
    urged: Bools | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is carried from week to week.

    `people` [P, 2, 3, 2]: channel, memory, (count, sum). `counted` [2, 3]: all counts of the
    organisation. `answers` [3, 2]: count and sum of all answers as they are, a row a memory;
    `middle`, `spread`: mean and standard deviation of the last week that had answers; `weeks`: how
    many were closed.
    """

    people: Floats
    counted: Floats = field(default_factory=lambda: np.zeros((2, 3)))
    answers: Floats = field(default_factory=lambda: np.zeros((3, 2)))
    middle: float = 0.225
    spread: float = 0.35
    weeks: int = 0

    @classmethod
    def nothing(cls, n_people: int) -> "Kept":
        """Before the first week."""
        return cls(np.zeros((n_people, 2, 3, 2)))


def after(kept: Kept, week: Week) -> Kept:
    """What is kept once this week is closed; the order of people makes no difference.

    >>> week = Week(np.repeat([0, 1], 20), 2, np.ones(40, bool), np.tile([0.2, 0.8], 20))
    >>> later = after(after(Kept.nothing(40), week), week)
    >>> later.people[0, ANSWERS, :, 0].tolist()  # answered twice: in all, fast, slow
    [2.0, 1.6, 1.9]
    >>> np.round(later.people[:2, ANSWERS, 0, 1], 1).tolist()  # below and above the others
    [-2.0, 2.0]
    """
    answered = ~np.isnan(week.x)
    x = np.where(answered, week.x, 0.0)
    counts, sums = _by_team(week, answered), _by_team(week, x)
    others = counts.sum() - counts
    known = answered & (others >= LEAST_OTHERS)[week.team]
    middle, spread = kept.middle, kept.spread
    if answered.any():
        middle = float(sums.sum() / counts.sum())
        spread = float(np.sqrt(max(LEAST_VARIANCE, week.x[answered].var())))
    outside = (sums.sum() - sums) / np.maximum(1, others)
    u = np.where(known, (x - outside[week.team]) / spread, 0.0)
    asked, silence = _silence(week, answered)
    new = np.stack([np.stack([known, u], -1), np.stack([asked, silence], -1)], 1)
    return replace(
        kept,
        people=kept.people * MEMORIES[:, None] + new[:, :, None, :],
        counted=kept.counted * MEMORIES + new[:, :, 0].sum(0)[:, None],
        answers=kept.answers * MEMORIES[:, None] + np.array([counts.sum(), sums.sum()]),
        middle=middle,
        spread=spread,
        weeks=kept.weeks + 1,
    )


def _silence(week: Week, answered: Bools) -> tuple[Bools, Floats]:
    """Whom silence could be counted of, and by how much it was more than that of the others."""
    asked = week.asked | answered
    if week.urged is not None:
        asked = asked & ~week.urged[week.team]
    silent = asked & ~answered
    counts, sums = _by_team(week, asked), _by_team(week, silent)
    others = counts.sum() - counts
    counted = asked & (others >= LEAST_OTHERS)[week.team]
    p = np.clip((sums.sum() - sums) / np.maximum(1, others), 0.05, 0.95)
    u = (silent - p[week.team]) / np.sqrt(p * (1 - p))[week.team]
    return counted, np.where(counted, u, 0.0)


def _by_team(week: Week, values: Floats | Bools) -> Floats:
    return np.asarray(np.bincount(week.team, values, week.n_teams), float)
