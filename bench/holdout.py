"""How often a follow-up is said to help when none does, and how soon one that does is found.

    python bench/holdout.py [runs]      # 200 campaigns of 26 weeks a row, looked at every week

Whoever answers with resistance of .5 or more gets a follow-up or is held out, at most six times and
three weeks apart; what counts are the answers of the next four weeks. Draws, expected answers, sums
and the verdict are the product's own functions. The simulator is run twice with one seed, once with
everybody moved by `SHIFT`: so both answers of each person and week are known, the one after a
follow-up and the one without, and with them the true effect. Beside it stand what two usual ways
claim: before and after, and an interval for one look that is taken every week. Statements about a
simulator, not about an organisation.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from random import Random
from statistics import fmean

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.orgsim import simulate
from bench.orgsim.simulation import Bools, Floats, Ints
from campaigns.domain.confidentiality import ReleasedEffect, release_effect
from campaigns.domain.experiments import Arm, Tally, Unit, Verdict
from campaigns.domain.holdout import hold_out
from sentiment.course import usual

SEED = 21000
RUNS = 200
WEEKS = 26
SHIFT = 0.95  # on the logit scale: about .105 of resistance less in the next answers
RESISTANT = 0.5
MOST, APART, HORIZON = 6, 3, 4
PEOPLE_A_TEAM = 9  # fewer than the mean, so that there are always enough people to cut from


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign of so many people, the share held out, one by one or by team, and how often the
    reference found the effect. It had more outcomes a person (370 of 200 people, 1,869 of 1,000),
    so it is compared where there are as many."""

    people: int
    share: float
    by_team: bool = False
    reference: str = ""

    def __str__(self) -> str:
        """Its beginning of a line."""
        return f"{self.people:6} {self.share:4.2f} {'team' if self.by_team else 'each':5}"


ROWS = (
    Row(320, 0.2, reference="0.38"),
    Row(1630, 0.2, reference="1.00"),
    Row(200, 0.2),
    Row(1000, 0.2),
    Row(1000, 0.1),
    Row(1000, 0.5),
    Row(1000, 0.2, by_team=True),
    Row(1000, 0.5, by_team=True),
)


@dataclass(frozen=True, slots=True)
class Lived:
    """One campaign: [n_people, n_weeks] of who answered, and what without and after a message;
    [n_people] whose team."""

    answered: Bools
    without: Floats
    after: Floats
    team: Ints


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision, in the week in which it counts; `true` is what the message does there, `draw`
    what those have in common who shared it."""

    week: int
    person: int
    draw: tuple[int, int]
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
    answered, team = usually.resp[:n_people], usually.person_team[:n_people]
    return Lived(answered, usually.pot[3][:n_people], moved.pot[3][:n_people], team)


def outcomes(one: Lived, row: Row, chance: Random) -> Iterator[Outcome]:
    """Every decision with the answers of its next weeks; chance is asked at each, or once for all
    of a team that week."""
    drawn: dict[tuple[int, int], bool] = {}
    for person in range(len(one.answered)):
        said: dict[int, float] = {}
        decided: dict[int, tuple[tuple[int, int], float]] = {}
        for week in map(int, np.flatnonzero(one.answered[person])):
            near = [drawn[draw] for at, (draw, _) in decided.items() if week - at <= HORIZON]
            said[week] = float((one.without if all(near) else one.after)[person, week])
            far = not decided or week - max(decided) >= APART
            if said[week] >= RESISTANT and far and len(decided) < MOST:
                draw = (-1 - int(one.team[person]) if row.by_team else person, week)
                if draw not in drawn:
                    drawn[draw] = hold_out(row.share, chance.random()).held
                decided[week] = draw, usual(list(said.values()))
        for at, (draw, expected) in decided.items():
            weeks = [week for week in said if at < week <= at + HORIZON]
            if weeks and at + HORIZON < WEEKS:
                found = fmean(said[week] for week in weeks)
                true = float(np.mean((one.without - one.after)[person, weeks]))
                counts, held = at + HORIZON, drawn[draw]
                yield Outcome(counts, person, draw, held, said[at], expected - found, found, true)


def look(found: list[Outcome], share: float) -> Found:
    """The verdicts of every week, week after week."""
    tally, helps, claimed, peeked, before_after = Tally(), False, False, False, False
    for week in range(WEEKS):
        tally = _grown(tally, found, week, share)
        released = release_effect(tally)
        if isinstance(released, ReleasedEffect):
            helps |= released.verdict is Verdict.HELPS
            claimed |= released.verdict is not Verdict.UNCLEAR
            peeked |= _once(tally)
            before_after |= _moved(
                [one.before - one.following for one in found if one.week <= week]
            )
    effect = tally.effect()
    true = float(np.mean([one.true for one in found])) if found else 0.0
    reach = effect.high - effect.mean
    return Found(tally.n, effect.mean, reach, true, helps, claimed, peeked, before_after)


def _grown(tally: Tally, found: list[Outcome], week: int, share: float) -> Tally:
    """The sums with all draws that count in that week."""
    together: dict[tuple[int, int], list[Outcome]] = defaultdict(list)
    for one in found:
        if one.week == week:
            together[one.draw].append(one)
    for shared in together.values():
        tally = tally.plus(Unit([one.change for one in shared], shared[0].held, share))
    sides = (
        [one for one in found if one.week <= week and one.held is held] for held in (False, True)
    )
    sent, held = (Arm(len(side), len(side), len({one.person for one in side})) for side in sides)
    return replace(tally, sent=sent, held=held)


def _once(tally: Tally) -> bool:
    mean = tally.total / tally.n
    return abs(mean) > 1.96 * sqrt(max(0.0, tally.squares / tally.n - mean * mean) / tally.n)


def _moved(moves: list[float]) -> bool:
    return abs(float(np.mean(moves))) > 1.96 * float(np.std(moves)) / sqrt(len(moves))


def campaigns(row: Row, shift: float, runs: int) -> list[Found]:
    """So many campaigns from one seed after another."""
    return [
        look(list(outcomes(lived(row.people, seed, shift), row, Random(seed))), row.share)
        for seed in range(SEED, SEED + runs)
    ]


def main() -> None:
    """Print both tables."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(f"No effect, {runs} campaigns a row: share in which an effect is ever claimed")
    print("people held drawn  sequence (<= .05)  interval for one look  before and after")
    for row in ROWS:
        found = campaigns(row, 0.0, runs)
        claims = [np.mean([getattr(one, name) for one in found]) for name in _CLAIMS]
        print(f"{row}  {claims[0]:17.3f}  {claims[1]:21.3f}  {claims[2]:16.3f}")
    print(f"\nA message that helps, {runs} campaigns a row")
    print("people held drawn  draws  true  estimate  half-width  said to help  reference")
    for row in ROWS:
        found = campaigns(row, SHIFT, runs)
        n, true, mean, reach, helps = (
            float(np.mean([getattr(one, name) for one in found]))
            for name in ("n", "true", "mean", "reach", "helps")
        )
        print(
            f"{row}  {n:5.0f}  {true:.3f}  {mean:8.3f}  {reach:10.3f}"
            f"  {helps:12.2f}  {row.reference:>9}"
        )


_CLAIMS = ("claimed", "peeked", "before_after")


if __name__ == "__main__":
    main()
