"""From labelled answers to a model folder: split, train, calibrate, measure, write.

What is shipped is trained on the training part alone, so that the figures and the confusion matrix
it carries are about answers it has never seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment import calibration
from sentiment.card import Base, ModelCard, Temperatures, Thresholds
from sentiment.data import Answer, split
from sentiment.errors import TrainingError
from sentiment.model import save_adapter
from sentiment.report import Report, Truth, judge, render_card
from sentiment.scorer import TransformerScorer
from sentiment.training import Progress, TrainingOptions, train

CARD_FILE = "MODEL_CARD.md"
Logits = Mapping[str, NDArray[np.float64]]


def release(
    answers: Sequence[Answer],
    base: Base,
    out: Path,
    work: Path,
    options: TrainingOptions,
    progress: Progress | None = None,
    n_threads: int = 1,
) -> tuple[ModelCard, Report]:
    """The folder `out` holds a model trained, calibrated and measured on the answers.

    `work` keeps the checkpoints; a second call with the same arguments goes on from the last one.
    Raises TrainingError, DataError or WeightsError where that cannot be done.
    """
    parts = split(answers)
    if not (parts.train and parts.dev and parts.test):
        raise TrainingError(
            f"{len(answers)} answers are too few to train on, calibrate and measure: a hundred "
            "different ones are the least."
        )
    tensors = train(parts.train, base, work, options, progress, n_threads=n_threads)
    draft = _draft(base, options, save_adapter(out, tensors))
    draft.write(out)
    scorer = TransformerScorer.load(out)
    calibrated = calibrate(draft, scorer.logits(_pairs(parts.dev)), parts.dev)
    report = judge(scorer.logits(_pairs(parts.test)), parts.test, calibrated)
    card = replace(
        calibrated,
        confusion=report.confusion,
        unsure=report.unsure,
        figures=report.values(),
    )
    card.write(out)
    text = render_card(card, report, len(parts.train), len(parts.dev))
    (out / CARD_FILE).write_text(text, encoding="utf-8")
    return card, report


def _draft(base: Base, options: TrainingOptions, digest: str) -> ModelCard:
    """The card before anything is measured; the version names the weights by their hash."""
    return ModelCard(
        version=f"{base.name.split('/')[-1].lower()}-{digest[:8]}",
        base=base,
        lora_rank=options.lora_rank,
        lora_alpha=options.lora_alpha,
        adapter_sha256=digest,
    )


def evaluate(scorer: TransformerScorer, answers: Sequence[Answer]) -> Report:
    """The report of a loaded model on labelled answers."""
    return judge(scorer.logits(_pairs(answers)), answers, scorer.card)


def calibrate(card: ModelCard, logits: Logits, answers: Sequence[Answer]) -> ModelCard:
    """The card with temperatures and thresholds fitted to the logits of these answers."""
    truth = Truth.of(answers)
    danger = logits["safeguarding"][:, 0]
    heat = Temperatures(
        stance=_round(calibration.fit_temperature(logits["stance"], truth.stance)),
        sentiment=_round(calibration.fit_temperature(logits["sentiment"], truth.sentiment)),
        barrier=_round(calibration.fit_temperature(logits["barrier"], truth.barrier)),
        themes=_round(calibration.fit_binary_temperature(logits["themes"], truth.themes)),
        safeguarding=_round(calibration.fit_binary_temperature(danger, truth.safeguarding)),
    )
    stance = calibration.softmax(logits["stance"], heat.stance)
    themes = calibration.sigmoid(logits["themes"], heat.themes)
    p_danger = calibration.sigmoid(danger, heat.safeguarding)
    limits = Thresholds(
        stance=calibration.abstention_threshold(stance, truth.stance),
        themes=calibration.best_f1_threshold(themes, truth.themes),
        safeguarding=calibration.recall_threshold(p_danger, truth.safeguarding),
    )
    return replace(card, temperatures=heat, thresholds=limits)


def _pairs(answers: Sequence[Answer]) -> list[tuple[str, str]]:
    return [(answer.question, answer.text) for answer in answers]


def _round(value: float) -> float:
    return round(value, 4)
