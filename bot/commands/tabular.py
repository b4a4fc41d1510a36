"""Reads and writes tables of answers in chunks: CSV, JSON Lines, Parquet.

A table is larger than memory, was exported by somebody's spreadsheet, and one of its rows is
broken. A broken row is passed on with what is wrong with it, never dropped; the cells of every row
come out as they went in. Nothing here puts a cell into an error message.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, Self

from bot.commands.csv_output import CsvWriter, Dialect

ROWS_A_CHUNK = 2_000  # At 3,000 characters an answer, some 6 MB of text at a time.
MAX_CELL = 4 * 2**20  # An unclosed quote swallows no more than this before it is a bad row.
DELIMITERS = (",", ";", "\t")
PARQUET = ".parquet"
TEXT_TABLES = (".csv", ".tsv", ".txt")
_BROKEN = re.compile("[\udc80-\udcff]")  # how a byte that is not UTF-8 arrives
_FOREIGN_STARTS = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF",
}


class TableError(Exception):
    """The file cannot be used as a table of answers; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts on (1 is the header's), its cells, and what is wrong or ''."""

    line: int
    cells: list[Any]
    problem: str = ""


class Reader(Protocol):
    """An open table. `done` and `total` count bytes or rows, for a progress bar.

    Its writer makes a table of a `kind` that `writes` allows.
    """

    columns: list[str]
    total: int

    @property
    def done(self) -> int: ...

    def chunks(self) -> Iterator[list[Row]]: ...

    def writer(self, path: Path, added: Sequence[str], kind: str, /) -> Writer: ...

    def close(self) -> None: ...


class Writer(Protocol):
    """A table being written; `added` values are None where there is nothing to say."""

    def write(self, rows: Sequence[Row], added: Sequence[Sequence[Any]]) -> None: ...

    def close(self) -> None: ...


def open_table(path: Path, text_column: str) -> Reader:
    """The table of a file, by its extension. Raises TableError with one sentence."""
    if not path.is_file():
        raise TableError(f"{path} was not found: check the name.")
    kind = path.suffix.lower()
    if kind == PARQUET:
        from bot.commands.parquet import ParquetReader

        return ParquetReader(path)
    if kind in (".jsonl", ".ndjson"):
        return JsonLinesReader(path)
    if kind in TEXT_TABLES:
        return CsvReader(path, text_column)
    raise TableError(f"{path.name} is of no known kind: name a .csv, .tsv, .jsonl or .parquet.")


def writes(kind: str) -> tuple[str, ...]:
    """The extensions under which a table with this extension can be written, its own first."""
    if kind == PARQUET:
        return (PARQUET, ".csv", ".tsv")
    return (kind, PARQUET) if kind in TEXT_TABLES else (kind,)


class _TextReader:
    """What CSV and JSON Lines share: an open UTF-8 file whose bad bytes survive the round trip."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            start = file.read(65_536)
        for sign, what in _FOREIGN_STARTS.items():
            if start.startswith(sign):
                raise TableError(f"{path.name} is {what}: export it as CSV in UTF-8.")
        if b"\0" in start[:4_096]:
            raise TableError(f"{path.name} is not a text file: export it as CSV in UTF-8.")
        self.bom = start.startswith(b"\xef\xbb\xbf")
        self.sample = start.decode("utf-8-sig", "surrogateescape")
        self.total = path.stat().st_size
        self._binary = path.open("rb")
        self._text: IO[str] = io.TextIOWrapper(
            self._binary, "utf-8-sig", errors="surrogateescape", newline=""
        )

    @property
    def done(self) -> int:
        return self._binary.tell()

    def close(self) -> None:
        self._text.close()


class CsvReader(_TextReader):
    """Comma, semicolon or tab; BOM or none; line breaks inside quotes."""

    def __init__(self, path: Path, text_column: str) -> None:
        super().__init__(path)
        csv.field_size_limit(MAX_CELL)
        self.delimiter = _delimiter(self.sample, text_column)
        self.newline = "\r\n" if "\r\n" in self.sample else "\n"
        self._rows = csv.reader(self._text, delimiter=self.delimiter)
        try:
            self.columns = next(self._rows)
        except (StopIteration, csv.Error):
            self.close()
            raise TableError(
                f"{path.name} is empty or its first line has no end: it needs a line "
                "of column names."
            ) from None

    def chunks(self) -> Iterator[list[Row]]:
        chunk: list[Row] = []
        while True:
            line = self._rows.line_num + 1
            try:
                cells = next(self._rows)
            except StopIteration:
                break
            except csv.Error:
                chunk.append(Row(line, [""] * len(self.columns), "a cell without an end"))
                continue
            if cells:
                chunk.append(self._row(line, cells))
            if len(chunk) >= ROWS_A_CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def writer(self, path: Path, added: Sequence[str], kind: str) -> Writer:
        if kind == PARQUET:
            from bot.commands.parquet import text_writer

            return text_writer(path, self.columns, added)
        dialect = Dialect(self.delimiter, self.newline, self.bom)
        return CsvWriter(path, self.columns, added, dialect)

    def _row(self, line: int, cells: list[str]) -> Row:
        expected = len(self.columns)
        problem = _bad_bytes(cells)
        if len(cells) != expected:
            problem = f"{len(cells)} cells where the header has {expected}"
        if len(cells) > expected:  # most likely an unquoted delimiter in the last one
            cells = [*cells[: expected - 1], self.delimiter.join(cells[expected - 1 :])]
        return Row(line, cells + [""] * (expected - len(cells)), problem)


class JsonLinesReader(_TextReader):
    """One object a line. A row's only cells are the object, and the line as it was."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        first = next((o for o in map(_object, self.sample.splitlines()) if o), None)
        if first is None:
            self.close()
            raise TableError(f"{path.name} holds no JSON object in its first lines.")
        self.columns = list(first)

    def chunks(self) -> Iterator[list[Row]]:
        chunk: list[Row] = []
        for number, line in enumerate(self._text, start=1):
            if not line.strip():
                continue
            found = _object(line)
            problem = _bad_bytes([line]) or ("" if found is not None else "not a JSON object")
            chunk.append(Row(number, [found, line.rstrip("\r\n")], problem))
            if len(chunk) >= ROWS_A_CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def writer(self, path: Path, added: Sequence[str], _kind: str, /) -> JsonLinesWriter:
        return JsonLinesWriter(path, added)


class JsonLinesWriter:
    """Writes each object with the added keys; an unreadable line under the key `unreadable`."""

    def __init__(self, path: Path, added: Sequence[str]) -> None:
        # Half a surrogate pair cannot be written; as \udXXX it is what JSON would escape it to.
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        self._added = added

    def write(self, rows: Sequence[Row], added: Sequence[Sequence[Any]]) -> None:
        for row, values in zip(rows, added, strict=True):
            kept = row.cells[0] if row.cells[0] is not None else {"unreadable": row.cells[1]}
            whole = {**kept, **dict(zip(self._added, values, strict=True))}
            self._file.write(json.dumps(whole, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


class Pending:
    """A path to write to that becomes the target when all went well, and vanishes otherwise."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self.path = target.with_name(f".{target.name}.part")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.path.replace(self._target)
        else:
            self.path.unlink(missing_ok=True)


def _delimiter(sample: str, text_column: str) -> str:
    """The delimiter under which the header has the wanted column, else the most columns."""

    def rank(delimiter: str) -> tuple[bool, int]:
        try:
            header = next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return False, 0
        return text_column in header, len(header)

    return max(DELIMITERS, key=rank)


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _bad_bytes(cells: Sequence[str]) -> str:
    return "bytes that are not UTF-8" if any(map(_BROKEN.search, cells)) else ""
