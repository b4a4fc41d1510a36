"""Figures against values worked out by hand."""

import numpy as np
import pytest

from sentiment import evaluation as e

TRUTH = np.array([0, 0, 0, 1, 1, 2])
GIVEN = np.array([0, 0, 1, 1, 0, 1])


def test_confusion_matrix_has_truth_in_rows() -> None:
    assert e.confusion_matrix(TRUTH, GIVEN, 3).tolist() == [[2, 1, 0], [1, 1, 0], [0, 1, 0]]


def test_macro_f1_is_the_mean_over_labels() -> None:
    assert e.macro_f1(TRUTH, GIVEN, 3) == pytest.approx((4 / 6 + 2 / 5 + 0) / 3)


def test_micro_f1_counts_all_cells() -> None:
    truth, given = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 1.0]])
    assert e.micro_f1(truth, given) == pytest.approx(2 * 2 / (3 + 3))


def test_auroc_counts_ties_half() -> None:
    positive = np.array([True, True, False, False])
    assert e.auroc(positive, np.array([0.9, 0.5, 0.5, 0.1])) == pytest.approx(3.5 / 4)
    assert np.isnan(e.auroc(np.array([True, True]), np.array([0.1, 0.2])))


def test_auroc_equals_the_share_of_pairs_won() -> None:
    chance = np.random.default_rng(0)
    positive, scores = chance.random(200) < 0.3, chance.integers(0, 20, 200).astype(float)
    gaps = scores[positive][:, None] - scores[~positive]
    assert e.auroc(positive, scores) == pytest.approx(((gaps > 0) + 0.5 * (gaps == 0)).mean())


def test_bootstrap_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = np.random.default_rng(0).normal(0, 1, 400)
    figure = e.bootstrap(lambda rows: float(values[rows].mean()), 400)
    assert figure.value == pytest.approx(values.mean())
    assert figure.high - figure.low == pytest.approx(4 * values.std() / 20, rel=0.1)


def test_by_label_gives_precision_recall_and_f1() -> None:
    first = e.by_label(TRUTH, GIVEN, ["a", "b", "c"])[0]
    assert (first.label, first.n) == ("a", 3)
    assert (first.precision, first.recall, first.f1.value) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert first.f1.low <= first.f1.value <= first.f1.high


def test_tables_are_markdown() -> None:
    table = e.label_table("Stance", e.by_label(TRUTH, GIVEN, ["a", "b", "c"]))
    assert table.startswith("### Stance\n\n| label |")
    assert "| a | 3 | 0.67 | 0.67 | 0.67 (" in table
    assert e.confusion_table([[1, 2], [3, 4]], ["x", "y"]).splitlines()[-1] == "| y | 3 | 4 |"
