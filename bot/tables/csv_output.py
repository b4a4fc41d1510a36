"""The CSV side of what `bellwether score` writes.

Whatever a cell holds, a program that reads the file finds the same rows and columns in it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.tables.tabular import Row

_WINDOWS = "\r\n"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is spelled; the default is what most programs read."""

    delimiter: str = ","
    newline: str = "\n"
    bom: bool = False


class CsvWriter:
    """Writes the given columns, then ours, in a dialect."""

    def __init__(
        self, path: Path, columns: Sequence[str], added: Sequence[str], dialect: Dialect
    ) -> None:
        encoding = "utf-8-sig" if dialect.bom else "utf-8"
        self._file = path.open("w", encoding=encoding, errors="surrogateescape", newline="")
        self._csv = csv.writer(
            _Ending(self._file, dialect.newline),
            delimiter=dialect.delimiter,
            lineterminator=_WINDOWS,
        )
        self._csv.writerow([*columns, *added])

    def write(self, rows: Sequence[Row], added: Sequence[Sequence[Any]]) -> None:
        for row, values in zip(rows, added, strict=True):
            self._csv.writerow([*map(as_text, row.cells), *map(_ours, values)])

    def close(self) -> None:
        self._file.close()


class _Ending:
    """Ends each row as wished. The csv module quotes a cell for the line breaks of its own ending
    alone, so that it has to be told the long one, or a lone carriage return would split a row."""

    def __init__(self, file: IO[str], newline: str) -> None:
        self._file = file
        self._newline = newline

    def write(self, row: str) -> int:
        return self._file.write(row.removesuffix(_WINDOWS) + self._newline)


def as_text(value: object) -> str:
    """A cell of the input, as exactly as text can say it; '' for None."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return _bare(value)


def _ours(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else _bare(value)


def _bare(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
