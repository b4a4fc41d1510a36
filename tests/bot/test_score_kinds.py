"""`bellwether score`: every kind of file in, every kind out, and the same rows in each."""

import json
import math
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bot.commands.score_columns import ADDED
from bot.tables.csv_output import as_text
from tests.bot.scored import read, run, scored

KINDS = (".csv", ".tsv", ".jsonl", ".parquet")
ROWS: list[dict[str, Any]] = [
    {"id": "07", "question": "Why?", "text": 'two\nlines, "quoted"; and\ta tab'},
    {"id": "8", "question": "", "text": "  "},
    {"id": "9", "question": "Wie?", "text": "größer | kleiner"},
]


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        separator = "\t" if path.suffix == ".tsv" else ","
        cells = [list(rows[0]), *([str(c).replace('"', '""') for c in r.values()] for r in rows)]
        path.write_text("".join(separator.join(f'"{c}"' for c in row) + "\n" for row in cells))


def found(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    return list(read(path, "\t" if path.suffix == ".tsv" else ","))


@pytest.mark.parametrize(("kind", "target"), list(product(KINDS, KINDS)))
def test_score_keeps_rows_and_columns_from_any_kind_to_any_other(
    tmp_path: Path, kind: str, target: str
) -> None:
    source, out = tmp_path / f"in{kind}", tmp_path / f"out{target}"
    write(source, ROWS)
    scored(source, out)
    rows = found(out)
    assert [list(row) for row in rows] == [[*ROWS[0], *ADDED]] * 3
    assert [{name: row[name] for name in ROWS[0]} for row in rows] == ROWS
    assert [row["status"] for row in rows] == ["scored", "unscored: empty", "scored"]
    assert sum(float(rows[0][name]) for name in rows[0] if name.startswith("p_")) >= 1
    assert as_text(rows[0]["safeguarding"]) == "false"
    assert not rows[1]["p_resistant"]
    assert {row["model"] for row in rows} == {"fixed"}


def test_score_takes_the_first_objects_keys_for_columns_when_a_table_is_made(
    tmp_path: Path,
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"text": "I like it", "n": 5, "deep": {"a": [1]}}\n{"text": "fine", "more": 1}\n{oops\n'
        '{"text": "half \\ud800 a pair", "deep": ["\\udce9"]}\n'
    )
    result = run(source, "-o", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    rows = read(tmp_path / "out.csv")
    assert [row["n"] for row in rows] == ["5", "", "", ""]
    assert [row["deep"] for row in rows] == ['{"a": [1]}', "", "", '["\ufffd"]']
    assert rows[2]["text"] == "{oops"
    assert rows[2]["status"] == "unscored: error"
    assert rows[3]["text"] == "half \ufffd a pair"
    assert "1 objects have keys that the first one lacks" in result.output
    assert "Line 3: not a JSON object" in result.output
    assert "oops" not in result.output
    scored(source, tmp_path / "out.parquet")
    assert found(tmp_path / "out.parquet")[0]["n"] == "5"
    scored(source, tmp_path / "out.jsonl")
    kept = found(tmp_path / "out.jsonl")
    assert kept[1]["more"] == 1
    assert "n" not in kept[1]


def test_score_names_the_keys_it_found_when_an_object_lacks_the_column(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"answer": "never"}\n{oops\n')
    result = run(source, "-o", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert "has no column 'text'; it has: answer." in " ".join(result.output.split())
    assert run(source, "-o", tmp_path / "out.csv", "--text-column", 1).exit_code == 0
    assert [row["answer"] for row in read(tmp_path / "out.csv")] == ["never", "{oops"]


def test_score_says_in_json_what_parquet_holds_when_json_has_no_such_type(tmp_path: Path) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / "out.jsonl"
    pq.write_table(
        pa.table(
            {
                "text": ["I like it"],
                "day": [date(2027, 1, 12)],
                "share": [math.nan],
                "price": [Decimal("1.20")],
                "raw": [b"\xe9"],
                "marks": [[1.5, math.inf]],
            }
        ),
        source,
    )
    scored(source, out)
    (row,) = found(out)
    assert (row["day"], row["share"], row["price"]) == ("2027-01-12", None, "1.20")
    assert row["marks"] == [1.5, None]


def test_score_marks_a_row_when_its_parquet_text_is_not_utf8(tmp_path: Path) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / "out.csv"
    bad = pa.array([b"caf\xe9", b"fine"]).view(pa.string())
    pq.write_table(pa.table({"text": bad}), source)
    scored(source, out)
    assert [row["status"] for row in read(out)] == ["unscored: error", "scored"]
    assert b"caf\xe9" in out.read_bytes()


def test_score_refuses_two_columns_of_one_name_when_the_target_holds_one(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("text,team,team\nfine,A,B\n")
    result = run(source, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 2
    assert "Two columns have the same name" in result.output
    scored(source, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().startswith("text,team,team,stance")


def test_score_writes_large_row_groups_when_parquet_is_made_of_many_chunks(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.parquet"
    source.write_text("text\n" + "fine\n" * 21_000)
    scored(source, out)
    assert pq.ParquetFile(out).metadata.num_row_groups == 2
    assert pq.read_table(out).num_rows == 21_000
