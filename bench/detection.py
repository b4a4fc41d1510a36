"""How soon and how rightly the detector tells which team needs somebody, and how fast it is.

    python bench/detection.py [seeds]      # 20 organisations a scenario from seed 12000 on

Prints a table beside the reference's figures and beside what commercial tools do: a team's mean of
a week, from 5 answers on, over a fixed threshold. `scores` and `closed_scores` feed the product's
own detector week by week from any organisation of the simulator's shape; what only the simulator
knows of it is read for the scoring alone. Statements about a simulator, not about an organisation.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.once_more import OnceMore
from bench.orgsim import first_alarm, outcome, simulate, summarise
from bench.orgsim.simulation import Floats, Org
from sentiment.evidence import weigh
from sentiment.fading import Kept, Week, after
from sentiment.watch import BUDGETS, USUAL_BUDGET, judgements

THRESHOLD = BUDGETS[USUAL_BUDGET]
SEEDS = range(12000, 12020)
NAIVE_THRESHOLD = (
    0.63  # of `naive_scores`; the same false alarms as the detector's where all is calm
)

# Scenario, loop, and per figure (name, reference, bound, whether more is better).
ROWS: Sequence[tuple[str, bool, Sequence[tuple[str, float, float, bool]]]] = (
    ("null", False, (("FA", 0.100, 0.120, False), ("clearly_wrong", 0.045, 0.065, False))),
    ("shock", False, (("FA", 0.140, 0.160, False),)),
    ("blip", False, (("blip", 0.030, 0.060, False),)),
    ("step", False, (("DR6", 0.303, 0.28, True), ("DR12", 0.517, 0.45, True),
                     ("precision", 0.653, 0.60, True), ("DR6 of 25 answers", 0.547, 0.52, True))),
    ("drift", False, (("DR12", 0.326, 0.30, True),)),
    ("silent", False, (("DR6", 0.444, 0.38, True),)),
    ("high", False, (("DR12", 0.367, 0.28, True),)),
    ("tiny", False, (("FA", 0.053, 0.110, False),)),
    ("shock_step", False, (("precision", 0.627, 0.50, True),)),
    ("null", True, (("FA", 0.098, 0.120, False), ("clearly_wrong", 0.032, 0.055, False))),
    ("step", True, (("DR6", 0.342, 0.31, True), ("precision", 0.671, 0.64, True))),
    ("high", True, (("DR12", 0.482, 0.38, True),)),
)  # fmt: skip


def scores(org: Any) -> Floats:
    """The score path [n_teams, n_weeks] where everybody is asked as planned."""
    return _path(org, closed=False)


def closed_scores(org: Any) -> Floats:
    """The same where watched teams, and as many others, get one reminder more in each pulse."""
    return _path(org, closed=True)


def _path(org: Any, closed: bool) -> Floats:
    n_teams, n_weeks = len(org.team_size), org.asked.shape[1]
    team = np.asarray(org.person_team, np.int64)
    kept, path = Kept.nothing(len(team)), np.zeros((n_teams, n_weeks))
    once_more = OnceMore(org)
    for t in range(n_weeks):
        week = Week(team, n_teams, org.asked[:, t], org.x[:, t])
        if closed:
            asked, _, x = org.observe(t, None, once_more.teams)
            week = Week(team, n_teams, asked, x, once_more.teams)
        kept = after(kept, week)
        evidence = weigh(kept, team, n_teams)
        path[:, t] = evidence.solid()
        if closed:
            once_more.close(t, week.x, judgements(evidence))
    return path


def naive_scores(org: Any) -> Floats:
    """A team's mean of the week where 5 people or more answered, as it is."""
    n_teams = len(org.team_size)
    path = np.zeros((n_teams, org.asked.shape[1]))
    for t in range(path.shape[1]):
        answered = ~np.isnan(org.x[:, t])
        n = np.bincount(org.person_team[answered], minlength=n_teams)
        sums = np.bincount(org.person_team[answered], org.x[answered, t], n_teams)
        path[:, t] = np.where(n >= 5, sums / np.maximum(1, n), 0.0)
    return path


def figures(
    organisations: Sequence[Any], detect: Callable[[Any], Floats], threshold: float
) -> dict[str, float]:
    """What came of a detector in these organisations."""
    alarms = [first_alarm(detect(org), threshold) for org in organisations]
    pairs = list(zip(organisations, alarms, strict=True))
    found = summarise([outcome(org, alarm) for org, alarm in pairs])
    late = [delay for org, alarm in pairs for delay in _with_enough(org, alarm)]
    found["DR6 of 25 answers"] = float(np.mean(np.array(late) <= 6)) if late else float("nan")
    return found


def _with_enough(org: Any, alarm: Any) -> list[int]:
    """Delays of the changed teams that gave 25 answers in the six weeks from the change on."""
    found = []
    for team in np.nonzero(org.changed)[0]:
        start = org.change_week[team]
        n = org.resp[org.person_team == team, start : start + 6].sum()
        if alarm[team] >= start and n >= 25:
            fired = alarm[team] < org.asked.shape[1]
            found.append(int(alarm[team] - start + 1) if fired else 99)
    return found


def table(seeds: Sequence[int], n_teams: int = 200) -> None:
    """The acceptance rows, each beside the reference, its bound, and the plain threshold."""
    print(f"{'scenario':<14}{'figure':<20}{'here':>8}{'reference':>11}{'bound':>9}{'plain':>9}")
    for scenario, closed, wanted in ROWS:
        organisations = [simulate(scenario, seed, n_teams=n_teams) for seed in seeds]
        here = figures(organisations, closed_scores if closed else scores, THRESHOLD)
        plain = figures(organisations, naive_scores, NAIVE_THRESHOLD)
        for name, reference, bound, more in wanted:
            kept = here[name] >= bound if more else here[name] <= bound
            label = f"{scenario}{' closed' if closed else ''}"
            print(
                f"{label:<14}{name:<20}{here[name]:>8.3f}{reference:>11.3f}"
                f"{'>=' if more else '<=':>4}{bound:>5.2f}{plain[name]:>9.3f}"
                f"{'' if kept else '   MISSED'}"
            )


def speed(n_teams: int = 10_000) -> None:
    """Seconds for a weekly step of so many teams, alarms tried without any one person included."""
    org: Org = simulate("step", 1, n_teams=n_teams, weeks=14)
    kept, seconds = Kept.nothing(len(org.person_team)), []
    for t in range(org.asked.shape[1]):
        week = Week(org.person_team, n_teams, org.asked[:, t], org.x[:, t])
        started = time.perf_counter()
        kept = after(kept, week)
        weigh(kept, org.person_team, n_teams)
        seconds.append(time.perf_counter() - started)
    print(
        f"\n{n_teams} teams, {len(org.person_team)} people: {max(seconds):.3f} s a week at the most"
    )


if __name__ == "__main__":
    table(SEEDS[: int(sys.argv[1])] if len(sys.argv) > 1 else SEEDS)
    speed()
