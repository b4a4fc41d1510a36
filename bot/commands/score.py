"""`bellwether score`: a file of answers in, the same file with what the words mean out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.commands.tabular import Pending, Reader, Row, TableError, open_table, writes
from sentiment.card import DEFAULT
from sentiment.errors import SentimentError
from sentiment.labels import Score, Stance, Status

if TYPE_CHECKING:
    from sentiment.scorer import TransformerScorer

ADDED = (
    "stance",
    *(f"p_{stance}" for stance in Stance),
    "sentiment",
    "barrier",
    "themes",
    "safeguarding",
    "p_safeguarding",
    "status",
    "model",
)
_SHOWN_PROBLEMS = 20

Pick = Callable[[Row], tuple[str, str] | None]
"""A row's (question, text); None where the row cannot be read."""


def score(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A .csv, .tsv, .jsonl or .parquet.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where to write: IN's kind, or CSV ↔ Parquet.")
    ],
    text_column: Annotated[str, typer.Option(help="The column with the answers.")] = "text",
    question_column: Annotated[
        str | None, typer.Option(help="The column with the questions, 'question' if there is one.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="A shipped model's name, or a folder of your own.")
    ] = DEFAULT,
) -> None:
    """Score every answer of a file; every row and column of it is kept, in order."""
    console = Console(stderr=True)
    try:
        _refuse_targets(source, out)
        with closing(open_table(source, text_column)) as table:
            pick = _picker(table, text_column, question_column, source.name)
            added = _names(table.columns)
            scorer = _load(model, console)
            with Pending(out) as pending:
                kind = out.suffix.lower()
                statuses, problems = _run(table, pending.path, kind, added, pick, scorer, console)
    except (TableError, SentimentError) as error:
        _refuse(console, str(error))
    except OSError as error:
        _refuse(console, f"{error.filename or out}: {error.strerror}. Nothing was written.")
    _summarise(console, statuses, problems, out, added)


def _run(
    table: Reader,
    path: Path,
    kind: str,
    added: Sequence[str],
    pick: Pick,
    scorer: TransformerScorer,
    console: Console,
) -> tuple[Counter[Status], list[tuple[int, str]]]:
    statuses: Counter[Status] = Counter()
    problems: list[tuple[int, str]] = []
    columns = (TextColumn("Scoring"), BarColumn(), TextColumn("{task.fields[rows]:,} rows"))
    with (
        closing(table.writer(path, added, kind)) as writer,
        Progress(*columns, TimeRemainingColumn(), console=console) as progress,
    ):
        task = progress.add_task("", total=max(1, table.total), rows=0)
        for rows in table.chunks():
            scores = _score_rows(rows, pick, scorer)
            writer.write(rows, [_values(s) for s in scores])
            statuses.update(s.status for s in scores)
            problems += [
                (row.line, row.problem or "a cell that is not text")
                for row, s in zip(rows, scores, strict=True)
                if s.status is Status.ERROR
            ]
            progress.update(task, completed=table.done, rows=statuses.total())
    return statuses, problems


def _score_rows(rows: Sequence[Row], pick: Pick, scorer: TransformerScorer) -> list[Score]:
    pairs = [None if row.problem else pick(row) for row in rows]
    judged = iter(scorer.score([pair for pair in pairs if pair is not None]))
    failed = Score.unscored(Status.ERROR, scorer.model_version)
    return [failed if pair is None else next(judged) for pair in pairs]


def _values(score: Score) -> list[Any]:
    judged = bool(score.p_stance)
    return [
        score.stance and score.stance.value,
        *(score.p_stance if judged else [None] * len(Stance)),
        score.sentiment and score.sentiment.value,
        score.barrier and score.barrier.value,
        ";".join(score.themes),
        score.safeguarding if judged else None,
        score.p_safeguarding if judged else None,
        score.status.value,
        score.model,
    ]


def _picker(table: Reader, text_column: str, question_column: str | None, name: str) -> Pick:
    if question_column is None and "question" in table.columns:
        question_column = "question"
    for wanted, option in ((text_column, "--text-column"), (question_column, "--question-column")):
        if wanted is not None and wanted not in table.columns:
            listed = ", ".join(table.columns[:40])
            raise TableError(f"{name} has no column {wanted!r}; it has: {listed}. Use {option}.")
    at_text = table.columns.index(text_column)
    at_question = table.columns.index(question_column) if question_column is not None else None

    def pick(row: Row) -> tuple[str, str] | None:
        if row.cells and isinstance(row.cells[0], dict):
            text, question = row.cells[0].get(text_column), row.cells[0].get(question_column)
        else:
            text = row.cells[at_text]
            question = None if at_question is None else row.cells[at_question]
        if not isinstance(text, str | None) or not isinstance(question, str | None):
            return None
        return question or "", text or ""

    return pick


def _names(columns: Sequence[str]) -> list[str]:
    """Our columns' names; one that the table already has gets `bellwether_` before it."""
    names = [f"bellwether_{name}" if name in columns else name for name in ADDED]
    taken = [name for name in names if name in columns]
    if taken:
        raise TableError(f"The table already has the column {taken[0]!r}: rename it.")
    return names


def _refuse_targets(source: Path, out: Path) -> None:
    kinds = writes(source.suffix.lower())
    if out.suffix.lower() not in kinds:
        raise TableError(
            f"{out.name} must end in {' or '.join(kinds)}: that is what {source.name} can become."
        )
    if not out.parent.is_dir():
        raise TableError(f"The folder {out.parent} does not exist: create it first.")
    if out.is_dir() or out.resolve() == source.resolve():
        raise TableError(f"{out} cannot be written over: name another file.")


def _load(model: str, console: Console) -> TransformerScorer:
    with console.status("Loading the model"):
        from sentiment.scorer import TransformerScorer

        return TransformerScorer.load(model)


def _summarise(
    console: Console,
    statuses: Counter[Status],
    problems: Sequence[tuple[int, str]],
    out: Path,
    added: Sequence[str],
) -> None:
    table = Table("status", "rows", title=f"{statuses.total():,} rows written to {out}")
    for status in Status:
        table.add_row(status.value, f"{statuses[status]:,}")
    console.print(table)
    renamed = [name for name in added if name not in ADDED]
    if renamed:
        console.print(f"Already taken, so named: {', '.join(renamed)}.", markup=False)
    for line, problem in problems[:_SHOWN_PROBLEMS]:
        console.print(f"Line {line}: {problem}.", markup=False)
    if len(problems) > _SHOWN_PROBLEMS:
        console.print(f"And {len(problems) - _SHOWN_PROBLEMS:,} more rows could not be read.")


def _refuse(console: Console, sentence: str) -> NoReturn:
    console.print(sentence, markup=False, style="red", soft_wrap=True)
    raise typer.Exit(2)
