"""The CSV side of what `bellwether score` reads: any separator, any line break, any damage.

A quote that is never closed costs the line it stands on. Without care, the csv module would take
all that follows for one cell.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.tables.csv_output import Dialect
from bot.tables.tabular import MAX_CELL, Row, TableError, Wanted
from bot.tables.text_input import SAMPLE_BYTES, TOO_LONG, TextInput, problem_of

SEPARATORS = (",", ";", "\t", "|")
_NONE = "\x1f"  # separates nothing: in a table of one column, a comma belongs to the text
_LOOKED_AT = 20
_UNCLOSED = "a quote that is not closed"


class CsvReader(TextInput):
    """Comma, semicolon, tab or bar; BOM or none; line breaks inside quotes; a header or none."""

    schema: Any = None

    def __init__(self, path: Path, wanted: Wanted) -> None:
        super().__init__(path)
        csv.field_size_limit(MAX_CELL)
        self.separator = _separator(self.sample, wanted)
        newline = "\r\n" if "\r\n" in self.sample else "\n"
        written = "," if self.separator == _NONE else self.separator
        self.dialect: Dialect | None = Dialect(written, newline, self.bom)
        self._lines = _Lines(self.lines())
        first = self._record()
        while first is not None and not first[1]:
            first = self._record()
        if first is None or (first[2] and wanted.header is not False):
            self.close()
            raise TableError(
                f"{path.name} is empty or its first line has no end: it needs a line "
                "of column names, or --no-header."
            )
        self._first = first if wanted.header is False else None
        self.columns = first[1]
        if self._first is not None:
            self.columns = [f"column_{i}" for i in range(1, len(first[1]) + 1)]

    def rows(self) -> Iterator[Row]:
        if self._first is not None:
            yield self._row(*self._first)
        while (record := self._record()) is not None:
            if record[1]:
                yield self._row(*record)

    def _record(self) -> tuple[int, list[str], str] | None:
        """The next line's number, its cells, and what is wrong; None at the end of the file.

        A blank line has no cells.
        """
        lines = self._lines
        lines.begin()
        number = lines.n_taken + 1
        try:
            cells = next(csv.reader(lines, delimiter=self.separator), [])
        except csv.Error:  # a cell beyond the limit
            return number, self._first_line_alone(), _UNCLOSED
        if not lines.taken:
            return None
        if lines.ended or (len(lines.taken) > 1 and self._runs_into_another()):
            return number, self._first_line_alone(), _UNCLOSED
        return number, cells, "" if lines.whole else TOO_LONG

    def _runs_into_another(self) -> bool:
        """Whether a quote of this record was closed by one that opens another cell."""
        try:
            list(csv.reader(self._lines.taken, delimiter=self.separator, strict=True))
        except csv.Error:
            return True
        return False

    def _first_line_alone(self) -> list[str]:
        first = self._lines.keep_one().rstrip("\r\n")
        return next(csv.reader([first], delimiter=self.separator), [])

    def _row(self, line: int, cells: list[str], problem: str) -> Row:
        expected = len(self.columns)
        problem = problem or problem_of(cells)
        if len(cells) != expected and problem not in (_UNCLOSED, TOO_LONG):
            problem = f"{len(cells)} cells where the header has {expected}"
        if len(cells) > expected:  # most likely an unquoted separator in the last one
            cells = [*cells[: expected - 1], self.separator.join(cells[expected - 1 :])]
        return Row(line, cells + [""] * (expected - len(cells)), problem)


class _Lines:
    """The file's lines for the csv module, which of them one record took, and a way back."""

    def __init__(self, lines: Iterator[tuple[str, bool]]) -> None:
        self._lines = lines
        self._back: deque[tuple[str, bool]] = deque()
        self._taken: list[tuple[str, bool]] = []
        self.n_taken = 0  # by all records before this one
        self.ended = False

    def begin(self) -> None:
        self.n_taken += len(self._taken)
        self._taken = []
        self.ended = False

    def keep_one(self) -> str:
        """The record's first line; the others are to be read again."""
        self._back.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        return self._taken[0][0]

    @property
    def taken(self) -> list[str]:
        return [text for text, _ in self._taken]

    @property
    def whole(self) -> bool:
        return all(whole for _, whole in self._taken)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines, None)
        if line is None:
            self.ended = bool(self._taken)  # a record asks for more where a quote is open
            raise StopIteration
        self._taken.append(line)
        return line[0]


def _separator(sample: str, wanted: Wanted) -> str:
    """The separator under which the header has the wanted column, else the steadiest."""
    found = {separator: _first_records(sample, separator) for separator in SEPARATORS}
    if wanted.header is not False:
        name = wanted.text or "text"
        for separator, records in found.items():
            if records and name in records[0]:
                return separator if len(records[0]) > 1 else _NONE

    def steadiness(separator: str) -> tuple[float, int]:
        widths = [len(cells) for cells in found[separator]]
        if not widths or widths[0] == 1:
            return 0.0, 0
        return widths.count(widths[0]) / len(widths), widths[0]

    best = max(SEPARATORS, key=steadiness)
    return best if steadiness(best)[0] > 0.5 else _NONE


def _first_records(sample: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    records: list[list[str]] = []
    try:
        for cells in reader:
            if cells:
                records.append(cells)
            if len(records) == _LOOKED_AT:
                break
    except csv.Error:
        return []
    cut = len(records) > 1 and len(records) < _LOOKED_AT and len(sample) >= SAMPLE_BYTES // 4
    return records[:-1] if cut else records
