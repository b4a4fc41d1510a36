"""From an open table to the scored file, in two passes that can each be killed and begun again.

The first judges the rows the journal does not hold yet; the second copies the input with what the
journal says of each row. So every kind of file can be gone on with, and none is ever half written.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from bot.commands.journal import Journal, Values, subject
from bot.commands.score_columns import ADDED, Columns, Pair, Value, choose, our_names, values
from bot.tables.kinds import open_table, open_writer, refuse_kind
from bot.tables.tabular import Pending, Reader, Row, TableError, Wanted, chunks
from sentiment.labels import Score, Status
from sentiment.pool import Pool, score_here

Jobs = Iterable[list[Pair]]
Judge = Callable[[Jobs], Generator[list[Score], None, None]]
"""Gives the scores of each job, in order; closed, it lets go of what it holds."""

_SHOWN_PROBLEMS = 20
_UNREADABLE: list[Value] = [*(None for _ in ADDED[:-2]), Status.ERROR.value]


@dataclass(slots=True)
class Outcome:
    """What became of the rows: how many of each status, and the first of those with a problem.

    `renamed` are our columns whose names were taken; `n_wider` counts objects with more keys than
    the first one.
    """

    renamed: list[str]
    statuses: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[int, str]] = field(default_factory=list)
    n_wider: int = 0

    @property
    def n_untold(self) -> int:
        return self.statuses[Status.ERROR] - len(self.problems)


class Listener(Protocol):
    """Hears how the run goes on: `total` and `done` count as `Reader` does."""

    def begins(self, total: int, n_rows: int, differs: str, /) -> None:
        """`n_rows` were scored by a run before, or it was about another thing: `differs`."""

    def advances(self, done: int, n_rows: int, /) -> None: ...


def score_file(
    source: Path, out: Path, wanted: Wanted, version: str, judge: Judge, listener: Listener
) -> Outcome:
    """`out` is `source` with our columns. Raises TableError or OSError where it cannot be.

    Stopped in whatever way, a second call with the same arguments goes on from there.
    """
    with closing(open_table(source, wanted)) as table:
        refuse_kind(table, out)
        columns = choose(table, wanted, source.name)
        added = our_names(table.columns)
        about = subject(source, columns, wanted.header, version)
        with Journal(out, about) as journal:
            listener.begins(table.total, journal.n_rows, journal.differs)
            _judge_rest(table, columns, journal, judge, listener)
            with closing(open_table(source, wanted)) as again:
                outcome = _write_out(again, columns, journal, added, version, (source, out))
            journal.finish()
    return outcome


def judging(model: str, n_processes: int) -> Judge:
    """A judge that loads the model here for what fits one chunk, else in so many processes.

    A process more takes seconds to start.
    """

    def judge(jobs: Jobs) -> Generator[list[Score], None, None]:
        jobs = iter(jobs)
        first = list(islice(jobs, 2))
        if n_processes > 1 and len(first) > 1:
            with Pool(model, n_processes) as pool:
                yield from pool.score(chain(first, jobs))
        else:
            yield from score_here(model, chain(first, jobs))

    return judge


def _judge_rest(
    table: Reader, columns: Columns, journal: Journal, judge: Judge, listener: Listener
) -> None:
    """The journal holds the values of every row of the table."""
    under_way: deque[tuple[list[bool], int]] = deque()

    def jobs() -> Iterator[list[Pair]]:
        for rows in chunks(islice(table.rows(), journal.n_rows, None)):
            pairs = [columns.pick(row) for row in rows]
            under_way.append(([pair is not None for pair in pairs], table.done))
            yield [pair for pair in pairs if pair is not None]

    with closing(judge(jobs())) as judged:
        for scores in judged:
            readable, done = under_way.popleft()
            left = iter(scores)
            journal.add([values(next(left)) if ok else None for ok in readable])
            listener.advances(done, journal.n_rows)


def _write_out(
    table: Reader,
    columns: Columns,
    journal: Journal,
    added: Sequence[str],
    model: str,
    paths: tuple[Path, Path],
) -> Outcome:
    """The second of the paths, (in, out), is the table with our columns; nothing else is left."""
    source, out = paths
    outcome = Outcome([name for name in added if name not in ADDED])
    known = journal.rows()
    kinds = source.suffix.lower(), out.suffix.lower()
    with Pending(out) as pending:
        with closing(open_writer(table, pending.path, *kinds, added)) as writer:
            for rows in chunks(table.rows()):
                found = list(islice(known, len(rows)))
                if len(found) < len(rows):
                    raise _changed(source)
                writer.write(rows, [[*(each or _UNREADABLE), model] for each in found])
                _count(outcome, rows, found, columns, table.columns)
        if next(known, 0) != 0:
            raise _changed(source)
    return outcome


def _count(
    outcome: Outcome,
    rows: Sequence[Row],
    found: Sequence[Values],
    columns: Columns,
    names: Sequence[str],
) -> None:
    for row, each in zip(rows, found, strict=True):
        status = str((each or _UNREADABLE)[-1])
        outcome.statuses[status] += 1
        if row.whole is not None and not row.problem:
            outcome.n_wider += not row.whole.keys() <= set(names)
        if status == Status.ERROR and len(outcome.problems) < _SHOWN_PROBLEMS:
            unread = "a cell that is not text" if columns.pick(row) is None else "the model failed"
            outcome.problems.append((row.line, row.problem or unread))


def _changed(source: Path) -> TableError:
    return TableError(f"{source.name} was changed while it was scored: give the command again.")
