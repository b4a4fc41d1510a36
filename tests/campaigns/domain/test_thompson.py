"""Probabilities of variants: those of the draw they stand for, with a floor below each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.thompson import ENOUGH, FLOOR, LEAST_VARIANCE, Record, probabilities


def record(n: int, mean: float, sd: float) -> Record:
    return Record(n, n * mean, n * (sd * sd + mean * mean))


records = st.builds(record, st.integers(0, 400), st.floats(-1, 1), st.floats(0, 0.6))


@given(st.lists(records, min_size=1, max_size=5))
def test_probabilities_sum_to_one_and_none_is_below_the_floor(found: list[Record]) -> None:
    chances = probabilities(found)
    assert sum(chances) == pytest.approx(1)
    assert min(chances) >= FLOOR - 1e-9


def test_probabilities_are_even_until_each_has_enough_outcomes() -> None:
    one, other = record(500, 0.5, 0.1), record(ENOUGH - 1, -0.5, 0.1)
    assert probabilities([one, other, one]) == [1 / 3] * 3


def test_probabilities_are_how_often_each_draw_would_be_the_best() -> None:
    found = [record(60, 0.1, 0.3), record(90, 0.12, 0.3), record(40, 0.2, 0.3)]
    within = 0.3**2 * 190 / 187
    assert within > LEAST_VARIANCE
    draws = np.random.default_rng(1).normal(
        [0.1, 0.12, 0.2], np.sqrt(within / np.array([60, 90, 40])), (200_000, 3)
    )
    best = np.bincount(draws.argmax(axis=1), minlength=3) / len(draws)
    assert probabilities(found) == pytest.approx(list(FLOOR + 0.7 * best), abs=0.004)
