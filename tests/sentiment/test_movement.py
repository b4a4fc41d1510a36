"""What moves the whole organisation is told of it alone."""

import doctest

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
        moved.append((movement(kept) or 0.0) >= 1)
    assert any(moved) is told
    assert not told or org.p.shock_week <= moved.index(True) <= org.p.shock_week + 2
