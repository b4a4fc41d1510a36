"""A team that turns, stands high or falls silent stands out; one person never makes it so."""

import doctest

import numpy as np
import pytest

from sentiment import change, evidence, standing
from sentiment.evidence import NOTHING, Evidence, findings, weigh
from sentiment.fading import Kept, Week, after

N_TEAMS, SIZE = 30, 10
TEAM = np.repeat(np.arange(N_TEAMS), SIZE)


def lived(
    weeks: int = 16,
    turned: float = 0.0,
    silent: bool = False,
    since: int = 8,
    answering: int = SIZE,
    loud: bool = False,
) -> tuple[Kept, Evidence]:
    """Weeks of calm answers; from `since` on something happens to team 0. With `loud`, it is one
    of its people alone, who answers against everything."""
    rng = np.random.default_rng(3)
    lasting = rng.normal(0, 0.15, len(TEAM))
    kept = Kept.nothing(len(TEAM))
    for t in range(weeks):
        x = np.clip(0.25 + lasting + rng.normal(0, 0.1, len(TEAM)), 0, 1)
        answers = rng.random(len(TEAM)) < 0.7
        answers[answering:SIZE] = False
        if t >= since:
            x[:SIZE] = np.clip(x[:SIZE] + turned, 0, 1)
            answers[:SIZE] &= not silent
            if loud:
                x[0], answers[0] = 1.0, True
        kept = after(
            kept, Week(TEAM, N_TEAMS, np.ones(len(TEAM), bool), np.where(answers, x, np.nan))
        )
    return kept, weigh(kept, TEAM, N_TEAMS)


@pytest.mark.parametrize("module", [change, evidence, standing])
def test_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_team_that_turned_stands_out_as_rising() -> None:
    _, found = lived(turned=0.4)
    assert int(found.score.argmax()) == 0
    assert found.score[0] > 1.15 > np.delete(found.score, 0).max()
    assert found.kind(0) == "rising"


def test_a_team_that_was_always_against_stands_out_as_high() -> None:
    _, found = lived(turned=0.5, since=0)
    assert int(found.score.argmax()) == 0
    assert found.kind(0) == "high"


def test_a_team_that_answers_no_more_stands_out_as_quiet() -> None:
    _, found = lived(silent=True, weeks=13)
    assert int(found.score.argmax()) == 0
    assert found.kind(0) == "quiet"


def test_a_team_of_four_who_answer_is_never_called_rising_or_high() -> None:
    _, found = lived(turned=0.7, answering=4)
    assert found.patterns[0, [evidence.RISING, evidence.HIGH, evidence.TURNING]].max() == NOTHING


def test_nothing_is_said_before_the_fourth_week() -> None:
    _, found = lived(weeks=3, turned=0.7, since=0)
    assert (found.score <= NOTHING + 2).all()
    assert found.kind(0) is None


def test_what_is_left_without_one_is_what_the_others_give_by_themselves() -> None:
    kept, found = lived(turned=0.4)
    parts = evidence._parts(kept.people)
    lowest = np.inf
    for person in range(SIZE):
        sums = np.delete(parts[:SIZE], person, 0).sum(0)
        patterns = findings(sums, kept, N_TEAMS) @ evidence.WEIGHTS.T + evidence.BIAS
        lowest = min(lowest, float(np.logaddexp.reduce(patterns)))
    assert found.without[0] == pytest.approx(lowest)
    assert lowest < found.score[0]


def test_no_score_rests_on_one_loud_person() -> None:
    _, found = lived(loud=True, turned=0.1)
    assert found.solid()[0] <= found.without[0] + evidence.LEAN
    assert found.solid()[0] < 1.15
