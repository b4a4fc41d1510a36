"""How often a follow-up is said to help when none does, and how soon one that does is found.

    python bench/holdout.py [runs]      # 200 campaigns of 26 weeks a row, looked at every week

Whoever answers with resistance of .5 or more gets a follow-up or is held out, at most six times and
three weeks apart; what counts is the next answer within four weeks. Draws, expected answers, sums
and the verdict are the product's own functions. The simulator is run twice with one seed, once with
everybody moved by `SHIFT`: so both answers of each person and week are known, the one after a
follow-up and the one without, and with them the true effect. Beside it stand what two usual ways
claim: before and after, and an interval for one look that is taken every week. Statements about a
simulator, not about an organisation.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from random import Random

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.orgsim import simulate
from bench.orgsim.simulation import Bools, Floats
from campaigns.domain.confidentiality import ReleasedEffect, release_effect
from campaigns.domain.experiments import Arm, Tally, Unit, Verdict
from campaigns.domain.holdout import hold_out
from sentiment.course import usual

SEED = 21000
RUNS = 200
WEEKS = 26
SHIFT = 0.95  # on the logit scale: about .105 of resistance less at the next answer
RESISTANT = 0.5
MOST, APART, HORIZON = 6, 3, 4
PEOPLE_A_TEAM = 9  # fewer than the mean, so that there are always enough people to cut from
# People, share held out, and how often the reference found the effect. It had more outcomes a
# person (370 of 200 people, 1,869 of 1,000), so it is compared where there are as many.
ROWS = (
    (320, 0.2, "0.38"),
    (1630, 0.2, "1.00"),
    (200, 0.2, ""),
    (1000, 0.2, ""),
    (1000, 0.1, ""),
    (1000, 0.5, ""),
)


@dataclass(frozen=True, slots=True)
class Lived:
    """One campaign: [n_people, n_weeks] of who answered, and what without and after a message."""

    answered: Bools
    without: Floats
    after: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision, in the week in which it counts; `true` is what the message does there."""

    week: int
    person: int
    held: bool
    before: float
    change: float
    following: float
    true: float


@dataclass(frozen=True, slots=True)
class Found:
    """What each way of looking claimed in one campaign, at any of its looks."""

    n: int
    mean: float
    reach: float
    true: float
    helps: bool
    claimed: bool
    peeked: bool
    before_after: bool


def lived(n_people: int, seed: int, shift: float) -> Lived:
    """The first `n_people` of an organisation, and the same moved by a message."""
    n_teams = -(-n_people // PEOPLE_A_TEAM)
    usually, moved = (
        simulate("null", seed, n_teams=n_teams, mu=mu, weeks=WEEKS) for mu in (-2.05, -2.05 - shift)
    )
    answered = usually.resp[:n_people]
    return Lived(answered, usually.pot[3][:n_people], moved.pot[3][:n_people])


def outcomes(one: Lived, share: float, chance: Random) -> Iterator[Outcome]:
    """Every decision with its next answer; chance is asked at each."""
    for person in range(len(one.answered)):
        said: list[float] = []
        decided: list[tuple[int, bool]] = []
        for week in np.flatnonzero(one.answered[person]):
            sent = any(not held and 0 < week - at <= HORIZON for at, held in decided)
            said.append(float((one.after if sent else one.without)[person, week]))
            far = not decided or week - decided[-1][0] >= APART
            if said[-1] >= RESISTANT and far and len(decided) < MOST:
                held = hold_out(share, chance.random()).held
                decided.append((int(week), held))
                yield from _following(one, person, int(week), said, held=held)


def _following(
    one: Lived, person: int, week: int, said: list[float], *, held: bool
) -> Iterator[Outcome]:
    later = np.flatnonzero(one.answered[person, week + 1 : week + 1 + HORIZON])
    if len(later) and week + HORIZON < WEEKS:
        at = week + 1 + int(later[0])
        without, after = float(one.without[person, at]), float(one.after[person, at])
        found = without if held else after
        change = usual(said) - found
        yield Outcome(week + HORIZON, person, held, said[-1], change, found, without - after)


def look(found: list[Outcome], share: float) -> Found:
    """The verdicts of every week, week after week."""
    found.sort(key=lambda one: one.week)
    tally, helps, claimed, peeked, before_after = Tally(), False, False, False, False
    people: dict[bool, set[int]] = {False: set(), True: set()}
    n = {False: 0, True: 0}
    at = 0
    for week in range(WEEKS):
        while at < len(found) and found[at].week <= week:
            one = found[at]
            tally = tally.plus(Unit((one.change,), one.held, share))
            people[one.held].add(one.person)
            n[one.held] += 1
            at += 1
        sent, held = (Arm(n[side], n[side], len(people[side])) for side in (False, True))
        tally = replace(tally, sent=sent, held=held)
        released = release_effect(tally)
        if isinstance(released, ReleasedEffect):
            helps |= released.verdict is Verdict.HELPS
            claimed |= released.verdict is not Verdict.UNCLEAR
            peeked |= _once(tally)
            before_after |= _moved([one.before - one.following for one in found[:at]])
    effect = tally.effect()
    true = float(np.mean([one.true for one in found])) if found else 0.0
    reach = effect.high - effect.mean
    return Found(tally.n, effect.mean, reach, true, helps, claimed, peeked, before_after)


def _once(tally: Tally) -> bool:
    mean = tally.total / tally.n
    return abs(mean) > 1.96 * sqrt(max(0.0, tally.squares / tally.n - mean * mean) / tally.n)


def _moved(moves: list[float]) -> bool:
    return abs(float(np.mean(moves))) > 1.96 * float(np.std(moves)) / sqrt(len(moves))


def campaigns(n_people: int, share: float, shift: float, runs: int) -> list[Found]:
    """So many campaigns from one seed after another."""
    return [
        look(list(outcomes(lived(n_people, seed, shift), share, Random(seed))), share)
        for seed in range(SEED, SEED + runs)
    ]


def main() -> None:
    """Print both tables."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(f"No effect, {runs} campaigns a row: share in which an effect is ever claimed")
    print("people held  sequence (<= .05)  interval for one look  before and after")
    for n_people, share, _ in ROWS:
        found = campaigns(n_people, share, 0.0, runs)
        claims = [np.mean([getattr(one, name) for one in found]) for name in _CLAIMS]
        print(f"{n_people:6} {share:4.2f}  {claims[0]:17.3f}  {claims[1]:21.3f}  {claims[2]:16.3f}")
    few = max(1, runs // 4)
    print(f"\nA message that helps, {few} campaigns a row")
    print("people held  outcomes  true  estimate  half-width  said to help  reference")
    for n_people, share, reference in ROWS:
        found = campaigns(n_people, share, SHIFT, few)
        n, true, mean, reach, helps = (
            float(np.mean([getattr(one, name) for one in found]))
            for name in ("n", "true", "mean", "reach", "helps")
        )
        print(
            f"{n_people:6} {share:4.2f}  {n:8.0f}  {true:.3f}  {mean:8.3f}  {reach:10.3f}"
            f"  {helps:12.2f}  {reference:>9}"
        )


_CLAIMS = ("claimed", "peeked", "before_after")


if __name__ == "__main__":
    main()
