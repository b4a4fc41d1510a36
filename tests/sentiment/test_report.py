"""One report of made-up logits: figures that depend on the file, the rows of tables, the card."""

import json
from dataclasses import replace

import numpy as np
import pytest

from sentiment.card import ModelCard, Thresholds
from sentiment.data import Answer
from sentiment.encoders import MINILM
from sentiment.labels import Stance
from sentiment.model import HEADS
from sentiment.report import Report, judge, render_card
from tests.sentiment.test_slices import answer

CARD = ModelCard("made-up", MINILM, thresholds=Thresholds(stance=0.5, off_topic=0.5))


def report(answers: list[Answer], aside: list[float] | None = None) -> Report:
    """Of a model that is sure of the right stance of all, and of nothing else."""
    logits = {head: np.zeros((len(answers), n)) for head, n in HEADS.items()}
    for i, each in enumerate(answers):
        logits["stance"][i, list(Stance).index(each.stance)] = 2
    if aside:
        logits["off_topic"][:, 0] = aside
    return judge(logits, answers, CARD)


def some(text: str = "we will see") -> list[Answer]:
    return [answer(i, list(Stance)[i % 4], text) for i in range(40)]


def test_report_measures_what_is_off_the_topic_where_phenomena_are_given() -> None:
    answers = [
        replace(each, phenomenon="off_topic" if i < 10 else "plain")
        for i, each in enumerate(some())
    ]
    found = report(answers, aside=[1.0] * 5 + [-1.0] * 30 + [1.0] * 5).figures
    assert found["off_topic_recall"].value == 0.5
    assert found["off_topic_precision"].value == 0.5
    assert not {"off_topic_recall", "off_topic_precision"} & set(report(some()).figures)


def test_report_table_ends_with_the_mean_of_its_labels() -> None:
    found = report(some())
    *labels, macro = found.table("sentiment")
    assert macro.label == "macro"
    assert macro.f1 == found.figures["sentiment_macro_f1"]
    assert macro.recall == pytest.approx(sum(f.recall for f in labels) / 3)
    assert macro.n == 40


def test_values_are_plain_json_without_what_was_not_measured() -> None:
    values = report(some()).values()
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert values["stance_accuracy"] == 1
    assert "safeguarding_recall" not in values


def test_reliability_says_how_often_right_by_how_sure() -> None:
    (only,) = report(some()).reliability
    assert only.n == 40
    assert only.share_right == 1
    assert only.p_mean == pytest.approx(np.exp(2) / (np.exp(2) + 3))


def test_card_has_the_slices_and_no_answer() -> None:
    text = render_card(CARD, report(some(text="quite unmistakable words")), 1, 1)
    assert "| length: under 6 words | 40 | 1.00" in text
    assert "unmistakable" not in text
