"""The simulated organisation of a seed is always the same, and is scored by what truly happened."""

import doctest
import importlib

import numpy as np
import pytest

from bench.orgsim import Outcome, first_alarm, outcome, simulate, summarise

# Answers, their sum of x, and team-weeks in need: seed 12000, twelve teams.
KNOWN = {
    "null": (1407, 295.737695, 2),
    "shock_step": (1212, 372.879041, 22),
    "silent": (1656, 307.778785, 15),
    "turnover": (1394, 378.251626, 15),
}


@pytest.mark.parametrize("scenario", KNOWN)
def test_a_seed_is_one_organisation(scenario: str) -> None:
    org = simulate(scenario, 12000, n_teams=12)
    n, total, needed = KNOWN[scenario]
    assert int(org.resp.sum()) == n
    assert float(np.nansum(org.x)) == pytest.approx(total, abs=1e-6)
    assert int(org.need.sum()) == needed
    assert np.array_equal(org.resp, ~np.isnan(org.x))


def test_a_world_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no scenario"):
        simulate("flood", 1)


def test_urged_teams_answer_more_and_say_the_same() -> None:
    org = simulate("null", 3, n_teams=30)
    everywhere = np.ones(30, bool)
    asked, answered, x = org.observe(6, everywhere, everywhere)
    assert asked.sum() > org.asked[:, 6].sum()
    assert answered.sum() > org.resp[:, 6].sum()
    both = answered & org.resp[:, 6]
    assert np.array_equal(x[both], org.x[both, 6])


def test_alarms_are_counted_by_what_the_team_truly_needed() -> None:
    org = simulate("step", 3, n_teams=30)
    weeks = org.asked.shape[1]
    at = np.where(org.changed, org.change_week + 2, weeks)
    calm = int(np.nonzero(~org.need.any(1))[0][0])
    at[calm] = 5
    found = outcome(org, at)
    assert (found.false, found.true) == (1, int(org.changed.sum()))
    assert set(found.delays) == {3}
    figures = summarise([found])
    assert figures["DR4"] == 1.0
    assert figures["precision"] == pytest.approx(found.true / (found.true + 1))


def test_first_alarm_is_the_first_week_at_the_threshold() -> None:
    path = np.array([[0.0, 1.0, 2.0], [0.0, 0.5, 0.9]])
    assert first_alarm(path, 1.0).tolist() == [1, 3]
    assert isinstance(outcome(simulate("null", 1, n_teams=12), np.full(12, 26)), Outcome)


def test_examples_hold() -> None:
    assert doctest.testmod(importlib.import_module("bench.orgsim.quantile")).failed == 0
