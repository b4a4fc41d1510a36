"""What reading the tone alone would reach on the same answers: the yardsticks of `model evaluate`.

Both take a negative tone for resistance and a positive one for support, and neither knows the
question. The arithmetic is pure numpy; the two readers are loaded only where they are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment.data import Answer
from sentiment.evaluation import Figure, auroc, bootstrap, f1_by_label
from sentiment.labels import Sentiment, Stance
from sentiment.report import Report

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

VADER = "VADER, a word list"
TONE = "a plain tone model"
CLEAR = 0.05  # The authors' own limit of a compound score (Hutto and Gilbert 2014).
_STANCE_OF = {
    Sentiment.NEGATIVE: Stance.RESISTANT,
    Sentiment.NEUTRAL: Stance.NEUTRAL,
    Sentiment.POSITIVE: Stance.SUPPORTIVE,
}


@dataclass(frozen=True, slots=True)
class Yardstick:
    """One way of reading the stance, measured; the model is one too."""

    name: str
    macro_f1: Figure
    resistant_f1: Figure
    resistant_auroc: Figure


def compare(report: Report, answers: Sequence[Answer]) -> list[Yardstick]:
    """The model of the report, VADER and the tone model, on the same answers.

    Raises WeightsError where the tone model can't be loaded.
    """
    texts = [answer.text for answer in answers]
    figures, resistant = report.figures, report.labels["stance"][0]
    model = Yardstick(
        "this model", figures["stance_macro_f1"], resistant.f1, figures["stance_auroc"]
    )
    compound, tones = read_vader(texts), read_tones(texts)
    return [
        model,
        measure(TONE, answers, tones.argmax(1), tones[:, 0]),
        measure(VADER, answers, tones_of(compound), -compound),
    ]


def measure(name: str, answers: Sequence[Answer], tones: Ints, scores: Floats) -> Yardstick:
    """The yardstick whose tones [n], indices in `Sentiment`, are taken for stances.

    `scores` [n] are the higher, the more resistant.
    """
    stances = list(Stance)
    truth = np.array([stances.index(answer.stance) for answer in answers])
    given = np.array([stances.index(_STANCE_OF[tone]) for tone in Sentiment])[tones]

    def f1(rows: Ints) -> Floats:
        return f1_by_label(truth[rows], given[rows], len(stances))

    return Yardstick(
        name,
        macro_f1=bootstrap(lambda r: float(f1(r).mean()), len(truth)),
        resistant_f1=bootstrap(lambda r: float(f1(r)[0]), len(truth)),
        resistant_auroc=bootstrap(lambda r: auroc(truth[r] == 0, scores[r]), len(truth)),
    )


def tones_of(compound: Floats) -> Ints:
    """Indices in `Sentiment` of VADER's compound scores [n], from -1 to 1.

    >>> tones_of(np.array([-0.05, 0.0, 0.05])).tolist()
    [0, 1, 2]
    """
    return np.asarray((compound > -CLEAR).astype(np.int64) + (compound >= CLEAR))


def read_vader(texts: Sequence[str]) -> Floats:
    """VADER's compound score of each text, [n] from -1 to 1."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


def read_tones(texts: Sequence[str]) -> Floats:
    """The tone model's probabilities, [n, 3] in the order of `Sentiment`, rows sum to 1."""
    from sentiment.tone import ToneModel

    return ToneModel().probabilities(texts)
