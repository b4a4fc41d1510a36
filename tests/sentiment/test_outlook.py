"""An outlook is near what comes, wide where little is known, and holds only where it did before."""

import numpy as np
import pytest

from sentiment.outlook import Floats, Ints, holds, naive, outlook


def world(n_teams: int, n_periods: int, people: int = 5, seed: int = 1) -> tuple[Floats, Ints]:
    """Teams that differ for good and wobble with every figure."""
    chance = np.random.default_rng(seed)
    lasting = chance.normal(0, 0.1, (n_teams, 1))
    share = np.clip(0.3 + lasting + chance.normal(0, 0.1, (n_teams, n_periods)), 0, 1)
    return share, np.full((n_teams, n_periods), people)


@pytest.mark.parametrize("ahead", [1, 2])
def test_outlook_comes_nearer_than_naive_ones_and_catches_four_of_five(ahead: int) -> None:
    share, people = world(400, 6)
    past, came = share[:, : 6 - ahead], share[:, 5]
    found = outlook(past, people[:, : 6 - ahead], ahead)
    missed = ((found.mean - came) ** 2).mean()
    assert all(missed < ((one - came) ** 2).mean() for one in naive(past, ahead).values())
    assert 0.75 < ((found.low <= came) & (came <= found.high)).mean() < 0.9


def test_outlook_is_wider_for_few_people_and_further_ahead() -> None:
    share, few = world(50, 5)
    widths = [
        float(np.mean(found.high - found.low))
        for found in (
            outlook(share, few, 1),
            outlook(share, few, 2),
            outlook(0.3 + (share - 0.3) / 2, np.full_like(few, 50), 1),
        )
    ]
    assert widths[2] < widths[0] < widths[1]


def test_outlook_says_nothing_of_a_team_that_is_not_shown_last() -> None:
    share, people = world(8, 5)
    share[0, -1], share[1, 2] = np.nan, np.nan
    found = outlook(share, people, 1)
    assert np.isnan([found.mean[0], found.low[0], found.high[0]]).all()
    assert not np.isnan(found.mean[1:]).any()


def test_outlook_keeps_within_what_a_share_can_be() -> None:
    share, people = np.tile([[0.0], [1.0], [0.5]], (2, 4)), np.full((6, 4), 5)
    found = outlook(share, people, 2)
    assert ((found.low >= 0) & (found.low <= found.mean)).all()
    assert ((found.high <= 1) & (found.mean <= found.high)).all()


def test_outlook_holds_where_it_did_better_and_not_where_the_last_value_does() -> None:
    share, people = world(60, 7)
    assert holds(share, people, 1)
    walking = np.clip(0.5 + np.random.default_rng(2).normal(0, 0.05, (60, 7)).cumsum(1), 0, 1)
    assert not holds(walking, people, 1)


def test_outlook_does_not_hold_of_a_short_past_few_teams_or_a_period_without_figures() -> None:
    share, people = world(60, 7)
    assert not holds(share[:, :4], people[:, :4], 1)
    assert not holds(share[:4], people[:4], 1)
    share[:, 3] = np.nan
    assert not holds(share, people, 1)
