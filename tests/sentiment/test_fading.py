"""What is kept of people after a week is theirs alone, fades, and doesn't depend on any order."""

import doctest

import numpy as np
import pytest

from sentiment import fading
from sentiment.fading import ANSWERS, SILENCE, Kept, Week, after

RNG = np.random.default_rng(5)
TEAM = np.repeat(np.arange(6), 8)


def week(seed: int = 1, rate: float = 0.6) -> Week:
    rng = np.random.default_rng(seed)
    x = np.where(rng.random(48) < rate, rng.random(48), np.nan)
    return Week(TEAM, 6, np.ones(48, bool), x)


def test_examples_hold() -> None:
    assert doctest.testmod(fading).failed == 0


def test_people_in_another_order_give_the_same_numbers() -> None:
    order = RNG.permutation(48)
    one = week()
    other = Week(TEAM[order], 6, one.asked[order], one.x[order])
    here, there = after(Kept.nothing(48), one), after(Kept.nothing(48), other)
    assert np.allclose(here.people[order], there.people, atol=1e-12)


def test_numbers_are_those_of_all_weeks_at_once_when_taken_in_one_by_one() -> None:
    weeks = [week(seed) for seed in range(12)]
    kept = Kept.nothing(48)
    for one in weeks:
        kept = after(kept, one)
    alone = [after(Kept.nothing(48), one).people for one in weeks]
    for memory, fade in enumerate((1.0, 0.6, 0.9)):
        together = sum(fade ** (11 - age) * one[:, :, memory] for age, one in enumerate(alone))
        assert np.allclose(kept.people[:, :, memory], together, atol=1e-9)


def test_a_week_that_moves_everybody_moves_nobody() -> None:
    calm = week()
    moved = Week(TEAM, 6, calm.asked, calm.x + 0.05)
    here, there = after(Kept.nothing(48), calm), after(Kept.nothing(48), moved)
    assert np.allclose(here.people, there.people, atol=1e-12)
    assert there.middle == pytest.approx(here.middle + 0.05)


def test_an_empty_week_changes_nothing_but_what_fades() -> None:
    kept = after(Kept.nothing(48), week())
    empty = after(kept, Week(TEAM, 6, np.zeros(48, bool), np.full(48, np.nan)))
    assert np.array_equal(empty.people[:, :, 0], kept.people[:, :, 0])
    assert np.allclose(empty.people[:, :, 1], 0.6 * kept.people[:, :, 1])
    assert (empty.middle, empty.spread) == (kept.middle, kept.spread)


def test_an_answer_is_not_compared_where_too_few_others_answered() -> None:
    x = np.full(48, np.nan)
    x[:8], x[8:16] = 0.9, 0.1
    kept = after(Kept.nothing(48), Week(TEAM, 6, np.ones(48, bool), x))
    assert not kept.people[:, ANSWERS].any()


def test_silence_of_a_team_that_was_urged_does_not_count() -> None:
    one = week()
    urged = np.array([True] + [False] * 5)
    kept = after(Kept.nothing(48), Week(one.team, 6, one.asked, one.x, urged))
    assert not kept.people[:8, SILENCE].any()
    assert kept.people[8:, SILENCE, 0, 0].all()
