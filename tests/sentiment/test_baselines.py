"""The yardsticks: tone taken for stance."""

import numpy as np
import pytest

from sentiment import baselines as b
from sentiment.labels import Stance
from sentiment.tone import TONES, ToneModel
from tests.sentiment.test_slices import answer

TRUTH = [Stance.RESISTANT] * 10 + [Stance.NEUTRAL] * 10 + [Stance.SUPPORTIVE] * 10


def test_measure_takes_negative_for_resistant_and_positive_for_supportive() -> None:
    answers = [answer(i, stance) for i, stance in enumerate(TRUTH)]
    tones = np.array([0] * 10 + [1] * 10 + [2] * 10)
    found = b.measure("all right", answers, tones, -tones.astype(float))
    assert found.macro_f1.value == pytest.approx(3 / 4)  # nobody is torn, and it can't say so
    assert found.resistant_f1.value == found.resistant_auroc.value == 1
    turned = b.measure("all wrong", answers, 2 - tones, tones.astype(float))
    assert turned.resistant_auroc.value == 0
    assert turned.macro_f1.value == pytest.approx(1 / 4)


def test_vader_reads_the_tone_of_words() -> None:
    compound = b.read_vader(["this is awful, I hate it", "it opens at nine", "great, I love it"])
    assert b.tones_of(compound).tolist() == [0, 1, 2]


def test_tone_model_reads_the_tone_of_words() -> None:
    texts = ["this is awful, I hate it", "it opens at nine on weekdays", "great, I love it"]
    p = ToneModel().probabilities(texts)
    assert [TONES[i] for i in p.argmax(1)] == ["negative", "neutral", "positive"]
    assert p.sum(1) == pytest.approx(1)
    assert ToneModel().probabilities(texts[2:])[0] == pytest.approx(p[2], abs=1e-5)
