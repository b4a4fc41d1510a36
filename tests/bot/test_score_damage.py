"""`bellwether score`: what editors and accidents do to a file; nothing of it is lost."""

from pathlib import Path

import pytest

from bot.tables.csv_input import CsvReader
from bot.tables.tabular import MAX_CELL, ROWS_A_CHUNK, Wanted
from tests.bot.scored import read, run, scored
from tests.fakes import FixedScorer


def rows_of(path: Path, content: bytes, wanted: Wanted | None = None) -> list[tuple[str, ...]]:
    """Each row's cells, then what is wrong with it."""
    path.write_bytes(content)
    table = CsvReader(path, wanted or Wanted())
    try:
        return [(*row.cells, row.problem) for row in table.rows()]
    finally:
        table.close()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_score_finds_the_separator_when_the_others_are_in_the_text(
    tmp_path: Path, separator: str
) -> None:
    text = "a, b; c | d"
    content = separator.join(["team", "text"]) + "\n" + separator.join(["A", f'"{text}"']) + "\n"
    assert rows_of(tmp_path / "in.csv", content.encode()) == [("A", text, "")]


def test_score_takes_commas_for_text_when_there_is_one_column(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text('text\nI like it, really\n"no, ""never"""\n')
    outcome, _ = scored(source, out)
    assert [row["text"] for row in read(out)] == ["I like it, really", 'no, "never"']
    assert outcome.statuses == {"scored": 2}


def test_score_loses_one_line_and_no_other_when_a_quote_is_never_closed(tmp_path: Path) -> None:
    content = b'n,text\n1,fine\n2,"open\n3,"two\nlines"\n4,"a, b"\n5,good\n'
    rows = rows_of(tmp_path / "in.csv", content)
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row[1] for row in rows] == ["fine", "open", "two\nlines", "a, b", "good"]
    assert [row[2] for row in rows] == ["", "a quote that is not closed", "", "", ""]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_score_marks_the_last_row_when_the_file_was_cut_off_in_it(
    tmp_path: Path, end: bytes
) -> None:
    rows = rows_of(tmp_path / "in.csv", b'n,text\n1,"fine"\n2,"cut o' + end)
    assert rows == [("1", "fine", ""), ("2", "cut o", "a quote that is not closed")]


def test_score_loses_nothing_when_a_quote_stays_open_over_megabytes(tmp_path: Path) -> None:
    lines = [f"{i},{'word ' * 200}" for i in range(2 * MAX_CELL // 1_000)]
    lines[3] = '3,"' + "word " * 200
    rows = rows_of(tmp_path / "in.csv", ("n,text\n" + "\n".join(lines)).encode())
    assert [row[0] for row in rows] == [str(i) for i in range(len(lines))]
    assert [i for i, row in enumerate(rows) if row[2]] == [3]


def test_score_accepts_a_quote_inside_a_cell_when_others_are_quoted(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "in.csv", b'n,text\n12" screen,"two\nlines"\n2,5" and 6"\n')
    assert rows == [('12" screen', "two\nlines", ""), ("2", '5" and 6"', "")]


def test_score_marks_a_line_without_end_and_keeps_its_parts(tmp_path: Path) -> None:
    content = b"n,text\n1," + b"x" * (MAX_CELL + 10) + b"\n2,fine\n"
    rows = rows_of(tmp_path / "in.csv", content)
    assert [row[-1][:14] for row in rows] == ["a line of more", "a line of more", ""]
    assert sum(len("".join(row[:-1])) for row in rows[:2]) == len("1") + MAX_CELL + 10


def test_score_marks_null_bytes_and_keeps_them(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"n,text\n1,all is well with it\n2,nu\0ll\n3,all is well too\n")
    result = run(source, "-o", out)
    assert result.exit_code == 0, result.output
    assert "Line 3: a null byte" in result.output
    assert b"nu\0ll" in out.read_bytes()
    assert [row["status"] == "unscored: error" for row in read(out)] == [False, True, False]


def test_score_judges_alike_rows_alike_when_there_are_ten_thousand(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("text\n" + "the new portal is great and I love it\n" * 10_000)
    result = run(source, "-o", out, "--processes", 1)
    assert result.exit_code == 0, result.output
    lines = out.read_text().splitlines()
    assert len(lines) == 10_001
    assert len(set(lines[1:])) == 1


def test_score_reads_a_file_without_header_when_told_so(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("7;I like it, really\n8;no\n9;fine\n")
    result = run(source, "-o", out, "--no-header", "--text-column", 2)
    assert result.exit_code == 0, result.output
    rows = read(out, ";")
    assert [(row["column_1"], row["column_2"]) for row in rows] == [
        ("7", "I like it, really"),
        ("8", "no"),
        ("9", "fine"),
    ]
    assert list(rows[0])[2] == "stance"


def test_score_needs_no_column_when_a_file_without_header_has_one(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("It is fine.\nI like it, really, as it is\nno\n")
    result = run(source, "-o", out, "--no-header")
    assert result.exit_code == 0, result.output
    assert [row["column_1"] for row in read(out)] == source.read_text().splitlines()


@pytest.mark.parametrize(
    ("content", "arguments", "sentence"),
    [
        ("It is fine.\nno\n", (), "1 cells) seems to be no line of names. If so, add --no-header"),
        ("7,never\n8,fine\n", (), "say --text-column with its number, 1 to 2"),
        ("never\nfine\n", ("--text-column", 1, "--no-header", "--question-column", 3), "1 columns"),
        ("7,never\n8,fine\n", ("--no-header",), "has 2 columns: say --text-column"),
        ("It is never fine.\nno\n", ("--text-column", 1), "--header if it isn't"),
        ("7,never\n8,fine\n", ("--text-column", 2), "add --no-header if it is"),
    ],
)
def test_score_says_how_to_go_on_without_a_word_of_the_file_when_there_is_no_header(
    tmp_path: Path, content: str, arguments: tuple[object, ...], sentence: str
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(content)
    result = run(source, "-o", tmp_path / "out.csv", *arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())
    assert "never" not in result.output.replace("--", "")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_score_lists_the_names_it_found_when_the_column_is_another(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,team_name,What do you think of it?\n1,A,I love the new portal\n")
    result = run(source, "-o", tmp_path / "out.csv")
    assert "it has: id, team_name, 1 with longer names" in " ".join(result.output.split())
    assert run(source, "-o", tmp_path / "out.csv", "--text-column", 3).exit_code == 0
    assert read(tmp_path / "out.csv")[0]["status"] == "scored"


def test_score_refuses_a_header_option_when_the_file_is_no_csv(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "fine"}\n')
    result = run(source, "-o", tmp_path / "out.csv", "--no-header")
    assert result.exit_code == 2
    assert "names its columns itself" in result.output


def test_score_keeps_the_order_when_lengths_are_mixed_and_rows_are_bad(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    n = 2 * ROWS_A_CHUNK + 3
    lines = [f"{i},{'word ' * (i * 13 % 50)}" if i % 7 else f"{i}" for i in range(n)]
    source.write_text("n,text\n" + "\n".join(lines) + "\n")
    scorer = FixedScorer()
    outcome, _ = scored(source, out, scorer)
    rows = read(out)
    assert [row["n"] for row in rows] == [str(i) for i in range(n)]
    assert all((row["status"] == "unscored: error") == (i % 7 == 0) for i, row in enumerate(rows))
    assert len(outcome.problems) == 20
    assert outcome.n_untold == len(range(0, n, 7)) - 20
