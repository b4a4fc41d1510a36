"""One person's answers in the order they came: where they usually stand, and whether they moved.

Pure arithmetic on a person's own values (`resistance.value`), read by code only: what comes of it
chooses a follow-up and weighs its effect, and must never be shown, stored or added up by person.
"""

from collections.abc import Sequence
from enum import StrEnum

USUAL = 0.25  # where somebody of whom nothing is known stands: the mean of simulated organisations
PRIOR = 2.0  # so many answers that is worth
# The rest is the last answer, which tells more than older ones. In simulated organisations the mean
# answer of the next four weeks is off what is expected by .304 with this share, by .309 with .65.
OF_OWN_MEAN = 0.8
# In simulated organisations nobody's stance need change for an answer to be .30 off what is usual
# (one standard deviation). With this step 1 answer in 7 is called worse and 1 in 13 better there.
STEP = 0.35
ENOUGH = 2  # earlier pulses; with fewer, the mean is mostly that of others


class Trend(StrEnum):
    """How somebody's answer lies to their own earlier ones."""

    WORSE = "worse"
    BETTER = "better"


def usual(earlier: Sequence[float]) -> float:
    """Where the next answer of a person is expected, given the values so far, oldest first.

        b = .8 (2 m + x1 + ... + xk) / (2 + k) + .2 xk

    `x` are the person's values, `k` how many, `m` = .25 what is assumed of everybody; without any
    answer b = m. It knows nothing of what comes later, so that an effect can be measured from it.

    >>> usual([]), round(usual([0.9]), 3), round(usual([0.1, 0.1, 0.9]), 3)
    (0.25, 0.553, 0.436)
    """
    if not earlier:
        return USUAL
    own = (PRIOR * USUAL + sum(earlier)) / (PRIOR + len(earlier))
    return OF_OWN_MEAN * own + (1 - OF_OWN_MEAN) * earlier[-1]


def trend(earlier: Sequence[float], latest: float) -> Trend | None:
    """Whether the latest value is clearly off the usual; None where it is not, or too few came.

    >>> trend([0.1, 0.2], 0.8), trend([0.1, 0.2], 0.4), trend([0.1], 0.9)
    (<Trend.WORSE: 'worse'>, None, None)
    """
    if len(earlier) < ENOUGH:
        return None
    moved = latest - usual(earlier)
    if abs(moved) < STEP:
        return None
    return Trend.WORSE if moved > 0 else Trend.BETTER
