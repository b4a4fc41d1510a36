"""One model against one set of labelled answers: every figure, and the card in Markdown.

Pure: takes logits and labels, gives numbers and text, loads no model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment import evaluation
from sentiment.calibration import expected_calibration_error, sigmoid, softmax
from sentiment.card import MAX_LOST, ModelCard
from sentiment.danger import names_danger
from sentiment.data import Answer
from sentiment.evaluation import Bin, Figure, LabelFigures, auroc, bootstrap, macro_f1, micro_f1
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.slices import NOTE, Miss, Slice, slice_table, slices, worst
from sentiment.text import normalise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_Statistic = Callable[[Ints], float]

TITLES = {
    "stance_accuracy": "stance, share right",
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
    "off_topic_recall": "off the topic, recall",
    "off_topic_precision": "off the topic, precision",
}

_CARD = """# Model card: {card.version}

Reads what a member of staff wrote about a change, with the question it answers, and says where
they stand, in what tone, what is in their way, what it is about, and whether somebody may need
help. English only; texts in other languages are left unscored.

## Origin and licence

- Encoder: {card.base.shown}, licence {card.base.licence}. `model.safetensors` has the sha256
  `{card.base.sha256}`. It is not part of this folder;
  where those that come along are from stands in `base-weights.txt` and `NOTICE`.
- This folder: a low-rank adapter (rank {card.lora_rank}) on every linear layer of the upper
  {card.trained_blocks} blocks, and a linear head for each kind of label, fitted on {n_train:,}
  answers, under the licence of this project.
- Made with `bellwether model train`; read with safetensors only, nothing is unpickled.

## How good it is

Measured on {report.n:,} held-out answers that chose nothing, by other hands and about other changes
than those it learned from (`sentiment/corpus/DATASHEET.md`). {n_dev} further answers set the
temperatures and thresholds. In brackets the 95 % bootstrap interval.

{figures}
{tables}
### Stance, held-out answers that were not left unsure

{confusion}
Left unsure, by the stance a person gave: {unsure}.

### Where it is good and where it fails

{slices}
{slice_note}

## How it decides

Temperatures: stance {t.stance:.2f}, sentiment {t.sentiment:.2f}, barrier {t.barrier:.2f}, themes
{t.themes:.2f}, safeguarding {t.safeguarding:.2f}. An answer whose likeliest stance is below
{limits.stance:.2f} is unsure. A theme is given from {limits.themes:.2f}, off-topic from
{limits.off_topic:.2f}, safeguarding from {limits.safeguarding:.3f}, chosen for recall: flags are
for people to look at, many are false alarms, and the absence of one is no all-clear.

Faster forms may be used where they lose at most {most_lost} points of stance macro-F1: {narrow}.

## Limits

- The answers were written for this project, not collected; real staff write otherwise, and figures
  on their answers will be lower.
- One answer's label is a hint. Shares of a team must be corrected with the confusion matrix above.
- It reads the first {card.max_tokens} tokens.
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
    off_topic: Floats

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Truth:
        """The answers' labels, row by row."""
        return cls(
            stance=np.array([list(Stance).index(a.stance) for a in answers]),
            sentiment=np.array([list(Sentiment).index(a.sentiment) for a in answers]),
            barrier=np.array([list(Barrier).index(a.barrier) for a in answers]),
            themes=np.array([[float(t in a.themes) for t in Theme] for a in answers]),
            safeguarding=np.array([float(a.safeguarding) for a in answers]),
            off_topic=np.array([float(a.off_topic) for a in answers]),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Figures by name (see `TITLES`), figures by label, and the stance confusion matrix.

    `confusion` counts the answers that were scored, `unsure` those that were not, by true stance.
    `reliability`, `slices` and `misses` are about the stance of all answers. What is off the topic
    is measured where the answers say what makes them hard.
    """

    n: int
    figures: dict[str, Figure]
    labels: dict[str, list[LabelFigures]]
    confusion: tuple[tuple[int, ...], ...]
    unsure: tuple[int, ...]
    reliability: tuple[Bin, ...]
    slices: tuple[Slice, ...]
    misses: tuple[Miss, ...]

    def values(self) -> dict[str, float]:
        """The figures as plain numbers, four digits, for a model's `config.json`.

        Without those that couldn't be measured, for JSON knows no NaN.
        """
        known = {k: f.value for k, f in self.figures.items() if not np.isnan(f.value)}
        return {"n": float(self.n)} | {k: round(value, 4) for k, value in known.items()}

    def table(self, head: str) -> list[LabelFigures]:
        """The head's figures by label, and their mean as the last row."""
        rows = self.labels[head]
        macro = LabelFigures(
            "macro",
            precision=sum(f.precision for f in rows) / len(rows),
            recall=sum(f.recall for f in rows) / len(rows),
            f1=self.figures[f"{head}_macro_f1"],
            n=sum(f.n for f in rows),
        )
        return [*rows, macro]


@dataclass(frozen=True, slots=True)
class _Read:
    """What the card makes of the logits: probabilities, labels, and what is flagged as 0 or 1."""

    stance: Floats
    sure: NDArray[np.bool_]
    best: Mapping[str, Ints]
    themes: Floats
    danger: Floats
    flagged: Floats
    aside: Floats

    @classmethod
    def by(cls, card: ModelCard, logits: Mapping[str, Floats], answers: Sequence[Answer]) -> _Read:
        t, limits = card.temperatures, card.thresholds
        stance = softmax(logits["stance"], t.stance)
        danger = sigmoid(logits["safeguarding"][:, 0], t.safeguarding)
        named = np.array([names_danger(normalise(answer.text)) for answer in answers])
        return cls(
            stance=stance,
            sure=stance.max(1) >= limits.stance,
            best={head: logits[head].argmax(1) for head in ("stance", "sentiment", "barrier")},
            themes=_as_float(sigmoid(logits["themes"], t.themes) >= limits.themes),
            danger=danger,
            flagged=_as_float(named | (danger >= limits.safeguarding)),
            aside=_as_float(sigmoid(logits["off_topic"][:, 0], t.off_topic) >= limits.off_topic),
        )


def judge(logits: Mapping[str, Floats], answers: Sequence[Answer], card: ModelCard) -> Report:
    """The report of the logits [n, labels] by head against the answers, as the card reads them."""
    truth, read = Truth.of(answers), _Read.by(card, logits, answers)
    best, sure = read.best, read.sure
    counts = evaluation.confusion_matrix(truth.stance[sure], best["stance"][sure], len(Stance))
    statistics = _statistics(truth, read)
    if any(answer.phenomenon for answer in answers):
        statistics |= _ratios("off_topic", truth.off_topic, read.aside)
    return Report(
        n=len(answers),
        figures={name: bootstrap(s, len(answers)) for name, s in statistics.items()},
        labels={
            "stance": evaluation.by_label(truth.stance, best["stance"], list(Stance)),
            "sentiment": evaluation.by_label(truth.sentiment, best["sentiment"], list(Sentiment)),
            "barrier": evaluation.by_label(truth.barrier, best["barrier"], list(Barrier)),
            "themes": evaluation.by_column(truth.themes, read.themes, list(Theme)),
        },
        confusion=tuple(tuple(int(n) for n in row) for row in counts),
        unsure=tuple(int(n) for n in np.bincount(truth.stance[~sure], minlength=len(Stance))),
        reliability=evaluation.reliability(read.stance, truth.stance),
        slices=slices(answers, read.stance),
        misses=worst(answers, read.stance),
    )


def _statistics(truth: Truth, read: _Read) -> dict[str, _Statistic]:
    stance, sure, given = read.stance, read.sure, read.themes

    def f1(head: str, labels: Ints, k: int, rows: Ints) -> float:
        return macro_f1(labels[rows], read.best[head][rows], k)

    def themes_macro(rows: Ints) -> float:
        both = (truth.themes * given)[rows].sum(0)
        return float((2 * both / np.maximum(1, (truth.themes + given)[rows].sum(0))).mean())

    return {
        "stance_accuracy": lambda r: float((read.best["stance"] == truth.stance)[r].mean()),
        "stance_macro_f1": lambda r: f1("stance", truth.stance, len(Stance), r),
        "stance_auroc": lambda r: auroc(truth.stance[r] == 0, stance[r, 0]),
        "stance_ece": lambda r: expected_calibration_error(stance[r], truth.stance[r]),
        "stance_macro_f1_scored": lambda r: f1("stance", truth.stance, len(Stance), r[sure[r]]),
        "share_unsure": lambda r: float((~sure[r]).mean()),
        "sentiment_macro_f1": lambda r: f1("sentiment", truth.sentiment, len(Sentiment), r),
        "barrier_macro_f1": lambda r: f1("barrier", truth.barrier, len(Barrier), r),
        "themes_micro_f1": lambda r: micro_f1(truth.themes[r], given[r]),
        "themes_macro_f1": themes_macro,
        **_ratios("safeguarding", truth.safeguarding, read.flagged),
        "safeguarding_auroc": lambda r: auroc(truth.safeguarding[r] > 0.5, read.danger[r]),
    }


def _ratios(name: str, truth: Floats, given: Floats) -> dict[str, _Statistic]:
    """Recall and precision of a 0/1 column; NaN where it is never true, or never given."""

    def ratio(rows: Ints, whole: Floats) -> float:
        n = whole[rows].sum()
        return float((truth * given)[rows].sum() / n) if n else float("nan")

    return {
        f"{name}_recall": lambda r: ratio(r, truth),
        f"{name}_precision": lambda r: ratio(r, given),
    }


def _as_float(yes: NDArray[np.bool_]) -> Floats:
    return yes.astype(np.float64)


def figure_table(report: Report) -> str:
    """A Markdown table of the report's figures with their intervals."""
    lines = ["| figure | value (95 %) |", "|---|---|"]
    lines += [f"| {TITLES[name]} | {figure} |" for name, figure in report.figures.items()]
    return "\n".join(lines) + "\n"


def render_card(card: ModelCard, report: Report, n_train: int, n_dev: int) -> str:
    """The model card: what it is, where it comes from, how good it is, where it fails."""
    tables = (
        evaluation.label_table(head.capitalize(), report.table(head))
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
        most_lost=MAX_LOST,
        narrow="; ".join(
            f"{form} loses {lost.lost:.1f} and calls {lost.share_changed:.1%} otherwise"
            for form, lost in card.narrow.items()
        )
        or "none was measured",
        slices=slice_table(report.slices),
        slice_note=NOTE,
    )


def _named(counts: Sequence[int]) -> str:
    return ", ".join(f"{label} {n}" for label, n in zip(Stance, counts, strict=True))
