"""The scores so far, beside the file they will be written to, so that a stopped run can go on.

The first line says of what they are; each further line is one chunk of rows. It holds scores and no
words. A line that was cut off, and all that follows it, is as if it had never been written.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Self

from bot.commands.score_columns import Columns, Value
from bot.tables.tabular import TableError

_FORMAT = 1
_MADE_OF = {"input": "the file", "columns": "the columns", "model": "the model"}

Values = Sequence[Value] | None
"""One row's; None for a row that could not be read."""


def subject(source: Path, columns: Columns, header: bool | None, model: str) -> dict[str, Any]:
    """What a journal is about; one about anything else is of no use."""
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "format": _FORMAT,
        "input": [source.suffix.lower(), source.stat().st_size, digest],
        "columns": [columns.text, columns.question, *columns.names, header],
        "model": model,
    }


class Journal:
    """An open journal that nobody else writes to. `differs` says why an older one was dropped."""

    def __init__(self, out: Path, about: dict[str, Any]) -> None:
        self.path = out.with_name(f".{out.name}.scores")
        self.n_rows = 0
        self.differs = ""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        self._file: IO[bytes] = os.fdopen(handle, "r+b")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a killed run's lock dies with it
        except BlockingIOError:
            self._file.close()
            raise TableError(f"Another run is writing {out.name}: wait for it.") from None
        self._take_over(about)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.n_rows == 0:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def add(self, chunk: Sequence[Values]) -> None:
        """The chunk is in the journal, whatever happens to this process from here on."""
        self._write([self.n_rows, chunk])
        self.n_rows += len(chunk)

    def rows(self) -> Iterator[Values]:
        """Every row's values, in order."""
        with self.path.open("rb") as file:
            file.readline()
            for line in file:
                yield from json.loads(line)[1]

    def finish(self) -> None:
        """There is no journal any more."""
        self.path.unlink(missing_ok=True)
        self.n_rows = 0

    def _take_over(self, about: dict[str, Any]) -> None:
        first = self._file.readline()
        found = _whole(first)
        if found == about:
            self._count()
            return
        if isinstance(found, dict):
            changed = [told for key, told in _MADE_OF.items() if found.get(key) != about[key]]
            self.differs = " and ".join(changed) or "the program"
        self._cut(0)
        self._write(about)

    def _count(self) -> None:
        end = self._file.tell()
        for line in self._file:
            found = _whole(line)
            if not isinstance(found, list) or found[:1] != [self.n_rows]:
                break
            self.n_rows += len(found[1])
            end += len(line)
        self._cut(end)

    def _cut(self, end: int) -> None:
        self._file.seek(end)
        self._file.truncate()

    def _write(self, content: object) -> None:
        self._file.write(json.dumps(content, separators=(",", ":")).encode() + b"\n")
        self._file.flush()


def _whole(line: bytes) -> Any:
    if not line.endswith(b"\n"):
        return None
    try:
        return json.loads(line)
    except ValueError:
        return None
