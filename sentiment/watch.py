"""What the evidence of a team means beside an operator's budget of false alarms.

Pure. A budget is said in words, "about one false alarm per ten teams a year", and means a threshold
that was found by simulation: with it, as many teams that need nobody got a first alarm. That holds
for organisations like the simulated ones, and no probability follows from it for any one team.
"""

from dataclasses import dataclass, field
from typing import Literal

from sentiment.evidence import Evidence, Kind, weigh
from sentiment.fading import Ints, Kept
from sentiment.resistance import Confusion

# Teams a year with one false alarm among them → threshold of the score; see bench/detection.py.
BUDGETS: dict[int, float] = {5: 0.65, 10: 1.12, 20: 1.60, 50: 2.20}
USUAL_BUDGET = 10
STRONG = 1.5  # above the alarm: five of six such teams need somebody


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far a team stands out, in units of the alarm: from 1 on it does, from 1.5 on strongly.

    `without` is the same with the member left out whose answers matter most.
    """

    kind: Kind | Literal["everybody"]
    evidence: float
    without: float


@dataclass(frozen=True, slots=True)
class TeamDetector:
    """Judges teams week by week; `teams_a_year` is the budget of false alarms."""

    confusion: Confusion = field(default_factory=Confusion)
    teams_a_year: int = USUAL_BUDGET

    def judge(self, kept: Kept, team: Ints, n_teams: int) -> list[Judgement | None]:
        """Each team's judgement after the last closed week; None where too little is known."""
        return judgements(weigh(kept, team, n_teams), self.teams_a_year)


def judgements(evidence: Evidence, teams_a_year: int = USUAL_BUDGET) -> list[Judgement | None]:
    """Each team's judgement by that budget; None where too little is known."""
    threshold, solid = BUDGETS[teams_a_year], evidence.solid()
    found: list[Judgement | None] = []
    for team in range(len(solid)):
        kind = evidence.kind(team)
        whole, without = _alarms(evidence.score[team], threshold), _alarms(solid[team], threshold)
        found.append(None if kind is None else Judgement(kind, whole, without))
    return found


def _alarms(score: float, threshold: float) -> float:
    return 1 + float(score - threshold) / (2 * STRONG)
