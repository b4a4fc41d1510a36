"""Which file is read and written by what, by its extension: any kind in, any kind out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.tables.csv_input import CsvReader
from bot.tables.csv_output import CsvWriter, Dialect
from bot.tables.json_lines import JsonLinesReader, JsonLinesWriter
from bot.tables.tabular import Reader, TableError, Wanted, Writer

PARQUET = (".parquet",)
JSON_LINES = (".jsonl", ".ndjson")
SEPARATED = (".csv", ".tsv", ".txt")
_NAMED = ".csv, .tsv, .jsonl or .parquet"


def open_table(path: Path, wanted: Wanted) -> Reader:
    """The table of a file. Raises TableError with one sentence."""
    if not path.is_file():
        raise TableError(f"{path} was not found: check the name.")
    kind = path.suffix.lower()
    if kind in SEPARATED:
        return CsvReader(path, wanted)
    if wanted.header is not None:
        raise TableError(f"{path.name} names its columns itself: leave --no-header and --header.")
    if kind in PARQUET:
        from bot.tables.parquet import ParquetReader

        return ParquetReader(path)
    if kind in JSON_LINES:
        return JsonLinesReader(path, wanted)
    raise TableError(f"{path.name} is of no known kind: name a {_NAMED}.")


def open_writer(
    table: Reader, path: Path, source_kind: str, kind: str, added: Sequence[str]
) -> Writer:
    """A writer of the table's columns and the added ones; kinds are extensions.

    A CSV file that stays one keeps its separator, line ends and byte order mark.
    """
    if kind in PARQUET:
        from bot.tables.parquet import ParquetWriter

        return ParquetWriter(path, table.schema, table.columns, added)
    if kind in JSON_LINES:
        return JsonLinesWriter(path, table.columns, added)
    dialect = Dialect("\t" if kind == ".tsv" else ",")
    if table.dialect is not None and source_kind == kind:
        dialect = table.dialect
    return CsvWriter(path, table.columns, added, dialect)


def refuse_kind(table: Reader, out: Path) -> None:
    """Nothing, or a TableError where a file of this name cannot hold these columns."""
    kind = out.suffix.lower()
    if kind not in (*SEPARATED, *JSON_LINES, *PARQUET):
        raise TableError(f"{out.name} is of no known kind: end it in {_NAMED}.")
    twice = len(set(table.columns)) < len(table.columns)
    if twice and kind not in SEPARATED:
        raise TableError(f"Two columns have the same name: rename one, or make {out.stem}.csv.")
