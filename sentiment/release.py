"""From labelled answers to a model folder: train, calibrate, narrow, measure, write.

What is shipped is trained on the training part alone, so that the figures and the confusion matrix
it carries are about answers it has never seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment import calibration
from sentiment.card import (
    CONFIG_FILE,
    Form,
    ModelCard,
    Narrow,
    Temperatures,
    Thresholds,
    model_folder,
)
from sentiment.data import Answer, Split
from sentiment.encoders import Base, sha256
from sentiment.errors import TrainingError
from sentiment.evaluation import macro_f1
from sentiment.labels import Stance
from sentiment.model import ADAPTER_FILE, AnswerModel, load_model, save_adapter
from sentiment.narrowing import available, narrowed, rounded
from sentiment.network import read_tensors
from sentiment.report import Report, Truth, judge, render_card
from sentiment.scorer import TransformerScorer
from sentiment.training import NOTHING, USUAL, Progress, Start, TrainingOptions, train

CARD_FILE = "MODEL_CARD.md"
Logits = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a model is made of: an encoder, options, and the models that it builds on, if any.

    `teacher` names a model whose opinions on the training answers count beside their labels,
    `start` one whose adapter and heads training goes on from.
    """

    base: Base
    options: TrainingOptions = USUAL
    teacher: str = ""
    start: str = ""


def release(
    parts: Split,
    recipe: Recipe,
    out: Path,
    work: Path,
    progress: Progress | None = None,
    n_threads: int = 1,
) -> tuple[ModelCard, Report]:
    """The folder `out` holds a model trained, calibrated and measured on the three parts.

    `work` keeps the checkpoints; a second call with the same arguments goes on from the last one.
    Raises TrainingError, DataError or WeightsError where that cannot be done.
    """
    if not (parts.train and parts.dev and parts.test):
        raise TrainingError(
            "There are too few answers to train on, calibrate and measure: a hundred different "
            "ones are the least."
        )
    tensors = train(
        parts.train,
        recipe.base,
        work,
        recipe.options,
        progress,
        n_threads=n_threads,
        start=_start(recipe, parts.train, n_threads),
    )
    fresh = out.with_name(f".{out.name}.new")
    draft = _draft(recipe, save_adapter(fresh, tensors))
    draft.write(fresh)
    card, report = _measured(draft, fresh, parts, n_threads)
    card.write(fresh)
    text = render_card(card, report, len(parts.train), len(parts.dev))
    (fresh / CARD_FILE).write_text(text, encoding="utf-8")
    _put_in_place(fresh, out)
    return card, report


def _measured(
    draft: ModelCard, folder: Path, parts: Split, n_threads: int
) -> tuple[ModelCard, Report]:
    """The card with all that can be said of the folder's weights, and the report behind it."""
    scorer = TransformerScorer.load(folder, n_threads, forms=())
    calibrated = calibrate(draft, scorer.logits(_pairs(parts.dev)), parts.dev)
    exact = scorer.logits(_pairs(parts.test))
    card = replace(calibrated, narrow=_measure_narrow(folder, exact, parts.test))
    report = judge(exact, parts.test, card)
    return (
        replace(card, confusion=report.confusion, unsure=report.unsure, figures=report.values()),
        report,
    )


def _put_in_place(fresh: Path, out: Path) -> None:
    """File by file, the card last: until it is there, the old card refuses the new weights."""
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(fresh.iterdir(), key=lambda path: path.name == CONFIG_FILE):
        path.replace(out / path.name)
    fresh.rmdir()


def evaluate(scorer: TransformerScorer, answers: Sequence[Answer]) -> Report:
    """The report of a loaded model on labelled answers."""
    return judge(scorer.logits(_pairs(answers)), answers, scorer.card)


def calibrate(card: ModelCard, logits: Logits, answers: Sequence[Answer]) -> ModelCard:
    """The card with temperatures and thresholds fitted to the logits of these answers."""
    truth = Truth.of(answers)
    danger, aside = logits["safeguarding"][:, 0], logits["off_topic"][:, 0]
    heat = Temperatures(
        stance=_round(calibration.fit_temperature(logits["stance"], truth.stance)),
        sentiment=_round(calibration.fit_temperature(logits["sentiment"], truth.sentiment)),
        barrier=_round(calibration.fit_temperature(logits["barrier"], truth.barrier)),
        themes=_round(calibration.fit_binary_temperature(logits["themes"], truth.themes)),
        safeguarding=_round(calibration.fit_binary_temperature(danger, truth.safeguarding)),
        off_topic=_round(calibration.fit_binary_temperature(aside, truth.off_topic)),
    )
    stance = calibration.softmax(logits["stance"], heat.stance)
    themes = calibration.sigmoid(logits["themes"], heat.themes)
    p_danger = calibration.sigmoid(danger, heat.safeguarding)
    p_aside = calibration.sigmoid(aside, heat.off_topic)
    limits = Thresholds(
        stance=calibration.abstention_threshold(stance, truth.stance),
        themes=calibration.best_f1_threshold(themes, truth.themes),
        safeguarding=calibration.recall_threshold(p_danger, truth.safeguarding),
        off_topic=calibration.precision_threshold(p_aside, truth.off_topic),
    )
    return replace(card, temperatures=heat, thresholds=limits)


def _start(recipe: Recipe, answers: Sequence[Answer], n_threads: int) -> Start:
    """What the recipe's models give; named by their weights, so that a checkpoint can tell."""
    if recipe.teacher:
        scorer = TransformerScorer.load(recipe.teacher, n_threads)
        return Start(f"taught by {scorer.model_version}", teacher=scorer.tensors(_pairs(answers)))
    if recipe.start:
        path = model_folder(recipe.start) / ADAPTER_FILE
        return Start(f"on top of {sha256(path)}", fitted=read_tensors(path))
    return NOTHING


def _draft(recipe: Recipe, digest: str) -> ModelCard:
    """The card before anything is measured; the version names the weights by their hash."""
    return ModelCard(
        version=f"{recipe.base.name.split('/')[-1].lower()}-{digest[:8]}",
        base=recipe.base,
        lora_rank=recipe.options.lora_rank,
        lora_alpha=recipe.options.lora_alpha,
        trained_blocks=recipe.options.trained_blocks,
        max_tokens=recipe.options.max_tokens,
        adapter_sha256=digest,
    )


def _measure_narrow(folder: Path, exact: Logits, answers: Sequence[Answer]) -> dict[str, Narrow]:
    """What each faster form loses on these answers; 8 bits only where this machine has them."""
    found = {Form.BF16.value: _loss(exact, _logits(folder, answers, rounded), answers)}
    if Form.INT8 in available():
        fast = _logits(folder, answers, lambda model: narrowed(model, Form.INT8))
        found[Form.INT8.value] = _loss(exact, fast, answers)
    return found


def _logits(
    folder: Path, answers: Sequence[Answer], form: Callable[[AnswerModel], AnswerModel]
) -> Logits:
    model, reader, card = load_model(folder)
    return TransformerScorer(form(model), reader, card).logits(_pairs(answers))


def _loss(exact: Logits, fast: Logits, answers: Sequence[Answer]) -> Narrow:
    truth = Truth.of(answers).stance
    one, other = exact["stance"].argmax(1), fast["stance"].argmax(1)
    lost = macro_f1(truth, one, len(Stance)) - macro_f1(truth, other, len(Stance))
    return Narrow(round(100 * lost, 2) + 0.0, round(float((one != other).mean()), 4))


def _pairs(answers: Sequence[Answer]) -> list[tuple[str, str]]:
    return [(answer.question, answer.text) for answer in answers]


def _round(value: float) -> float:
    return round(value, 4)
