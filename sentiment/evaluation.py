"""How good a model is on answers it has not seen, with intervals, and the model card that says so.

Pure numpy. Truth and prediction are label indices in the order of their enum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_RESAMPLES = 1_000  # The 95 % ends then move by less than .005 from seed to seed.


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % percentile-bootstrap interval (Efron 1979)."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers that a model was about equally sure of: how sure, how often right, how many."""

    p_mean: float
    share_right: float
    n: int


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label's precision, recall and F1, and how many answers truly carry it."""

    label: str
    precision: float
    recall: float
    f1: Figure
    n: int


def reliability(probabilities: Floats, truth: Ints, n_bins: int = 10) -> tuple[Bin, ...]:
    """The bins of the largest probability of each row of [n, k] that hold any, least sure first.

    >>> reliability(np.array([[0.8, 0.2], [0.8, 0.2]]), np.array([0, 1]))
    (Bin(p_mean=0.8, share_right=0.5, n=2),)
    """
    surest = probabilities.max(1)
    right = probabilities.argmax(1) == truth
    bins = np.minimum((surest * n_bins).astype(np.int64), n_bins - 1)
    rows = [bins == b for b in np.unique(bins)]
    return tuple(Bin(float(surest[r].mean()), float(right[r].mean()), int(r.sum())) for r in rows)


def confusion_matrix(truth: Ints, predicted: Ints, n_labels: int) -> Ints:
    """Counts [n_labels, n_labels]: row i truly i, column j predicted j."""
    cells = np.bincount(truth * n_labels + predicted, minlength=n_labels**2)
    return cells.reshape(n_labels, n_labels)


def macro_f1(truth: Ints, predicted: Ints, n_labels: int) -> float:
    """Mean over labels of F1 = 2·TP / (2·TP + FP + FN); 0 for a label never met nor given.

    >>> macro_f1(np.array([0, 1]), np.array([0, 1]), 2)
    1.0
    """
    return float(f1_by_label(truth, predicted, n_labels).mean())


def f1_by_label(truth: Ints, predicted: Ints, n_labels: int) -> Floats:
    """F1 of each label [n_labels]."""
    return _f1_of(confusion_matrix(truth, predicted, n_labels))


def micro_f1(truth: Floats, given: Floats) -> float:
    """2·TP / (2·TP + FP + FN) over all cells of two 0/1 arrays [n, k]."""
    hits = float((truth * given).sum())
    return 2 * hits / max(1.0, float(truth.sum() + given.sum()))


def auroc(positive: NDArray[np.bool_], scores: Floats) -> float:
    """P(score of a positive > score of a negative), ties counted half (Mann-Whitney U / n₁n₀).

    NaN where all answers are of one kind.

    >>> auroc(np.array([True, False]), np.array([0.9, 0.1]))
    1.0
    """
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    if not n_positive or not n_negative:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    wins = ranks[positive].sum() - n_positive * (n_positive + 1) / 2
    return float(wins / (n_positive * n_negative))


def bootstrap(
    statistic: Callable[[Ints], float], n: int, seed: int = 0, n_resamples: int = N_RESAMPLES
) -> Figure:
    """The statistic of all rows, and its interval over rows drawn with replacement.

    `statistic` is given row indices [n]; resamples where it is NaN are left out, and
    the interval is NaN where all are.
    """
    chance = np.random.default_rng(seed)
    drawn = [statistic(chance.integers(0, n, n)) for _ in range(n_resamples)]
    known = [value for value in drawn if not np.isnan(value)]
    low, high = np.percentile(known, [2.5, 97.5]) if known else (np.nan, np.nan)
    return Figure(statistic(np.arange(n)), float(low), float(high))


def by_label(truth: Ints, predicted: Ints, labels: Sequence[str]) -> list[LabelFigures]:
    """Every label's figures, in the order of `labels`."""
    k = len(labels)
    counts = confusion_matrix(truth, predicted, k)
    hits = np.diag(counts)
    precision = hits / np.maximum(1, counts.sum(0))
    recall = hits / np.maximum(1, counts.sum(1))

    chance = np.random.default_rng(0)
    drawn = chance.integers(0, len(truth), (N_RESAMPLES, len(truth)))
    f1s = np.array([f1_by_label(truth[r], predicted[r], k) for r in drawn])
    low, high = np.percentile(f1s, [2.5, 97.5], axis=0)
    f1 = [Figure(*map(float, ends)) for ends in zip(_f1_of(counts), low, high, strict=True)]
    return [
        LabelFigures(label, float(precision[j]), float(recall[j]), f1[j], int(counts[j].sum()))
        for j, label in enumerate(labels)
    ]


def by_column(truth: Floats, given: Floats, labels: Sequence[str]) -> list[LabelFigures]:
    """The figures of labels that stand alone, one 0/1 column each, as `by_label` gives them."""
    figures = []
    for j, label in enumerate(labels):
        column = by_label(truth[:, j].astype(np.int64), given[:, j].astype(np.int64), ["", label])
        figures.append(column[1])
    return figures


def label_table(title: str, figures: Sequence[LabelFigures]) -> str:
    """A Markdown table of the figures."""
    lines = [f"### {title}", "", "| label | n | precision | recall | F1 (95 %) |"]
    lines.append("|---|---|---|---|---|")
    lines += [
        f"| {f.label} | {f.n} | {f.precision:.2f} | {f.recall:.2f} "
        f"| {f.f1.value:.2f} ({f.f1.low:.2f} to {f.f1.high:.2f}) |"
        for f in figures
    ]
    return "\n".join(lines) + "\n"


def confusion_table(counts: Sequence[Sequence[int]], labels: Sequence[str]) -> str:
    """A Markdown table of a confusion matrix: rows as people labelled, columns as the model did."""
    lines = ["| person \\ model | " + " | ".join(labels) + " |", "|---" * (len(labels) + 1) + "|"]
    for label, row in zip(labels, counts, strict=True):
        lines.append(f"| {label} | " + " | ".join(str(n) for n in row) + " |")
    return "\n".join(lines) + "\n"


def _f1_of(counts: Ints) -> Floats:
    hits = np.diag(counts)
    return np.asarray(2 * hits / np.maximum(1, counts.sum(0) + counts.sum(1)))
