"""From answers to a team's resistance: one value a person, one estimate with an interval a team.

Pure arithmetic on numbers; it must never see a name or a word, and nothing here decides what may
be shown. Resistance is a value between 0 and 1: the chance that this person stands against the
change, as far as the own answers of one period tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

# What one answer tells, in log odds. Fitted once on simulated answers of people whose stance was
# known (area under the curve .967); a scale is counted in steps of a five-point scale.
BASE = -0.90
ONE_SCALE = 1.45
SEVERAL_SCALES = 2.20
TEXT_BASE = 0.46
TEXT = 1.43

SURE = 0.90  # one text alone never proves anything: it counts as at most this sure


@dataclass(frozen=True, slots=True)
class Confusion:
    """How well the scorer knows resistance: shares of resistant and of other texts it gets right.

    The defaults are cautious, for a model that nobody measured; a model's own figures are on its
    card. Raises ValueError for a scorer no better than chance.
    """

    sensitivity: float = 0.80
    specificity: float = 0.90

    def __post_init__(self) -> None:
        if self.sensitivity + self.specificity <= 1:
            raise ValueError("sensitivity + specificity must be above 1")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one person answered in one period, as means of the own answers.

    `favourable` is where the scale answers lie between the resistant end (0) and the supportive one
    (1); `p_stance` has the probabilities of resistant, ambivalent, neutral, supportive.
    """

    n_scales: int = 0
    favourable: float = 0.5
    n_texts: int = 0
    p_stance: tuple[float, float, float, float] = (0.25, 0.25, 0.25, 0.25)


def together(one: Evidence, other: Evidence) -> Evidence:
    """Both as one, each answer counting the same.

    >>> together(Evidence(n_scales=1, favourable=1.0), Evidence(n_scales=3)).favourable
    0.625
    """
    scales, texts = one.n_scales + other.n_scales, one.n_texts + other.n_texts
    favourable = one.favourable * one.n_scales + other.favourable * other.n_scales
    a, b = one.n_texts, other.n_texts
    p = [(x * a + y * b) / max(1, texts) for x, y in zip(one.p_stance, other.p_stance, strict=True)]
    return Evidence(scales, favourable / max(1, scales), texts, (p[0], p[1], p[2], p[3]))


def corrected_share(observed: float, confusion: Confusion = Confusion()) -> float:
    """The share of resistant texts, given the share that a scorer with this confusion reports.

        share = (observed + sp - 1) / (se + sp - 1), cut to 0..1

    with `se` the sensitivity and `sp` the specificity. Source: Rogan & Gladen, American Journal of
    Epidemiology 107 (1978).

    >>> round(corrected_share(0.31, Confusion(0.80, 0.90)), 2)
    0.3
    >>> corrected_share(0.05, Confusion(0.80, 0.90))
    0.0
    """
    power = confusion.sensitivity + confusion.specificity - 1
    return min(1.0, max(0.0, (observed + confusion.specificity - 1) / power))


def value(evidence: Evidence, confusion: Confusion = Confusion()) -> float:
    """The person's resistance, 0 to 1: scales and texts put together in log odds.

        logit value = -0.90 + w (2 - 4 f) + [texts] (0.46 + 1.43 logit t)

    `f` is `favourable`; `w` is 1.45 for one scale answer, 2.20 for several (their mean is surer);
    `t` is the share of resistance in the texts, corrected for the scorer's confusion and held
    between .10 and .90. Raises ValueError without any answer.

    >>> round(value(Evidence(n_scales=1, favourable=0.0)), 2), round(value(Evidence(1, 1.0)), 2)
    (0.88, 0.02)
    >>> round(value(Evidence(n_texts=1, p_stance=(0.9, 0.1, 0.0, 0.0))), 2)
    0.94
    """
    if not evidence.n_scales and not evidence.n_texts:
        raise ValueError("nothing was answered")
    odds = BASE
    if evidence.n_scales:
        weight = ONE_SCALE if evidence.n_scales == 1 else SEVERAL_SCALES
        odds += weight * (2 - 4 * evidence.favourable)
    if evidence.n_texts:
        share = corrected_share(evidence.p_stance[0], confusion)
        share = min(SURE, max(1 - SURE, share))
        odds += TEXT_BASE + TEXT * log(share / (1 - share))
    return 1 / (1 + exp(-odds))


def stances(
    evidence: Evidence, confusion: Confusion = Confusion()
) -> tuple[float, float, float, float]:
    """The person's stance as four shares that sum to 1; the first is `value`.

    The rest is split as the texts say, and for scales into neutral and supportive: how far the
    answers lie above the middle is support. A scale alone can't tell the ambivalent.

    >>> [round(share, 2) for share in stances(Evidence(n_scales=1, favourable=0.75))]
    [0.09, 0.0, 0.46, 0.46]
    """
    resistant = value(evidence, confusion)
    splits: list[tuple[float, float, float]] = []
    if evidence.n_scales:
        support = max(0.0, 2 * evidence.favourable - 1)
        splits.append((0.0, 1 - support, support))
    if evidence.n_texts:
        _, ambivalent, neutral, supportive = evidence.p_stance
        others = ambivalent + neutral + supportive
        if others > 0:
            splits.append((ambivalent / others, neutral / others, supportive / others))
    if not splits:  # a text that is resistance and nothing else
        splits.append((1.0, 0.0, 0.0))
    rest = (1 - resistant) / len(splits)
    return (
        resistant,
        rest * sum(split[0] for split in splits),
        rest * sum(split[1] for split in splits),
        rest * sum(split[2] for split in splits),
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A team's resistance with an interval."""

    mean: float
    low: float
    high: float


# People differ within a team at least this much, even where the few who answered agree.
LEAST_VARIANCE = 0.02
Z90 = 1.645


def pooled_variance(groups: Sequence[Sequence[float]]) -> float:
    """Variance of people within their groups, never under .02; groups of one tell nothing.

    >>> pooled_variance([[0.0, 1.0], [0.5, 0.5]])
    0.25
    """
    squares, degrees = 0.0, 0
    for group in groups:
        if len(group) > 1:
            mean = sum(group) / len(group)
            squares += sum((number - mean) ** 2 for number in group)
            degrees += len(group) - 1
    return max(LEAST_VARIANCE, squares / degrees) if degrees else LEAST_VARIANCE


def interval(mean: float, n: int, variance: float, z: float = Z90) -> Estimate:
    """The mean of `n` people with its 90 % interval `mean ± z sqrt(variance / n)`, cut to 0..1.

    >>> interval(0.5, 25, 0.25)
    Estimate(mean=0.5, low=0.3355, high=0.6645)
    """
    reach = z * sqrt(variance / n)
    return Estimate(mean, max(0.0, mean - reach), min(1.0, mean + reach))
