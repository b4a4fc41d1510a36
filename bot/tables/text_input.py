"""What CSV and JSON Lines share: an open UTF-8 file whose bad bytes survive the round trip.

A line is read up to a limit, so that a file without line breaks does not fill the memory.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from bot.tables.tabular import MAX_CELL, TableError

SAMPLE_BYTES = 65_536
TOO_LONG = f"a line of more than {MAX_CELL:,} characters"
_BROKEN = re.compile("[\udc80-\udcff]")  # how a byte that is not UTF-8 arrives
_FOREIGN_STARTS = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF",
}


class TextInput:
    """The file, its first characters, and how far it has been read."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            start = file.read(SAMPLE_BYTES)
        for sign, what in _FOREIGN_STARTS.items():
            if start.startswith(sign):
                raise TableError(f"{path.name} is {what}: export it as CSV in UTF-8.")
        if start.count(b"\0") * 10 > len(start):  # one stray null byte costs one row, not the file
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

    def lines(self) -> Iterator[tuple[str, bool]]:
        """Each line with its end, and whether it is whole: one beyond `MAX_CELL` comes in parts."""
        whole = True
        while line := self._text.readline(MAX_CELL):
            part = len(line) == MAX_CELL and not line.endswith(("\n", "\r"))
            yield line, whole and not part
            whole = not part

    def close(self) -> None:
        self._text.close()


def problem_of(cells: Sequence[str]) -> str:
    """What is wrong with these cells, or ''."""
    if any(map(_BROKEN.search, cells)):
        return "bytes that are not UTF-8"
    return "a null byte" if any("\0" in cell for cell in cells) else ""
