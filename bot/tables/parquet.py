"""The Parquet side of `tabular`, apart because pyarrow costs a quarter of a second to import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bot.tables.csv_output import Dialect, as_text
from bot.tables.tabular import ROWS_A_CHUNK, Row, TableError
from bot.tables.text_input import problem_of

_ROWS_A_GROUP = 20_000
_BYTES_A_GROUP = 32 * 2**20  # A group is held in memory until it is written.


class ParquetReader:
    """Rows in batches; cells keep the types of the schema."""

    dialect: Dialect | None = None

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError):
            raise TableError(f"{path.name} is not a Parquet file, or is cut short.") from None
        self._name = path.name
        self.schema = self._file.schema_arrow
        self.columns = list(self.schema.names)
        self.total = self._file.metadata.num_rows
        self.done = 0

    def rows(self) -> Iterator[Row]:
        try:
            for batch in self._file.iter_batches(batch_size=ROWS_A_CHUNK):
                columns = [_cells(column) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    self.done += 1
                    strings = [cell for cell in cells if isinstance(cell, str)]
                    yield Row(self.done, list(cells), problem_of(strings))
        except (pa.ArrowException, OSError):
            raise TableError(
                f"{self._name} is damaged after row {self.done:,}: write it anew."
            ) from None

    def close(self) -> None:
        self._file.close()


class ParquetWriter:
    """The input's columns with their types, then ours: text, float64 or boolean by name."""

    def __init__(
        self, path: Path, schema: pa.Schema | None, columns: Sequence[str], added: Sequence[str]
    ) -> None:
        self._from_text = schema is None
        if schema is None:  # CSV and JSON Lines promise no types: each column is text
            schema = pa.schema([(_valid(name), pa.string()) for name in columns])
        ours = [pa.field(name, _type(name)) for name in added]
        self._schema = pa.schema([*schema, *ours], metadata=schema.metadata)
        self._file = pq.ParquetWriter(path, self._schema)
        self._group: list[pa.Table] = []

    def write(self, rows: Sequence[Row], added: Sequence[Sequence[Any]]) -> None:
        cell = _text if self._from_text else _valid
        whole = [[*map(cell, row.cells), *values] for row, values in zip(rows, added, strict=True)]
        columns = [
            pa.array([row[i] for row in whole], type=field.type)
            for i, field in enumerate(self._schema)
        ]
        self._group.append(pa.table(columns, schema=self._schema))
        n_rows = sum(table.num_rows for table in self._group)
        if n_rows >= _ROWS_A_GROUP or sum(t.nbytes for t in self._group) >= _BYTES_A_GROUP:
            self._write_group()

    def close(self) -> None:
        if self._group:
            self._write_group()
        self._file.close()

    def _write_group(self) -> None:
        self._file.write_table(pa.concat_tables(self._group))
        self._group.clear()


def _cells(column: pa.Array) -> list[Any]:
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:  # a careless writer's: Parquet itself checks no bytes
        raw = column.cast(pa.binary()).to_pylist()
        return [None if cell is None else cell.decode("utf-8", "surrogateescape") for cell in raw]


def _text(cell: Any) -> str | None:
    return None if cell is None else str(_valid(as_text(cell)))


def _valid(cell: Any) -> Any:
    """Parquet holds UTF-8 alone: a byte that is not becomes the sign for an unknown character."""
    if not isinstance(cell, str) or cell.isascii():
        return cell
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _type(name: str) -> pa.DataType:
    plain = name.removeprefix("bellwether_")
    if plain.startswith("p_"):
        return pa.float64()
    return pa.bool_() if plain == "safeguarding" else pa.string()
