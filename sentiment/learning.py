"""Training on top of a model with answers that an organisation labelled itself.

The answers are split like any others, so that what they brought is measured on some that were never
trained on. Old answers are mixed in, or the model would forget what it knew.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sentiment.card import ModelCard, read_card
from sentiment.data import Answer, Split
from sentiment.errors import TrainingError
from sentiment.likeness import refuse_leaks, split
from sentiment.release import Recipe, evaluate, release
from sentiment.report import Report
from sentiment.scorer import TransformerScorer
from sentiment.training import USUAL, Progress, TrainingOptions

FEWEST = 60  # Then some nine are left to measure on: too few to prove a gain, enough to see harm.
OLD_TO_NEW = 3  # Old answers mixed in for each new one.
GENTLER = 0.3  # Of the rates of a run from nothing: the model is to learn, not to start anew.


@dataclass(frozen=True, slots=True)
class Gain:
    """The reports of the model before and after, on the old test answers and on the own ones.

    `whole` is that of the new model on all of them, `held_out`, as its card has it.
    """

    old_before: Report
    old_after: Report
    own_before: Report
    own_after: Report
    whole: Report
    held_out: tuple[Answer, ...]


def learn(
    own: Sequence[Answer],
    corpus: Split,
    model: str,
    out: Path,
    work: Path,
    progress: Progress | None = None,
    n_threads: int = 1,
    options: TrainingOptions = USUAL,
) -> tuple[ModelCard, Gain]:
    """The folder `out` holds the model, trained on with the own answers; and what that brought.

    Raises TrainingError where there are too few, and DataError where one is also in the corpus.
    """
    if len(own) < FEWEST:
        raise TrainingError(
            f"{len(own)} answers of your own are too few to learn from: label {FEWEST} or more."
        )
    ours = split(own)
    refuse_leaks(Split(ours.train, (), corpus.test))
    card = read_card(model)
    parts = Split(
        train=(*ours.train, *_some(corpus.train, OLD_TO_NEW * len(ours.train), options.seed)),
        dev=(*corpus.dev, *ours.dev),
        test=(*corpus.test, *ours.test),
    )
    recipe = Recipe(card.base, _like(card, options), start=model)
    fresh, whole = release(parts, recipe, out, work, progress, n_threads)
    before, after = (TransformerScorer.load(m, n_threads) for m in (model, out))
    gain = Gain(
        evaluate(before, corpus.test),
        evaluate(after, corpus.test),
        evaluate(before, ours.test),
        evaluate(after, ours.test),
        whole,
        parts.test,
    )
    return fresh, gain


def _like(card: ModelCard, options: TrainingOptions) -> TrainingOptions:
    return replace(
        options,
        lora_rank=card.lora_rank,
        lora_alpha=card.lora_alpha,
        trained_blocks=card.trained_blocks,
        max_tokens=card.max_tokens,
        rate_adapter=options.rate_adapter * GENTLER,
        rate_heads=options.rate_heads * GENTLER,
    )


def _some(answers: Sequence[Answer], n: int, seed: int) -> list[Answer]:
    return random.Random(seed).sample(list(answers), min(n, len(answers)))  # noqa: S311 (a sample, not a secret)
