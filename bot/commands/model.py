"""`bellwether model`: train the model anew, or measure one on labelled answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from sentiment.card import DEFAULT
from sentiment.errors import SentimentError

if TYPE_CHECKING:
    from sentiment.report import Report

app = typer.Typer(help="Train the model, or measure one.", no_args_is_help=True)

_WORK = Path("var/training")


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="The model folder to write.")],
    corpus: Annotated[
        Path | None, typer.Option(help="A folder of *.jsonl; the shipped answers by default.")
    ] = None,
    base: Annotated[
        Path | None, typer.Option(help="An encoder's folder; the pinned one by default.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed gives another model.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Times to go through all.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the last epoch in --work.")] = False,
    work: Annotated[Path, typer.Option(help="Where checkpoints are kept.")] = _WORK,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads to use.")] = 1,
) -> None:
    """Train, calibrate and measure a model; about fifteen minutes on a free core."""
    console = Console(stderr=True)
    try:
        report = _train(out, corpus, base, seed, epochs, resume, work, threads, console)
    except SentimentError as error:
        console.print(str(error), markup=False, style="red", soft_wrap=True)
        raise typer.Exit(2) from None
    _print(Console(), report)
    console.print(f"The model is in {out}.", markup=False)


@app.command()
def evaluate(
    answers: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled answers, *.jsonl.")],
    model: Annotated[
        str, typer.Option(help="A shipped model's name, or a folder of your own.")
    ] = DEFAULT,
) -> None:
    """Measure a model on labelled answers it was not trained on."""
    console = Console(stderr=True)
    try:
        from sentiment.data import read_answers
        from sentiment.errors import DataError

        labelled = read_answers(answers)
        if not labelled:
            raise DataError(f"{answers} holds no answer: name a file of labelled answers.")
        from sentiment.release import evaluate as measure
        from sentiment.scorer import TransformerScorer

        report = measure(TransformerScorer.load(model), labelled)
    except SentimentError as error:
        console.print(str(error), markup=False, style="red", soft_wrap=True)
        raise typer.Exit(2) from None
    _print(Console(), report)


def _train(
    out: Path,
    corpus: Path | None,
    base: Path | None,
    seed: int | None,
    epochs: int | None,
    resume: bool,
    work: Path,
    threads: int,
    console: Console,
) -> Report:
    from dataclasses import replace

    from sentiment.data import CORPUS, read_corpus
    from sentiment.errors import TrainingError
    from sentiment.model import describe_base
    from sentiment.release import release
    from sentiment.training import TrainingOptions

    options = TrainingOptions()
    options = replace(options, seed=options.seed if seed is None else seed)
    options = replace(options, epochs=epochs or options.epochs)
    if (work / "checkpoint.json").exists() and not resume:
        raise TrainingError(f"{work} holds a run: add --resume, or remove the folder.")
    columns = (TextColumn("Training"), BarColumn(), TextColumn("loss {task.fields[loss]:.2f}"))
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("", total=None, loss=0.0)

        def advance(done: int, total: int, loss: float) -> None:
            progress.update(task, completed=done, total=total, loss=loss)

        answers = read_corpus(corpus or CORPUS)
        return release(answers, describe_base(base), out, work, options, advance, threads)[1]


def _print(console: Console, report: Report) -> None:
    from sentiment.labels import Stance
    from sentiment.report import TITLES

    table = Table("figure", "value", "95 %", title=f"{report.n} answers")
    for name, figure in report.figures.items():
        table.add_row(TITLES[name], f"{figure.value:.3f}", f"{figure.low:.3f} to {figure.high:.3f}")
    console.print(table)
    for head, labels in report.labels.items():
        by_label = Table(head, "n", "precision", "recall", "F1")
        for f in labels:
            cells = (f"{value:.2f}" for value in (f.precision, f.recall, f.f1.value))
            by_label.add_row(f.label, str(f.n), *cells)
        console.print(by_label)
    confusion = Table("person \\ model", *Stance, title="Stance, where the model was sure")
    for stance, row in zip(Stance, report.confusion, strict=True):
        confusion.add_row(stance.value, *map(str, row))
    console.print(confusion)
