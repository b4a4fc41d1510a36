"""What a table of answers is, whatever its kind: rows, a reader, a writer, and chunks of rows.

A table is larger than memory, was exported by somebody's spreadsheet, and one of its rows is
broken. A broken row is passed on with what is wrong with it, never dropped; the cells of every row
come out as they went in. Nothing here puts a cell into an error message.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from bot.tables.csv_output import Dialect

ROWS_A_CHUNK = 500  # What is lost where a run is killed: some seconds of work.
CHARACTERS_A_CHUNK = 2**21  # Some 1,400 of the longest answers a chat box takes.
MAX_CELL = 4 * 2**20  # An unclosed quote swallows no more than this before it is a bad row.


class TableError(Exception):
    """The file cannot be used as a table of answers; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts on (1 is the header's), its cells, and what is wrong or ''.

    `whole` is the object it came from, where it came from JSON Lines.
    """

    line: int
    cells: list[Any]
    problem: str = ""
    whole: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the file was said to be. Columns by name or number; None where nothing was said."""

    text: str | None = None
    question: str | None = None
    header: bool | None = None


class Reader(Protocol):
    """An open table, to be read once. `done` and `total` count bytes or rows, for a progress bar.

    `dialect` is how a CSV file is spelled, `schema` the types of a Parquet file, else None.
    """

    columns: list[str]
    total: int
    dialect: Dialect | None
    schema: Any

    @property
    def done(self) -> int: ...

    def rows(self) -> Iterator[Row]: ...

    def close(self) -> None: ...


class Writer(Protocol):
    """A table being written; `added` values are None where there is nothing to say."""

    def write(self, rows: Sequence[Row], added: Sequence[Sequence[Any]]) -> None: ...

    def close(self) -> None: ...


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in order, so many at a time that a chunk of long texts is no larger than others."""
    chunk: list[Row] = []
    n_characters = 0
    for row in rows:
        chunk.append(row)
        n_characters += sum(len(cell) for cell in row.cells if isinstance(cell, str))
        if len(chunk) >= ROWS_A_CHUNK or n_characters >= CHARACTERS_A_CHUNK:
            yield chunk
            chunk, n_characters = [], 0
    if chunk:
        yield chunk


class Pending:
    """A path to write to that becomes the target when all went well, and vanishes otherwise."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self.path = target.with_name(f".{target.name}.part")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            with self.path.open("rb") as file:
                os.fsync(file.fileno())  # else a power cut can leave the name and not the content
            self.path.replace(self._target)
        else:
            self.path.unlink(missing_ok=True)
