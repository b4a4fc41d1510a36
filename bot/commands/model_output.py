"""What `bellwether model` prints: a report as tables, made to be read in a terminal.

An answer's words are printed only where they are handed over for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from sentiment.baselines import Yardstick
    from sentiment.evaluation import Figure
    from sentiment.learning import Gain
    from sentiment.report import Report


def print_report(console: Console, report: Report) -> None:
    """Every figure, each head by label, the confusion of stances, the calibration."""
    from sentiment.labels import Stance
    from sentiment.report import TITLES

    table = Table("figure", "value", "95 %", title=f"{report.n} answers")
    for name, figure in report.figures.items():
        table.add_row(TITLES[name], f"{figure.value:.3f}", f"{figure.low:.3f} to {figure.high:.3f}")
    console.print(table)
    for head in report.labels:
        by_label = Table(head, "n", "precision", "recall", "F1 (95 %)")
        for f in report.table(head):
            cells = (str(f.n), f"{f.precision:.2f}", f"{f.recall:.2f}", _short(f.f1))
            by_label.add_row(f.label, *cells, end_section=f is report.labels[head][-1])
        console.print(by_label)
    confusion = Table("person \\ model", *Stance, title="Stance, where the model was sure")
    for stance, row in zip(Stance, report.confusion, strict=True):
        confusion.add_row(stance.value, *map(str, row))
    console.print(confusion)
    sure = Table("how sure", "how often right", "n", title="Stance, calibration")
    for each in report.reliability:
        sure.add_row(f"{each.p_mean:.2f}", f"{each.share_right:.2f}", str(each.n))
    console.print(sure)


def print_slices(console: Console, report: Report) -> None:
    """How well the stance is read on each part of the answers, and how parts were made."""
    from sentiment.slices import NOTE, shown

    if not report.slices:
        return
    columns = ("part", "n", "macro-F1 (95 %)", "share right", "AUROC of resistant")
    table = Table("by", *columns, title="Stance, by parts of the answers")
    for before, each in zip((None, *report.slices), report.slices, strict=False):
        new = before is None or before.kind != each.kind
        if before is not None and new:
            table.add_section()
        cells = (_short(each.macro_f1), f"{each.accuracy:.2f}", shown(each.auroc))
        table.add_row(each.kind if new else "", Text(each.name), str(each.n), *cells)
    console.print(table)
    console.print(NOTE)


def print_yardsticks(console: Console, yardsticks: Sequence[Yardstick]) -> None:
    """The model beside what reads the tone alone."""
    columns = ("stance, macro-F1", "F1 of resistant", "AUROC of resistant")
    table = Table("read by", *columns, title="What is gained over reading the tone alone")
    for each in yardsticks:
        figures = (each.macro_f1, each.resistant_f1, each.resistant_auroc)
        table.add_row(each.name, *map(_short, figures))
    console.print(table)


def print_misses(console: Console, report: Report, texts: Mapping[str, str]) -> None:
    """The answers read most wrong, by id, with the text of those that `texts` has."""
    from sentiment.text import normalise

    if not report.misses:
        return
    title = "Stance, the worst errors"
    table = Table("id", "person", "model", "p of the person's", "loss", title=title)
    for miss in report.misses:
        p, loss = f"{miss.p_truth:.3f}", f"{miss.loss:.2f}"
        table.add_row(Text(miss.id), miss.truth.value, miss.given.value, p, loss)
    console.print(table)
    for miss in report.misses:
        if miss.id in texts:
            console.print(f"{miss.id}: {normalise(texts[miss.id])}", markup=False, highlight=False)


def print_gain(console: Console, gain: Gain) -> None:
    """The figures before and after training on top, on own answers and on the old ones."""
    from sentiment.report import TITLES

    own, old = f"own test, {gain.own_after.n}", f"old test, {gain.old_after.n}"
    table = Table("figure", f"{own}: before", "after", f"{old}: before", "after")
    reports = (gain.own_before, gain.own_after, gain.old_before, gain.old_after)
    for name, title in TITLES.items():
        figures = [report.figures.get(name) for report in reports]
        if any(figures):
            table.add_row(title, *(str(figure or "–") for figure in figures))
    console.print(table)


def _short(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
