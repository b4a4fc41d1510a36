"""Where a model is good and where it fails: the same figures on parts of the answers, and the
answers it got most wrong.

Pure. Nothing here repeats an answer's words, nor the name of who wrote it: writers are numbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment.data import Answer
from sentiment.evaluation import Figure, auroc, bootstrap, f1_by_label
from sentiment.labels import Sentiment, Stance
from sentiment.text import normalise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST = 30  # Of fewer answers, the interval of an F1 is about as wide as what it could say.
FEWEST_OF_A_STANCE = 5  # One answer more or less would move a mean of F1 by a tenth.
REST = "the smaller ones together"
N_MISSES = 12
NOTE = (
    f"Groups of fewer than {FEWEST} answers are put together as “{REST}”, and left out where even "
    "those are fewer. Macro-F1 is the mean over the stances that at least "
    f"{FEWEST_OF_A_STANCE} answers of the group have. Every answer counts, also one that would be "
    "left unsure."
)
LENGTHS = ("under 6 words", "6 to 14 words", "15 to 30 words", "over 30 words")
_LIMITS = (6, 15, 31)
QUESTIONS = ("no question", "with a question")
TONES = ("all others", "tone opposite to stance")
_OPPOSITE = {(Stance.RESISTANT, Sentiment.POSITIVE), (Stance.SUPPORTIVE, Sentiment.NEGATIVE)}


@dataclass(frozen=True, slots=True)
class Slice:
    """How well the stance is read on one part of the answers.

    `kind` is what they were parted by, `name` the part. `auroc` is that of resistant against the
    rest, NaN where all are of one kind.
    """

    kind: str
    name: str
    n: int
    macro_f1: Figure
    accuracy: float
    auroc: float


@dataclass(frozen=True, slots=True)
class Miss:
    """An answer whose stance was read wrong, by its id; loss = -ln p(the true stance)."""

    id: str
    truth: Stance
    given: Stance
    p_truth: float
    loss: float


def slices(answers: Sequence[Answer], stance: Floats) -> tuple[Slice, ...]:
    """Every slice of `FEWEST` answers or more; `stance` [n, 4] are the calibrated probabilities.

    By kind, and within a kind by length, or from the worst read to the best.
    """
    truth = np.array([list(Stance).index(answer.stance) for answer in answers])
    found: list[Slice] = []
    for kind, names in _names(answers).items():
        parts = [_slice(kind, name, rows, truth, stance) for name, rows in _parts(names)]
        found += sorted(parts, key=_place)
    return tuple(found)


def worst(answers: Sequence[Answer], stance: Floats, n: int = N_MISSES) -> tuple[Miss, ...]:
    """The `n` answers read wrong with the greatest loss, the greatest first."""
    stances = list(Stance)
    misses = []
    for answer, p in zip(answers, stance, strict=True):
        given, own = stances[int(p.argmax())], float(p[stances.index(answer.stance)])
        if given is not answer.stance:
            loss = float(-np.log(max(own, 1e-12)))
            misses.append(Miss(answer.id, answer.stance, given, own, loss))
    return tuple(sorted(misses, key=lambda miss: -miss.loss)[:n])


def slice_table(found: Sequence[Slice]) -> str:
    """A Markdown table of the slices."""
    lines = ["| part | n | stance macro-F1 (95 %) | share right | AUROC of resistant |"]
    lines.append("|---|---|---|---|---|")
    lines += [
        f"| {s.kind}: {s.name} | {s.n} | {s.macro_f1.value:.2f} ({s.macro_f1.low:.2f} to "
        f"{s.macro_f1.high:.2f}) | {s.accuracy:.2f} | {shown(s.auroc)} |"
        for s in found
    ]
    return "\n".join(lines) + "\n"


def shown(value: float) -> str:
    """Two digits, or a dash where there was nothing to measure."""
    return "–" if np.isnan(value) else f"{value:.2f}"


def _slice(kind: str, name: str, rows: Ints, truth: Ints, stance: Floats) -> Slice:
    own, given = truth[rows], stance[rows].argmax(1)

    common = np.bincount(own, minlength=len(Stance)) >= FEWEST_OF_A_STANCE

    def macro(drawn: Ints) -> float:
        return float(f1_by_label(own[drawn], given[drawn], len(Stance))[common].mean())

    return Slice(
        kind,
        name,
        n=len(rows),
        macro_f1=bootstrap(macro, len(rows)),
        accuracy=float((own == given).mean()),
        auroc=auroc(own == 0, stance[rows, 0]),
    )


def _parts(names: Sequence[str]) -> list[tuple[str, Ints]]:
    """The rows of each name, '' left out; those of small groups under one name at the end."""
    rows: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        if name:
            rows.setdefault(name, []).append(i)
    large = {name: some for name, some in rows.items() if len(some) >= FEWEST}
    small = [i for name, some in rows.items() if name not in large for i in some]
    if len(small) >= FEWEST:
        large[REST] = small
    return [(name, np.array(some)) for name, some in large.items()]


def _place(part: Slice) -> tuple[bool, float]:
    by_length = part.name in LENGTHS
    return part.name == REST, LENGTHS.index(part.name) if by_length else part.macro_f1.value


def _names(answers: Sequence[Answer]) -> dict[str, list[str]]:
    """By kind, the name of the part that each answer belongs to; '' where it is not known."""
    authors = dict.fromkeys(a.author for a in answers if a.author)
    numbered = {author: f"writer {i}" for i, author in enumerate(authors, start=1)}
    return {
        "length": [_length(a) for a in answers],
        "question": [QUESTIONS[bool(normalise(a.question))] for a in answers],
        "tone": [TONES[(a.stance, a.sentiment) in _OPPOSITE] for a in answers],
        "phenomenon": [a.phenomenon.replace("_", " ") for a in answers],
        "writer": [numbered.get(a.author, "") for a in answers],
    }


def _length(answer: Answer) -> str:
    n_words = len(normalise(answer.text).split())
    return LENGTHS[sum(n_words >= limit for limit in _LIMITS)]
