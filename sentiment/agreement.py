"""How far two people who read the same answers agree: what no model can be expected to beat.

Each answer of the development and test parts was labelled by its author, and again by somebody who
saw only question and answer; where the two differ, a third reader decided. Both first readings are
kept in `corpus/readings`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.data import CORPUS
from sentiment.evaluation import confusion_matrix, macro_f1, micro_f1
from sentiment.labels import Barrier, Sentiment, Stance, Theme

READINGS = CORPUS / "readings"
_ONE_OF: Mapping[str, Sequence[str]] = {
    "stance": list(Stance),
    "sentiment": list(Sentiment),
    "barrier": list(Barrier),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readings of the same `n` answers: share alike, Cohen's kappa, and F1 of one by the other.

    For themes, which are several, `alike` is the share of answers with the very same themes, `f1`
    the micro-F1, and `kappa` None.
    """

    head: str
    n: int
    alike: float
    kappa: float | None
    f1: float


def agreements(folder: Path = READINGS) -> list[Agreement]:
    """The agreement of `author.jsonl` with `blind.jsonl`, for every head, matched by id."""
    one, other = (_read(folder / name) for name in ("author.jsonl", "blind.jsonl"))
    ids = sorted(one.keys() & other.keys())
    found = [_single(head, [one[i][head] for i in ids], [other[i][head] for i in ids])
             for head in _ONE_OF]  # fmt: skip
    a, b = (_theme_columns([rows[i]["themes"] for i in ids]) for rows in (one, other))
    same = float((a == b).all(axis=1).mean())
    return [*found, Agreement("themes", len(ids), same, None, micro_f1(a, b))]


def kappa(counts: NDArray[np.int64]) -> float:
    """Cohen's kappa of a table [k, k] of counts: agreement beyond chance (Cohen 1960).

        kappa = (p_o - p_e) / (1 - p_e)

    with p_o the share on the diagonal and p_e the share expected there from rows and columns alone;
    1 where both know one label only.

    >>> kappa(np.array([[5, 0], [0, 5]]))
    1.0
    >>> kappa(np.array([[5, 5], [5, 5]]))
    0.0
    """
    n = counts.sum()
    observed = np.trace(counts) / n
    expected = float((counts.sum(0) * counts.sum(1)).sum()) / float(n) ** 2
    return 1.0 if expected == 1 else float((observed - expected) / (1 - expected))


def _single(head: str, one: list[str], other: list[str]) -> Agreement:
    labels = _ONE_OF[head]
    a, b = (np.array([labels.index(label) for label in side]) for side in (one, other))
    counts = confusion_matrix(a, b, len(labels))
    return Agreement(
        head, len(a), float((a == b).mean()), kappa(counts), macro_f1(a, b, len(labels))
    )


def _theme_columns(themes: list[Any]) -> NDArray[np.float64]:
    return np.array([[float(theme in given) for theme in Theme] for given in themes])


def _read(path: Path) -> dict[str, dict[str, Any]]:
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}
