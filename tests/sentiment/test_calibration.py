"""The formulas of calibration, against values worked out by hand and by search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment import calibration as c


def test_softmax_rows_sum_to_one_and_survive_large_logits() -> None:
    p = c.softmax(np.array([[1e4, 0.0, -1e4], [1.0, 2.0, 3.0]]))
    assert p.sum(1) == pytest.approx([1.0, 1.0])
    assert p[1] == pytest.approx(np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum())


def test_sigmoid_matches_its_formula() -> None:
    z = np.array([-800.0, -1.0, 0.0, 2.0])
    assert c.sigmoid(z, 2.0) == pytest.approx(
        [0.0, 1 / (1 + np.exp(0.5)), 0.5, 1 / (1 + np.exp(-1))]
    )


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 3.0])
def test_fit_temperature_finds_the_one_labels_were_drawn_with(true_temperature: float) -> None:
    chance = np.random.default_rng(1)
    logits = chance.normal(0, 3, (20_000, 4))
    p = c.softmax(logits, true_temperature)
    truth = (p.cumsum(1) < chance.random((len(p), 1))).sum(1)
    assert c.fit_temperature(logits, truth) == pytest.approx(true_temperature, rel=0.05)


def test_fit_binary_temperature_finds_the_one_labels_were_drawn_with() -> None:
    chance = np.random.default_rng(1)
    logits = chance.normal(0, 3, (10_000, 2))
    truth = (chance.random(logits.shape) < c.sigmoid(logits, 2.0)).astype(float)
    assert c.fit_binary_temperature(logits, truth) == pytest.approx(2.0, rel=0.07)


def test_expected_calibration_error_is_the_weighted_gap() -> None:
    p = np.array([[0.95, 0.05], [0.95, 0.05], [0.65, 0.35], [0.65, 0.35]])
    truth = np.array([0, 0, 0, 1])  # gaps .05 and .15, half the rows each
    assert c.expected_calibration_error(p, truth) == pytest.approx(0.10)


def test_abstention_threshold_reaches_its_target() -> None:
    chance = np.random.default_rng(2)
    p = c.softmax(chance.normal(0, 2, (4_000, 4)))
    truth = (p.cumsum(1) < chance.random((len(p), 1))).sum(1)
    t = c.abstention_threshold(p, truth, target=0.8, max_unsure=0.9)
    kept = p.max(1) >= t
    assert (p.argmax(1) == truth)[kept].mean() >= 0.8
    assert (p.argmax(1) == truth)[p.max(1) >= t - 0.01].mean() < 0.8


def test_abstention_threshold_leaves_no_more_than_the_share_allowed() -> None:
    p = c.softmax(np.random.default_rng(3).normal(0, 1, (1_000, 4)))
    t = c.abstention_threshold(p, np.zeros(1_000, dtype=np.int64), 0.99, max_unsure=0.1)
    assert 0.05 < (p.max(1) < t).mean() <= 0.1


def test_abstention_threshold_is_zero_when_all_is_right() -> None:
    assert c.abstention_threshold(np.array([[0.9, 0.1]]), np.array([0])) == 0.0


def test_recall_threshold_finds_the_share_wanted() -> None:
    p = np.array([0.9, 0.7, 0.5, 0.3, 0.1, 0.05, 0.04, 0.03, 0.02, 0.01])
    truth = np.array([1, 1, 0, 1, 0, 0, 0, 0, 0, 0], dtype=float)
    assert c.recall_threshold(p, truth, 1.0, max_flagged=0.9) == pytest.approx(0.3)
    assert c.recall_threshold(p, truth, 0.6, max_flagged=0.9) == pytest.approx(0.7)
    assert c.recall_threshold(p, truth, 1.0, max_flagged=0.0) == pytest.approx(0.5)
    assert c.recall_threshold(p, 0 * truth) == 0.5


def test_recall_threshold_does_not_depend_on_how_many_true_ones_there_are() -> None:
    p = np.array([0.9, 0.8, 0.3, *np.linspace(0.01, 0.4, 50)])
    truth = np.array([1.0] * 3 + [0.0] * 50)
    many = np.concatenate([np.tile(p[:3], 20), p[3:]]), np.concatenate([np.ones(60), truth[3:]])
    assert c.recall_threshold(*many, 1.0, 0.3) == c.recall_threshold(p, truth, 1.0, 0.3)


@given(st.floats(0.05, 0.95))
def test_best_f1_threshold_separates_what_can_be_separated(cut: float) -> None:
    p = np.linspace(0, 1, 1_001)[:, None]
    t = c.best_f1_threshold(p, (p >= cut).astype(float))
    assert abs(t - min(max(cut, 0.1), 0.9)) <= 0.021
