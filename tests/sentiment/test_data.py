"""Bad rows are refused by line, and no message quotes an answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from sentiment.data import read_answers, read_labelled
from sentiment.errors import DataError

GOOD: dict[str, Any] = {
    "id": "a-1",
    "question": "How is it going?",
    "text": "SECRET words",
    "stance": "neutral",
    "sentiment": "neutral",
    "barrier": "none",
    "themes": ["tools"],
    "safeguarding": False,
}


def write(path: Path, *rows: dict[str, Any] | bytes) -> Path:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    path.write_bytes(b"\n".join(lines))
    return path


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"stance": "against"}, "line 2: expected 'stance' to be one of resistant"),
        ({"sentiment": None}, "expected 'sentiment' to be one of"),
        ({"barrier": 3}, "expected 'barrier' to be one of"),
        ({"themes": ["toys"]}, "expected 'themes' to be one of"),
        ({"themes": "tools"}, "'themes' to be a list"),
        ({"themes": ["tools", "tools"]}, "every theme once"),
        ({"safeguarding": "no"}, "true or false"),
        ({"text": " \x00 "}, "a text with something in it"),
        ({"question": None}, "'question' to be a string"),
        ({"phenomenon": 3}, "'phenomenon' to be a string"),
        ({"author": None}, "'author' to be a string"),
        ({"id": ""}, "'id' to be a string"),
        ({"id": "a-1"}, "used twice"),
        ({"text": "secret  WORDS"}, "repeats the question and text"),
    ],
)
def test_read_answers_names_line_and_expectation(
    tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    other = {**GOOD, "id": "a-2", "text": "other", **change}
    with pytest.raises(DataError) as caught:
        read_answers(write(tmp_path / "f.jsonl", GOOD, other))
    assert expected in str(caught.value)
    assert "f.jsonl" in str(caught.value)
    assert "secret" not in str(caught.value).lower()


@pytest.mark.parametrize("line", [b"{", b"[]", b"3", b'{"id": "\xff"}'])
def test_read_answers_refuses_what_is_no_object(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(DataError, match="line 1: expected"):
        read_answers(write(tmp_path / "f.jsonl", line))


def test_read_answers_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="could not be read"):
        read_answers(tmp_path / "none.jsonl")


OPEN: dict[str, Any] = {
    **dict.fromkeys(GOOD, ""),
    "id": "a-2",
    "question": "How?",
    "text": "Other SECRET",
    "themes": None,
    "safeguarding": None,
}


def test_read_labelled_leaves_out_and_counts_what_has_no_label_yet(tmp_path: Path) -> None:
    bare = {"id": "a-3", "question": "", "text": "No fields at all", "note": "mine"}
    labelled, n_open = read_labelled(write(tmp_path / "f.jsonl", OPEN, GOOD | {"note": 1}, bare))
    assert [answer.id for answer in labelled] == ["a-1"]
    assert n_open == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"stance": "neutral"}, "line 2: expected 'sentiment'"),
        ({"safeguarding": False}, "line 2: expected 'stance'"),
        ({"themes": ["tools"]}, "line 2: expected 'stance'"),
    ],
)
def test_read_labelled_refuses_a_line_that_is_filled_in_by_half(
    tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    with pytest.raises(DataError) as caught:
        read_labelled(write(tmp_path / "f.jsonl", GOOD, OPEN | change))
    assert expected in str(caught.value)
    assert "SECRET" not in str(caught.value)


def test_read_labelled_refuses_what_is_no_object(tmp_path: Path) -> None:
    for line in (b"{", b"[]", b'{"id": "\xff"}'):
        with pytest.raises(DataError, match="line 1: expected"):
            read_labelled(write(tmp_path / "f.jsonl", line))
