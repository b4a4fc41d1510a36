"""`bellwether score`: a file of answers in, the same file with what the words mean out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn, Self

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.commands.scoring_run import Outcome, judging, score_file
from bot.tables.kinds import JSON_LINES
from bot.tables.tabular import TableError, Wanted
from sentiment.card import DEFAULT, read_card
from sentiment.errors import ScoringError, SentimentError
from sentiment.labels import Status
from sentiment.pool import usable_cores

_KEPT = "What is scored so far is kept: give the same command again to go on."
_STOPPED = 130  # what a shell says of a command that Ctrl-C ended


def score(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A .csv, .tsv, .jsonl or .parquet.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write: any of these kinds.")],
    text_column: Annotated[
        str | None,
        typer.Option(help="The column with the answers, a name or a number; 'text' by default."),
    ] = None,
    question_column: Annotated[
        str | None, typer.Option(help="The column with the questions, 'question' if there is one.")
    ] = None,
    header: Annotated[
        bool | None, typer.Option(help="Whether a CSV file's first line names its columns.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="A shipped model's name, or a folder of your own.")
    ] = DEFAULT,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Scoring processes; one a core by default.")
    ] = None,
) -> None:
    """Score every answer of a file; every row and column of it is kept, in order.

    When it was stopped, the same command goes on where it was.
    """
    console = Console(stderr=True)
    wanted = Wanted(text_column, question_column, header)
    try:
        _refuse_targets(source, out)
        judge = judging(model, processes or usable_cores())
        with _Shown(console) as shown:
            outcome = score_file(source, out, wanted, read_card(model).version, judge, shown)
    except ScoringError as error:
        _refuse(console, f"{error} {_KEPT}")
    except (TableError, SentimentError) as error:
        _refuse(console, str(error))
    except OSError as error:
        _refuse(console, f"{error.filename or out}: {error.strerror}. {_KEPT}")
    except KeyboardInterrupt:
        console.print(f"Stopped. {_KEPT}", soft_wrap=True)
        raise typer.Exit(_STOPPED) from None
    _summarise(console, outcome, out)


class _Shown:
    """The run as a bar on the error stream."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (TextColumn("Scoring"), BarColumn(), TextColumn("{task.fields[rows]:,} rows"))
        self._bar = Progress(*columns, TimeRemainingColumn(), console=console)
        self._task = self._bar.add_task("", total=None, rows=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begins(self, total: int, n_rows: int, differs: str) -> None:
        if n_rows:
            self._console.print(
                f"Going on from row {n_rows + 1:,}: those before it were scored already."
            )
        elif differs:
            self._console.print(
                f"A stopped run's scores are of no use, because {differs} changed since: "
                "starting anew.",
                soft_wrap=True,
            )
        self._bar.start()
        self._bar.update(self._task, total=max(1, total), rows=n_rows)

    def advances(self, done: int, n_rows: int) -> None:
        self._bar.update(self._task, completed=done, rows=n_rows)


def _refuse_targets(source: Path, out: Path) -> None:
    if not out.parent.is_dir():
        raise TableError(f"The folder {out.parent} does not exist: create it first.")
    if out.is_dir() or out.resolve() == source.resolve():
        raise TableError(f"{out} cannot be written over: name another file.")


def _summarise(console: Console, outcome: Outcome, out: Path) -> None:
    n_rows = outcome.statuses.total()
    table = Table("status", "rows", title=escape(f"{n_rows:,} rows written to {out}"))
    for status in Status:
        table.add_row(status.value, f"{outcome.statuses[status]:,}")
    console.print(table)
    if outcome.renamed:
        console.print(f"Already taken, so named: {', '.join(outcome.renamed)}.", markup=False)
    if outcome.n_wider and out.suffix.lower() not in JSON_LINES:
        console.print(
            f"{outcome.n_wider:,} objects have keys that the first one lacks. A table has no "
            "place for them; write .jsonl to keep them.",
            soft_wrap=True,
        )
    for line, problem in outcome.problems:
        console.print(f"Line {line}: {problem}.", markup=False)
    if outcome.n_untold:
        console.print(f"And {outcome.n_untold:,} more rows could not be read.")


def _refuse(console: Console, sentence: str) -> NoReturn:
    console.print(sentence, markup=False, style="red", soft_wrap=True)
    raise typer.Exit(2)
