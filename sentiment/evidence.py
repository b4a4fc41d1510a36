"""How much speaks for a team needing somebody: rising, high, gone quiet, or both, on one scale.

Pure numpy. Each of the four patterns is a weighted sum of the same twelve findings, because each of
them is worth more beside the others: a rise says more in a team that also stands high, and silence
says more in one that rises. Only quiet rests on silence alone.

    evidence of pattern k = b_k + w_k . f,   score = ln(sum over k of exp(evidence of k))

with f: z and L of `change`, fast and slow, of the answers and of silence; both of `standing`; and
the logarithms of the organisation's resistance so far and now over .225, which hold the rate of
false alarms steady where a whole organisation is against it. `WEIGHTS` were fitted by logistic
regression on simulated organisations of many kinds, whose changes came at any time. The score is a
rank, no probability: it must never be shown as one. Source: a mixture whose parts are linear in the
log odds, fitted by maximum likelihood (Bishop, Pattern Recognition and Machine Learning, 14.5).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sentiment import change, standing
from sentiment.change import OF_ANSWERS, OF_SILENCE
from sentiment.fading import ANSWERS, SILENCE, SLOW, Bools, Floats, Ints, Kept
from sentiment.weights_of_evidence import BIAS as BIAS
from sentiment.weights_of_evidence import WEIGHTS as WEIGHTS

Kind = Literal["rising", "high", "quiet"]
RISING, HIGH, QUIET, TURNING = range(4)  # the rows of WEIGHTS; turning: rises and goes quiet
KINDS: tuple[Kind, ...] = ("rising", "high", "quiet", "quiet")  # where the rise is not clear
USUAL = 0.225  # resistance of an organisation that nothing special happens to
NOTHING = -30.0  # a team of which nothing can be said
LEAST_PEOPLE = 5  # who answered in the last ten weeks, or could have
RECENT = SLOW**9.5  # the weight of something ten weeks ago
FIRST_WEEK = 4  # nothing is said before so many weeks are closed
CLEAR = -1.0  # below this no alarm is near
LEAN = 2.0  # so much of an alarm's evidence may rest on one person
RISEN = 1.5  # standard deviations

_CHANGES = [(channel, now) for channel in (ANSWERS, SILENCE) for now in (1, 2)]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each team: `patterns` [n_teams, 4], and `score` [n_teams] of all together.

    `without` [n_teams] is the lowest score that leaving out any one member gives; `rose` [n_teams]
    marks teams whose answers clearly rose and were not high before.
    """

    patterns: Floats
    score: Floats
    without: Floats
    rose: Bools

    def kind(self, team: int) -> Kind | None:
        """What to say of that team; None where nothing can be said.

        A team that rose is said to rise, however high it stands by now.
        """
        strongest = int(self.patterns[team].argmax())
        if self.patterns[team, strongest] <= NOTHING:
            return None
        if strongest != QUIET and self.rose[team]:
            return "rising"
        return KINDS[strongest]

    def solid(self) -> Floats:
        """The score, held down where it rests on one person: it is at most `LEAN` above what is
        left without any one member."""
        return np.minimum(self.score, self.without + LEAN)


def weigh(kept: Kept, team: Ints, n_teams: int) -> Evidence:
    """The evidence of every team after the last closed week; `team` [P] as in `Week`."""
    parts = _parts(kept.people)
    sums: Floats = np.stack([_sums(column, team, n_teams) for column in parts.T], -1)
    enough = _enough(kept, team, n_teams)
    found = findings(sums, kept, n_teams)
    patterns = np.where(enough, found @ WEIGHTS.T + BIAS, NOTHING)
    score = np.logaddexp.reduce(patterns, axis=-1)
    without = _without(kept, team, parts, sums, enough, score)
    rose = (np.maximum(found[:, 0], found[:, 2]) >= RISEN) & ~_high_before(kept, team, n_teams)
    return Evidence(patterns, score, without, rose)


def findings(sums: Floats, kept: Kept, n_teams: int) -> Floats:
    """The twelve numbers f of each row of sums, [..., 12]."""
    found: list[Floats] = []
    for position, (channel, now) in enumerate(_CHANGES):
        own = sums[..., position * change.PARTS : (position + 1) * change.PARTS]
        spread = OF_ANSWERS if channel == ANSWERS else OF_SILENCE
        found += change.finding(own, now, spread, kept.counted[channel], n_teams)
    found += standing.finding(sums[..., -standing.PARTS :], OF_ANSWERS, kept.spread)
    so_far = float(kept.answers[0, 1] / max(1.0, kept.answers[0, 0]))
    for level, most in ((so_far, 0.6), (kept.middle, 0.7)):
        found.append(np.full_like(found[0], np.log(np.clip(level, 0.05, most) / USUAL)))
    return np.stack(found, -1)


def _sums(column: Floats, team: Ints, n_teams: int) -> Floats:
    return np.asarray(np.bincount(team, column, n_teams), float)


def _parts(people: Floats) -> Floats:
    """What each person adds to the sums of their team, for all findings at once."""
    parts = [
        change.parts(people[:, channel], now, OF_ANSWERS if channel == ANSWERS else OF_SILENCE)
        for channel, now in _CHANGES
    ]
    return np.concatenate([*parts, standing.parts(people[:, ANSWERS], OF_ANSWERS)], -1)


def _enough(kept: Kept, team: Ints, n_teams: int) -> Bools:
    """Which patterns can be said of which teams, [n_teams, 4]."""
    recent = (kept.people[:, :, 2, 0] >= RECENT).astype(float)
    answered = np.bincount(team, recent[:, ANSWERS], n_teams) >= LEAST_PEOPLE
    asked = np.bincount(team, recent[:, SILENCE], n_teams) >= LEAST_PEOPLE
    started = kept.weeks >= FIRST_WEEK
    return np.stack([answered, answered, asked, answered], -1) & started


def _high_before(kept: Kept, team: Ints, n_teams: int) -> Bools:
    """Which teams stood high already in what the slow memory has forgotten."""
    before = kept.people[:, ANSWERS, 0] - kept.people[:, ANSWERS, 2]
    counts, sums = (np.bincount(team, column, n_teams) for column in before.T)
    return np.asarray(sums > standing.MARGIN / kept.spread * counts)


def _without(
    kept: Kept, team: Ints, parts: Floats, sums: Floats, enough: Bools, score: Floats
) -> Floats:
    """The lowest score of each team when one of its members is left out; only where it matters."""
    lowest = score.copy()
    members = np.nonzero((score > CLEAR)[team])[0]
    if len(members):
        of = team[members]
        left = findings(sums[of] - parts[members], kept, len(score))
        patterns = np.where(enough[of], left @ WEIGHTS.T + BIAS, NOTHING)
        np.minimum.at(lowest, of, np.logaddexp.reduce(patterns, axis=-1))
    return lowest
