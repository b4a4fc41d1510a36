"""An alarm is a matter of the budget that the operator set."""

import pytest

from sentiment.watch import BUDGETS, STRONG, Judgement, TeamDetector
from tests.sentiment.test_evidence import N_TEAMS, TEAM, lived


def judged(teams_a_year: int) -> list[Judgement | None]:
    kept, _ = lived(turned=0.4)
    return TeamDetector(teams_a_year=teams_a_year).judge(kept, TEAM, N_TEAMS)


def test_a_smaller_budget_of_false_alarms_asks_for_more_evidence() -> None:
    found = [judged(teams)[0] for teams in sorted(BUDGETS)]
    values = [one.evidence for one in found if one]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(BUDGETS)


def test_evidence_is_one_where_the_score_is_at_the_threshold() -> None:
    kept, evidence = lived(turned=0.4)
    (one,) = [judged(10)[0]]
    assert one is not None
    assert one.evidence == pytest.approx(1 + (evidence.score[0] - BUDGETS[10]) / (2 * STRONG))
    assert one.without <= one.evidence
    assert kept.weeks == 16


def test_a_team_of_which_too_little_is_known_has_no_judgement() -> None:
    kept, _ = lived(weeks=3)
    assert TeamDetector().judge(kept, TEAM, N_TEAMS) == [None] * N_TEAMS
