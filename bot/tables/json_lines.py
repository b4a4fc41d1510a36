"""JSON Lines, read and written: one object a line.

The columns are the keys of the first object. Other keys stay in JSON Lines; a table of another kind
has no place for them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.commands.score_columns import position
from bot.tables.csv_output import Dialect, as_text
from bot.tables.tabular import Row, TableError, Wanted
from bot.tables.text_input import TOO_LONG, TextInput, problem_of

# Half a surrogate pair, which JSON can escape and no other table can hold; and the same without
# those that stand for a byte that is not UTF-8.
_HALVES = re.compile("[\ud800-\udfff]")
_BROKEN = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class JsonLinesReader(TextInput):
    """A line that is no object is a row whose text is the line as it was, so that it stays."""

    dialect: Dialect | None = None
    schema: Any = None

    def __init__(self, path: Path, wanted: Wanted) -> None:
        super().__init__(path)
        first = next((o for o in map(_object, self.sample.splitlines()) if o), None)
        if first is None:
            self.close()
            raise TableError(f"{path.name} holds no JSON object in its first lines.")
        self.columns = list(first)
        self._at_text = position(wanted.text or "text", self.columns)

    def rows(self) -> Iterator[Row]:
        for number, (line, whole) in enumerate(self.lines(), start=1):
            if line.strip():
                yield self._row(number, line.rstrip("\r\n"), whole)

    def _row(self, number: int, line: str, whole: bool) -> Row:
        found = _object(line) if whole else None
        problem = problem_of([line])
        if not whole:
            problem = TOO_LONG
        elif found is None:
            problem = problem or "not a JSON object"
        if found is not None:
            cells = [found.get(name) for name in self.columns]
            if "\\u" in line:
                cells = [_without_halves(cell, _BROKEN if problem else _HALVES) for cell in cells]
            return Row(number, cells, problem, found)
        kept = [line if at == self._at_text else None for at in range(len(self.columns))]
        return Row(number, kept, problem, {"unreadable": line})


class JsonLinesWriter:
    """Writes each object with the added keys; an unreadable line under the key `unreadable`."""

    def __init__(self, path: Path, columns: Sequence[str], added: Sequence[str]) -> None:
        # Half a surrogate pair cannot be written; as \udXXX it is what JSON would escape it to.
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        self._columns, self._added = columns, added

    def write(self, rows: Sequence[Row], added: Sequence[Sequence[Any]]) -> None:
        for row, values in zip(rows, added, strict=True):
            kept = row.whole
            if kept is None:
                kept = {n: _plain(c) for n, c in zip(self._columns, row.cells, strict=True)}
            whole = {**kept, **dict(zip(self._added, values, strict=True))}
            self._file.write(json.dumps(whole, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


def _plain(value: Any) -> Any:
    """A cell of a Parquet file as JSON can say it: no number for what is none, a date as text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return value if isinstance(value, str | bool | int | None) else as_text(value)


def _without_halves(cell: Any, halves: re.Pattern[str]) -> Any:
    if cell is None:
        return None
    return json.loads(halves.sub("\ufffd", json.dumps(cell, ensure_ascii=False)))


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
