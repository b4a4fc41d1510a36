"""Rows as a file that a spreadsheet opens; nothing in it is taken for a formula there."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response


def csv_file(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file of that name, made while it is sent; text that looks like a formula is quoted."""
    return Response(
        _lines(rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    for row in rows:
        text = io.StringIO()
        csv.writer(text).writerow([_harmless(one) for one in row])
        yield text.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
