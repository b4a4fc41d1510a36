"""What a model's card says of how well it knows resistance."""

from dataclasses import replace

import pytest

from sentiment.card import read_card
from sentiment.errors import WeightsError
from sentiment.resistance import Confusion


def test_resistance_counts_what_was_held_out() -> None:
    counts = ((30, 5, 5, 0), (2, 38, 0, 0), (1, 0, 39, 0), (1, 0, 0, 39))
    found = replace(read_card(), confusion=counts).resistance()
    assert found.sensitivity == 0.75
    assert found.specificity == pytest.approx(116 / 120)


def test_resistance_of_the_shipped_model_is_its_own() -> None:
    found = read_card().resistance()
    assert found != Confusion()
    assert 0.6 < found.sensitivity < 1
    assert 0.8 < found.specificity < 1


@pytest.mark.parametrize(
    "counts",
    [(), ((0, 0, 0, 0),), ((9, 0, 0, 0), (0, 90, 0, 0)), ((90, 0, 0, 0), (0, 9, 0, 0))],
)
def test_resistance_is_cautious_when_too_little_was_held_out(
    counts: tuple[tuple[int, ...], ...],
) -> None:
    assert replace(read_card(), confusion=counts).resistance() == Confusion()


def test_resistance_refuses_a_model_no_better_than_chance() -> None:
    with pytest.raises(WeightsError, match="no better than chance"):
        replace(read_card(), confusion=((20, 20), (20, 20))).resistance()
