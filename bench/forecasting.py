"""How far the outlook of teams is off, beside forecasts that need no method, and when it is shown.

    python -m bench.forecasting [seeds]      # 6 organisations a scenario from seed 32000 on

Ten periods of four weeks, published as the product publishes them: bands, size classes, teams under
the minimum or to be protected left out. Prints the mean error of the true share by horizon and size
of the team; how often the 80 % interval held the figure that was published and the true share; and
how often the check on the own past would show the outlook, and the errors then. Statements about a
simulator; asserts nothing.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.orgsim import simulate
from campaigns.domain.cells import Node, People, recall
from campaigns.domain.confidentiality import Cell, Closing, Released, Respondent, release
from campaigns.domain.definition import Confidentiality
from campaigns.domain.heading import AHEAD, figures
from campaigns.domain.people import Team, TeamTree
from sentiment.outlook import FIRST, Floats, Ints, holds, naive, outlook

SCENARIOS = ("null", "step", "drift", "high", "shock")
SEEDS, PERIODS = range(32000, 32006), 10
PROMISE = Confidentiality()
WEEKS = PROMISE.period_weeks
MEMORY = 6
OTHERS = ("last value", "organisation", "team's mean", "damped")
SIZES = {5: "5-9", 10: "10-19", 20: "20-49"}


@dataclass(frozen=True)
class Past:
    """An organisation's published figures and what was true; all [n_teams, n_periods]."""

    share: Floats
    people: Ints
    truth: Floats


def published(org: Any) -> Past:
    """What the product would have published of a simulated organisation, period by period."""
    n_teams = len(org.team_size)
    tree = TeamTree.of([Team(-1, "All"), *(Team(t, f"T{t}", -1) for t in range(n_teams))])
    periods: list[dict[Node, Cell]] = []
    past: list[dict[Node, People]] = []
    truth = []
    for start in range(0, org.asked.shape[1], WEEKS):
        weeks = slice(start, start + WEEKS)
        answered = _respondents(org, weeks)
        invited = np.bincount(org.person_team, org.asked[:, weeks].any(1), n_teams)
        asked = {t: int(n) for t, n in enumerate(invited)}
        cells = release(Closing(tree, answered, asked, past[-MEMORY:]), PROMISE)
        shown = {node for node, cell in cells.items() if isinstance(cell, Released)}
        past.append(recall(tree, _teams(answered), PROMISE.minimum_group, shown))
        periods.append(cells)
        truth.append(org.true_p[:, weeks].mean(1))
    share, people = figures([[cells[t] for cells in periods] for t in range(n_teams)])
    return Past(share, people, np.stack(truth, 1))


def _respondents(org: Any, weeks: slice) -> dict[int, Respondent]:
    x = org.x[:, weeks]
    n = (~np.isnan(x)).sum(1)
    means = np.nansum(x, 1) / np.maximum(1, n)
    return {
        int(j): Respondent(int(org.person_team[j]), (float(means[j]), 0.0, 0.0, 1 - means[j]))
        for j in np.nonzero(n)[0]
    }


def _teams(answered: dict[int, Respondent]) -> dict[int, People]:
    own: dict[int, set[int]] = defaultdict(set)
    for person, one in answered.items():
        own[one.team_id].add(person)
    return {team: frozenset(people) for team, people in own.items()}


def tried(past: Past, ahead: int) -> Iterator[tuple[int, Ints, Floats]]:
    """For each number of closed periods: size classes [n] and, a row each, the absolute errors of
    the outlook and of `OTHERS`, whether figure and truth lay in the interval, and its width."""
    for n in range(FIRST, past.share.shape[1] - ahead + 1):
        share, people = past.share[:, :n], past.people[:, :n]
        true, came = past.truth[:, n + ahead - 1], past.share[:, n + ahead - 1]
        found, others = outlook(share, people, ahead), naive(share, ahead)
        errors = [np.abs(one - true) for one in (found.mean, *(others[name] for name in OTHERS))]
        inside = [(found.low <= one) & (one <= found.high) for one in (came, true)]
        caught = np.where(np.isnan(came), np.nan, inside[0])
        rows = np.stack([*errors, caught, inside[1], found.high - found.low])
        known = ~np.isnan(found.mean)
        yield n, people[known, -1], rows[:, known]


def errors_table(pasts: dict[str, list[Past]]) -> None:
    """Errors, coverage and width a scenario, horizon and size class."""
    columns = ("outlook", *OTHERS, "figure in", "truth in", "width")
    print(f"{'':<8}{'ahead':>6}{'people':>8}" + "".join(f"{name:>14}" for name in columns))
    for scenario, organisations in pasts.items():
        for ahead in AHEAD:
            found = [one for past in organisations for one in tried(past, ahead)]
            sizes = np.concatenate([size for _, size, _ in found])
            rows = np.concatenate([row for _, _, row in found], 1)
            for least, name in {0: "all", **SIZES}.items():
                own = rows[:, (sizes == least) | (least == 0)]
                values = "".join(f"{value:>14.3f}" for value in np.nanmean(own, 1))
                print(f"{scenario:<8}{ahead:>6}{name:>8}{values}")


def shown_table(pasts: dict[str, list[Past]]) -> None:
    """How often the outlook would be shown, and the mean errors at those closes."""
    columns = ("closes", "shown", "outlook", *OTHERS)
    print(f"\n{'':<8}{'ahead':>6}{'teams':>7}" + "".join(f"{name:>14}" for name in columns))
    for n_teams in (200, 40, 20):
        for ahead in AHEAD:
            errors, n_closes = [], 0
            for past in _parts(pasts, n_teams):
                for n, _, rows in tried(past, ahead):
                    n_closes += 1
                    if holds(past.share[:, :n], past.people[:, :n], ahead):
                        errors.append(rows[: 1 + len(OTHERS)].mean(1))
            means = np.mean(errors, 0) if errors else np.full(1 + len(OTHERS), np.nan)
            values = "".join(f"{value:>14.3f}" for value in means)
            print(f"{'any':<8}{ahead:>6}{n_teams:>7}{n_closes:>14}{len(errors):>14}{values}")


def _parts(pasts: dict[str, list[Past]], n_teams: int) -> Iterator[Past]:
    """Each organisation's first teams, as if there were no others; of small ones three."""
    for past in (one for organisations in pasts.values() for one in organisations):
        for start in range(0, min(len(past.share), 3 * n_teams), n_teams):
            part = slice(start, start + n_teams)
            yield Past(past.share[part], past.people[part], past.truth[part])


def main(seeds: Sequence[int]) -> None:
    pasts = {
        scenario: [published(simulate(scenario, seed, weeks=WEEKS * PERIODS)) for seed in seeds]
        for scenario in SCENARIOS
    }
    errors_table(pasts)
    shown_table(pasts)


if __name__ == "__main__":
    main(SEEDS[: int(sys.argv[1])] if len(sys.argv) > 1 else SEEDS)
