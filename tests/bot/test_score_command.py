"""`bellwether score` and `bellwether model`: files as people export them, and as they break."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from bot.commands import model
from bot.commands.score_columns import ADDED
from bot.tables.tabular import ROWS_A_CHUNK
from tests.bot.scored import read, run


def test_score_keeps_rows_columns_and_order(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        'id,question,text\n7,"Will you use the new tool?",No way\n8,,\n'
        "9,,Nein danke das brauche ich nicht\n10,,the new portal is great and I love it\n"
    )
    result = run(source, "-o", out)
    assert result.exit_code == 0, result.output
    rows = read(out)
    assert list(rows[0]) == ["id", "question", "text", *ADDED]
    assert [row["id"] for row in rows] == ["7", "8", "9", "10"]
    assert [row["status"] for row in rows][1:3] == ["unscored: empty", "unscored: language"]
    assert rows[0]["stance"] == "resistant"
    assert sum(
        float(rows[0][f"p_{s}"]) for s in ("resistant", "ambivalent", "neutral", "supportive")
    ) == (pytest.approx(1, abs=2e-4))
    assert rows[3]["stance"] == "supportive"
    assert "tools" in rows[3]["themes"].split(";")
    assert (rows[1]["p_resistant"], rows[1]["safeguarding"]) == ("", "")
    assert all(row["model"] for row in rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_score_speaks_the_dialect_it_was_given(
    tmp_path: Path, delimiter: str, start: bytes
) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    text = delimiter.join(["text", "team, or crew; or both"]) + "\r\n"
    text = f'text{delimiter}"team, or crew; or both"\r\n"two\r\nlines, ""quoted"""{delimiter}A\r\n'
    source.write_bytes(start + text.encode())
    assert run(source, "-o", out).exit_code == 0
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") == bool(start)
    row = read(out, delimiter)[0]
    assert row["text"] == 'two\r\nlines, "quoted"'
    assert row["team, or crew; or both"] == "A"
    assert raw.endswith(b"\r\n")


def test_score_marks_broken_rows_and_names_their_lines(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(
        b'team,text\nA,I like it\nB\nC,one,two\n\nD,caf\xe9 closed\nE,"with\nbreak"\nF,bad,one\n'
    )
    result = run(source, "-o", out)
    assert result.exit_code == 0
    rows = read(out)
    assert [r["team"] for r in rows] == ["A", "B", "C", "D", "E", "F"]
    assert [r["status"] == "unscored: error" for r in rows] == [
        False,
        True,
        True,
        True,
        False,
        True,
    ]
    assert rows[2]["text"] == "one,two"
    assert b"caf\xe9 closed" in out.read_bytes()
    for line, problem in ((3, "1 cells"), (4, "3 cells"), (6, "not UTF-8"), (9, "3 cells")):
        assert f"Line {line}: " in result.output
        assert problem in result.output
    assert "caf" not in result.output


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("in.csv", b"a,b\n1,2\n", "no column 'text'; it has: a, b"),
        ("in.csv", b"", "is empty or"),
        ("in.csv", b"PK\x03\x04rest", "a spreadsheet or an archive"),
        ("in.csv", b"\xff\xfet\x00e\x00", "UTF-16"),
        ("in.csv", b"text\n\x00\x01\x02", "not a text file"),
        ("in.parquet", b"text\nno\n", "not a Parquet file"),
        ("in.jsonl", b"text\nno\n", "no JSON object"),
        ("in.docx", b"PK", "no known kind"),
    ],
)
def test_score_refuses_with_one_sentence_and_writes_nothing(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    source, out = tmp_path / name, tmp_path / f"out{Path(name).suffix}"
    source.write_bytes(content)
    result = run(source, "-o", out)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_score_refuses_targets_it_cannot_write(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("text\nno\n")
    for out, sentence in (
        (source, "cannot be written over"),
        (tmp_path / "x" / "out.csv", "does not exist"),
        (tmp_path / "out.docx", "of no known kind"),
    ):
        result = run(source, "-o", out)
        assert result.exit_code == 2
        assert sentence in " ".join(result.output.split())
    assert run(tmp_path / "none.csv", "-o", tmp_path / "o.csv").exit_code == 2
    assert source.read_text() == "text\nno\n"


def test_score_refuses_a_damaged_model_and_writes_nothing(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("text\nno\n")
    result = run(source, "-o", out, "--model", tmp_path)
    assert result.exit_code == 2
    assert "config.json was not found" in " ".join(result.output.split())
    assert not out.exists()


def test_score_renames_its_columns_where_they_are_taken(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("status,answer\nactive,I like it\n")
    result = run(source, "-o", out, "--text-column", "answer")
    assert result.exit_code == 0
    row = read(out)[0]
    assert row["status"] == "active"
    assert row["bellwether_status"]
    assert "bellwether_status" in result.output


def test_score_streams_more_than_a_chunk(tmp_path: Path, tiny_model: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    n = 2 * ROWS_A_CHUNK + 7
    source.write_text("n,text\n" + "".join(f"{i},I like it\n" for i in range(n)))
    assert run(source, "-o", out, "--model", tiny_model).exit_code == 0
    assert [row["n"] for row in read(out)] == [str(i) for i in range(n)]


def test_score_reads_and_writes_json_lines(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        '{"text": "I like it", "n": {"deep": [1]}}',
        "{oops",
        '{"text": 5}',
        '{"text": "\\ud800"}',
    ]
    source.write_text("\n".join(lines) + "\n")
    result = run(source, "-o", out)
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert rows[0]["n"] == {"deep": [1]}
    assert rows[0]["p_resistant"] < 1
    assert rows[1]["unreadable"] == "{oops"
    assert [r["status"] for r in rows[1:]] == ["unscored: error"] * 2 + ["unscored: empty"]
    assert rows[1]["p_resistant"] is None


def test_score_reads_and_writes_parquet(tmp_path: Path) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(
        pa.table({"n": pa.array([1, 2], pa.int16()), "text": ["I like it", None]}), source
    )
    assert run(source, "-o", out).exit_code == 0
    table = pq.read_table(out)
    assert table.schema.field("n").type == pa.int16()
    assert table.schema.field("p_resistant").type == pa.float64()
    assert table.column("status").to_pylist()[1] == "unscored: empty"
    assert table.column("safeguarding").to_pylist() == [False, None]


def test_score_writes_parquet_from_csv_when_the_target_says_so(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.parquet"
    good = b"07,the new portal is great and I love it,A"
    source.write_bytes(b"n,text,te\xe9m\n" + good + b"\n8,,caf\xe9\n9,one\n")
    result = run(source, "-o", out)
    assert result.exit_code == 0, result.output
    table = pq.read_table(out)
    assert table.column_names == ["n", "text", "te\ufffdm", *ADDED]
    assert table.column("n").to_pylist() == ["07", "8", "9"]
    assert table.column("te\ufffdm").to_pylist() == ["A", "caf\ufffd", ""]
    assert table.schema.field("p_resistant").type == pa.float64()
    unscored = ["unscored: error", "unscored: error"]
    assert table.column("status").to_pylist()[1:] == unscored
    assert table.column("stance").to_pylist()[0] == "supportive"


@pytest.mark.parametrize(("kind", "delimiter"), [(".csv", ","), (".tsv", "\t")])
def test_score_writes_text_from_parquet_when_the_target_says_so(
    tmp_path: Path, kind: str, delimiter: str
) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / f"out{kind}"
    columns = {
        "n": pa.array([1, None], pa.int16()),
        "share": [0.123456789, None],
        "late": [True, False],
        "marks": [[1, 2], []],
        "raw": [b"caf\xc3\xa9", None],
        "text": ['two\nlines,\tand "quotes"', None],
    }
    pq.write_table(pa.table(columns), source)
    result = run(source, "-o", out)
    assert result.exit_code == 0, result.output
    first, second = read(out, delimiter)
    given = ["1", "0.123456789", "true", "[1, 2]", "café", 'two\nlines,\tand "quotes"']
    assert [first[name] for name in columns] == given
    assert [second[name] for name in columns] == ["", "", "false", "[]", "", ""]
    assert len(first["p_resistant"]) == len("0.1234")
    assert second["status"] == "unscored: empty"


@pytest.mark.parametrize("cell", ["a\rb", "a\nb", "a\r\nb", "a\r"])
def test_score_keeps_a_row_whole_when_a_cell_has_any_line_break(tmp_path: Path, cell: str) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(f'id,text\n1,"{cell}"\n2,I like it\n'.encode())
    assert run(source, "-o", out).exit_code == 0
    assert [(row["id"], row["text"]) for row in read(out)] == [("1", cell), ("2", "I like it")]


def test_model_evaluate_prints_figures(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    row = {"question": "", "sentiment": "negative", "barrier": "desire", "themes": ["tools"]}
    made = [
        {**row, "id": f"{i}", "text": text, "stance": stance, "safeguarding": False}
        for i, (text, stance) in enumerate(
            [("I hate the new tool", "resistant"), ("I love the new tool", "supportive")]
        )
    ]
    path.write_text("\n".join(map(json.dumps, made)))
    result = CliRunner().invoke(model.app, ["evaluate", str(path)])
    assert result.exit_code == 0, result.output
    assert "stance, macro-F1" in result.output


def test_model_evaluate_refuses_a_bad_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("{}\n")
    result = CliRunner().invoke(model.app, ["evaluate", str(path)])
    assert result.exit_code == 2
    assert "line 1" in result.output


def test_model_train_refuses_to_go_on_unasked(tmp_path: Path) -> None:
    (tmp_path / "checkpoint.safetensors").touch()
    arguments = ["train", "--out", str(tmp_path / "out"), "--work", str(tmp_path)]
    result = CliRunner().invoke(model.app, arguments)
    assert result.exit_code == 2
    assert "--resume" in result.output
