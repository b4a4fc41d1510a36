"""What moves the whole organisation is told of it alone."""

import doctest

import numpy as np
import pytest

from bench.orgsim import simulate
from sentiment import movement as module
from sentiment.fading import Kept, Week, after
from sentiment.movement import movement


def test_examples_hold() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(("scenario", "told"), [("null", False), ("step", False), ("shock", True)])
def test_a_shock_is_told_within_three_weeks_and_nothing_else(scenario: str, told: bool) -> None:
    org = simulate(scenario, 12100, n_teams=60)
    kept, moved = Kept.nothing(len(org.person_team)), []
    for t in range(org.p.weeks):
        kept = after(kept, Week(org.person_team, 60, org.asked[:, t], org.x[:, t]))
        found = movement(kept, org.person_team, 60)
        moved.append(found is not None and found[1] >= 1)
    assert any(moved) is told
    assert not told or org.p.shock_week <= moved.index(True) <= org.p.shock_week + 2


@pytest.mark.parametrize(("turning", "told"), [([0], False), ([0, 1, 2, 3], True)])
def test_one_team_that_turns_is_no_movement_of_all(turning: list[int], told: bool) -> None:
    team = np.repeat(np.arange(4), 12)
    kept = Kept.nothing(len(team))
    for t in range(12):
        turned = np.isin(team, turning) & (t >= 8)
        x = np.where(turned, 0.85, 0.15) + np.tile([-0.1, 0.1], 24)
        kept = after(kept, Week(team, 4, np.ones(len(team), bool), x))
    found = movement(kept, team, 4)
    assert found is not None
    assert found[0] >= 1
    assert (found[1] >= 1) is told
