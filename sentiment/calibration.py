"""Makes the model's probabilities mean what they say, and finds where it should keep silent.

Pure numpy. Everything here is fitted on answers that were neither trained on nor reported on.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities from logits [n, k]: p_j = exp(z_j / T) / Σ_i exp(z_i / T); rows sum to 1.

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def sigmoid(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities from logits of any shape, each alone: p = 1 / (1 + exp(-z / T))."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * scaled)))


def fit_temperature(logits: Floats, truth: Ints) -> float:
    """The T in [0.25, 10] that makes the labels `truth` [n] likeliest under softmax(logits / T).

    One number for a head: it never changes which label is the largest (Guo et al. 2017, "On
    Calibration of Modern Neural Networks").
    """

    def loss(temperature: float) -> float:
        chosen = softmax(logits, temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return _smallest(loss)


def fit_binary_temperature(logits: Floats, truth: Floats) -> float:
    """The T in [0.25, 10] that makes the 0/1 `truth` likeliest under sigmoid(logits / T)."""

    def loss(temperature: float) -> float:
        p = np.clip(sigmoid(logits, temperature), 1e-12, 1 - 1e-12)
        return float(-(truth * np.log(p) + (1 - truth) * np.log(1 - p)).mean())

    return _smallest(loss)


def expected_calibration_error(probabilities: Floats, truth: Ints, n_bins: int = 10) -> float:
    """Σ_b (n_b / n) · |share right in bin b - mean largest probability in bin b|.

    Bins b cut the largest probability of each row of [n, k] into `n_bins` of equal width
    (Naeini et al. 2015).

    >>> expected_calibration_error(np.array([[0.8, 0.2], [0.8, 0.2]]), np.array([0, 1]))
    0.3
    """
    surest = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((surest * n_bins).astype(np.int64), n_bins - 1)
    gaps = [
        (bins == b).mean() * abs(right[bins == b].mean() - surest[bins == b].mean())
        for b in np.unique(bins)
    ]
    return round(float(sum(gaps)), 12)


def abstention_threshold(
    probabilities: Floats, truth: Ints, target: float = 0.9, max_unsure: float = 0.1
) -> float:
    """The smallest largest-probability to label from, so that a share `target` is right.

    Where that would leave more than `max_unsure` of the answers unlabelled, the threshold that
    leaves just that share. 0 where all answers together already reach the target.
    """
    surest = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    limit = float(np.quantile(surest, max_unsure))
    for threshold in (0.0, *np.round(np.arange(0.3, 1.0, 0.01), 2)):
        if threshold > limit:
            break
        kept = surest >= threshold
        if kept.any() and right[kept].mean() >= target:
            return float(threshold)
    return float(np.floor(limit * 100) / 100)


def recall_threshold(
    probabilities: Floats, truth: Floats, target: float = 0.95, max_flagged: float = 0.08
) -> float:
    """The highest probability to flag from that still finds a share `target` of the true ones.

    For what must not be missed: precision pays, as far as people can read what is flagged. Where
    more than `max_flagged` of those that are not true would be, the threshold that flags just that
    share: theirs, because true ones are rarer in life than in what one learns from. 0.5 where
    there is no true one.
    """
    true_ones = np.sort(probabilities[truth > 0.5])
    if len(true_ones) == 0:
        return 0.5
    missed = int(np.floor(len(true_ones) * (1 - target)))
    limit = float(np.quantile(probabilities[truth <= 0.5], 1 - max_flagged))
    return float(np.floor(max(true_ones[missed], limit) * 1000) / 1000)


def precision_threshold(probabilities: Floats, truth: Floats, target: float = 0.9) -> float:
    """The lowest probability to flag from, of .5 and above, so that a share `target` is true.

    For what is set aside: a true answer wrongly flagged is a person not heard. 1.0, which flags
    hardly anything, where no threshold reaches the target.
    """
    for threshold in np.round(np.arange(0.5, 1.0, 0.01), 2):
        flagged = probabilities >= threshold
        if flagged.any() and truth[flagged].mean() >= target:
            return float(threshold)
    return 1.0


def best_f1_threshold(probabilities: Floats, truth: Floats) -> float:
    """The one threshold for all columns of [n, k] with the highest micro-F1."""
    grid = np.round(np.arange(0.1, 0.91, 0.02), 2)

    def f1(threshold: float) -> float:
        given = probabilities >= threshold
        hits = float((given * truth).sum())
        return 2 * hits / max(1.0, float(given.sum() + truth.sum()))

    return float(max(grid, key=f1))


def _smallest(loss: Callable[[float], float], low: float = 0.25, high: float = 10.0) -> float:
    """Golden-section search on the logarithm of the temperature; the loss has one valley."""
    shrink = (np.sqrt(5) - 1) / 2
    a, b = np.log(low), np.log(high)
    for _ in range(60):
        left, right = b - shrink * (b - a), a + shrink * (b - a)
        if loss(float(np.exp(left))) < loss(float(np.exp(right))):
            b = right
        else:
            a = left
    return float(np.exp((a + b) / 2))
