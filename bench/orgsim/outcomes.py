"""How a detector is scored: first alarms, false ones, delays.

A detector turns an organisation into a score path [n_teams, n_weeks]; a team's first alarm is the
first week whose score reaches the threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.orgsim.simulation import Floats, Ints

NEVER = 99  # a delay without an end


@dataclass(frozen=True)
class Outcome:
    """Counts for one organisation; a false alarm is a first alarm of a team that needs nobody."""

    false: int
    true: int
    clearly_wrong: int  # false, and not even ten points above the organisation
    team_weeks: float
    delays: tuple[int, ...]  # weeks of data from the change to the alarm, by changed team
    on_blip: int
    n_blip: int


def first_alarm(score: Floats, threshold: float) -> Ints:
    """Week of each team's first alarm; n_weeks where there is none. score: [n_teams, n_weeks]."""
    hit = score >= threshold
    return np.asarray(np.where(hit.any(1), hit.argmax(1), score.shape[1]))


def outcome(org: Any, alarm: Ints) -> Outcome:
    """What came of it in one organisation of any simulator with the same attributes."""
    weeks = org.true_p.shape[1]
    fired = alarm < weeks
    needed = np.zeros(len(alarm), bool)
    needed[fired] = org.need[np.nonzero(fired)[0], alarm[fired]]
    excess = org.true_p - org.true_p.mean(0)
    wrong = [
        i
        for i in np.nonzero(fired & ~needed)[0]
        if excess[i, max(0, alarm[i] - 3) : alarm[i] + 1].mean() < 0.10
    ]
    late = [
        int(alarm[i] - org.change_week[i] + 1) if alarm[i] < weeks else NEVER
        for i in np.nonzero(org.changed)[0]
        if alarm[i] >= org.change_week[i]
    ]
    blips = np.nonzero(org.blip)[0]
    on_blip = sum(org.change_week[i] <= alarm[i] <= org.change_week[i] + 3 for i in blips)
    false, true = int((fired & ~needed).sum()), int((fired & needed).sum())
    years = float(np.minimum(alarm + 1, weeks).sum())
    return Outcome(false, true, len(wrong), years, tuple(late), int(on_blip), len(blips))


def summarise(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Rates over organisations: FA and clearly_wrong a team and year, precision, DR4 to DR12."""
    years = sum(one.team_weeks for one in outcomes) / 52
    false, true = sum(one.false for one in outcomes), sum(one.true for one in outcomes)
    delays = np.array([delay for one in outcomes for delay in one.delays])
    found = {
        "FA": false / years,
        "clearly_wrong": sum(one.clearly_wrong for one in outcomes) / years,
        "precision": true / max(1, false + true),
    }
    for weeks in (4, 6, 12):
        if len(delays):
            found[f"DR{weeks}"] = float((delays <= weeks).mean())
    n_blip = sum(one.n_blip for one in outcomes)
    if n_blip:
        found["blip"] = sum(one.on_blip for one in outcomes) / n_blip
    return found
