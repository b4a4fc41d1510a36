"""The Parquet side of `tabular`, apart because pyarrow costs a quarter of a second to import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bot.commands.csv_output import CsvWriter, Dialect
from bot.commands.tabular import PARQUET, ROWS_A_CHUNK, Row, TableError, Writer


class ParquetReader:
    """Rows in batches; cells keep the types of the schema."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowInvalid, OSError):
            raise TableError(f"{path.name} is not a Parquet file, or is cut short.") from None
        self.schema = self._file.schema_arrow
        self.columns = list(self.schema.names)
        self.total = self._file.metadata.num_rows
        self.done = 0

    def chunks(self) -> Iterator[list[Row]]:
        for batch in self._file.iter_batches(batch_size=ROWS_A_CHUNK):
            columns = [column.to_pylist() for column in batch.columns]
            rows = [
                Row(self.done + i + 1, list(cells))
                for i, cells in enumerate(zip(*columns, strict=True))
            ]
            self.done += len(rows)
            yield rows

    def writer(self, path: Path, added: Sequence[str], kind: str) -> Writer:
        if kind == PARQUET:
            return ParquetWriter(path, self.schema, added)
        dialect = Dialect("\t" if kind == ".tsv" else ",")
        return CsvWriter(path, self.columns, added, dialect)

    def close(self) -> None:
        self._file.close()


class ParquetWriter:
    """The input's columns with their types, then ours: text, float64 or boolean by name."""

    def __init__(self, path: Path, schema: pa.Schema, added: Sequence[str]) -> None:
        ours = [pa.field(name, _type(name)) for name in added]
        self._schema = pa.schema([*schema, *ours], metadata=schema.metadata)
        self._file = pq.ParquetWriter(path, self._schema)

    def write(self, rows: Sequence[Row], added: Sequence[Sequence[Any]]) -> None:
        whole = [
            [*map(_valid, row.cells), *values] for row, values in zip(rows, added, strict=True)
        ]
        columns = [
            pa.array([row[i] for row in whole], type=field.type)
            for i, field in enumerate(self._schema)
        ]
        self._file.write_table(pa.table(columns, schema=self._schema))

    def close(self) -> None:
        self._file.close()


def text_writer(path: Path, columns: Sequence[str], added: Sequence[str]) -> ParquetWriter:
    """A writer for columns that come from a text file: each of them is text."""
    return ParquetWriter(path, pa.schema([(_valid(name), pa.string()) for name in columns]), added)


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
