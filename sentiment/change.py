"""Whether a team's people answer otherwise now than the same people did before.

Pure numpy on the sums of `fading`. A team of few people is not one number: who happens to answer
moves its mean more than any change does. So people are compared with themselves, and their lasting
differences, which nobody knows, are integrated out.

Model, answers u of person j in team i:  u = th0 + b_j + e before, u = th1 + b_j + e now, with
b_j ~ N(0, B), e ~ N(0, S), th0 ~ N(0, A). With n0, s0 a person's count and sum before, n1, s1 now,
a = n / S, c = s / S, k = 1 / (1/B + a0 + a1), H = c0 + c1:

    I00 = sum(a0 - a0^2 k) + 1/A,  I11 = sum(a1 - a1^2 k),  I01 = -sum(a0 a1 k)
    h0 = sum(c0 - a0 k H),         h1 = sum(c1 - a1 k H)
    (th0, th1) = I^-1 h,           D = th1 - th0
    V = (I00 + I11 + 2 I01) / (I00 I11 - I01^2) + W f (1 + 1/(T-1)) + 1.3 (1/O0 + 1/O1)

W f is how much a team wobbles by itself (AR(1) with phi, seen through a memory g:
f = (1-g)/(1+g) (1+g phi)/(1-g phi)); O0, O1 are the counts of the whole organisation, T its teams.
Given back are z = D / sqrt(V) and the log Bayes factor of a rise by half a standard deviation,

    L = log N(D; .5, V + .25^2) - log N(D; 0, V).

Answers under a memory g have the variance S / (1 + g) of their weighted sum, so S is that now.
Source: BLUP in a mixed model, Henderson, Biometrics 31 (1975); PulseWatch's windows as memories.
"""

from dataclasses import dataclass

import numpy as np

from sentiment.fading import FAST, SLOW, Floats

PARTS = 5  # numbers a person adds to the team's sums
RISE, RISE_SD = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Spread:
    """Variances of one channel: teams, people, answers, a team's wobble and how long that lasts.

    Measured on simulated organisations, in units of one answer's standard deviation.
    """

    teams: float
    people: float
    answers: float
    wobble: float
    phi: float


OF_ANSWERS = Spread(0.016, 0.32, 0.65, 0.020, 0.6)
OF_SILENCE = Spread(0.085, 0.135, 0.77, 0.020, 0.3)
MEMORY_OF = {1: FAST, 2: SLOW}  # position in `Kept` → how it fades


def parts(person: Floats, now: int, spread: Spread) -> Floats:
    """What each person adds to I00, I11, I01, h0, h1: [P, 5]; `person` [P, 3, 2], `now` 1 or 2.

    Before is whatever the slow memory has forgotten.
    """
    before = person[:, 0] - person[:, 2]
    s = spread.answers
    a0, c0 = before[:, 0] / s, before[:, 1] / s
    sharper = (1 + MEMORY_OF[now]) / s
    a1, c1 = person[:, now, 0] * sharper, person[:, now, 1] * sharper
    k = 1 / (1 / spread.people + a0 + a1)
    h = c0 + c1
    return np.stack(
        [a0 - a0 * a0 * k, a1 - a1 * a1 * k, -a0 * a1 * k, c0 - a0 * k * h, c1 - a1 * k * h], -1
    )


def finding(
    sums: Floats, now: int, spread: Spread, counted: Floats, n_teams: int
) -> tuple[Floats, Floats]:
    """z and L from sums of `parts` over people, [..., 5]; `counted` [3] is the organisation's.

    >>> calm, cross = np.full((8, 3, 2), 0.0), np.full((8, 3, 2), 0.0)
    >>> calm[..., 0] = cross[..., 0] = [12.0, 2.0, 7.0]  # counts: in all, fast, slow
    >>> cross[..., 1] = [3.0, 2.0, 3.0]  # sums: all of it in the newest weeks
    >>> for people in (calm, cross):
    ...     sums = parts(people, 2, OF_ANSWERS).sum(0)
    ...     z, evidence = finding(sums, 2, OF_ANSWERS, np.array([2400, 400, 1400.0]), 200)
    ...     print(round(float(z), 1), round(float(evidence), 1))
    0.0 -2.1
    2.8 3.2
    """
    i00, i11, i01, h0, h1 = np.moveaxis(sums, -1, 0)
    i00, i11 = i00 + 1 / spread.teams, i11 + 1e-6
    det = i00 * i11 - i01 * i01
    change = (i00 * h1 - i01 * h0) / det - (i11 * h0 - i01 * h1) / det
    g, phi = MEMORY_OF[now], spread.phi
    lasting = (1 - g) / (1 + g) * (1 + g * phi) / (1 - g * phi)
    variance = (
        (i00 + i11 + 2 * i01) / det
        + spread.wobble * lasting * (1 + 1 / max(1, n_teams - 1))
        + 1.3 / max(1.0, counted[now] * (1 + g))
        + 1.3 / max(1.0, counted[0] - counted[2])
    )
    wide = variance + RISE_SD**2
    ratio = np.log(variance / wide) - (change - RISE) ** 2 / wide + change**2 / variance
    return change / np.sqrt(variance), 0.5 * ratio
