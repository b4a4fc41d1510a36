import json

import pytest

from bot.answer_file import read
from campaigns.errors import InputError

GOOD = {"person": "p1", "at": "2027-01-12T10:00:00+02:00", "question": "Why?", "text": "because"}


def _file(*rows: object) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def test_read_takes_both_forms_of_a_line() -> None:
    lines = read(_file(GOOD, {"person": "p2", "at": "2027-01-12", "answers": {"ready": 2}}), "a")
    assert lines[0].moment.isoformat() == "2027-01-12T08:00:00+00:00"
    assert lines[1].as_row().answers == {"ready": 2}


def test_read_skips_blank_lines_and_a_byte_order_mark() -> None:
    assert len(read(b"\xef\xbb\xbf" + _file(GOOD) + b"\n\n" + _file(GOOD) + b"\r\n", "a")) == 2


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({**GOOD, "person": ""}, "person"),
        ({**GOOD, "at": "soon"}, "at"),
        ({**GOOD, "scale": 11}, "scale"),
        ({**GOOD, "text": "x" * 100_001}, "text"),
        ({**GOOD, "answers": {"ready": [1]}}, "answers"),
        ({**GOOD, "answers": {"ready": True}}, "answers"),
        ({**GOOD, "language": "../de"}, "language"),
        ({**GOOD, "at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({**GOOD, "at": "9999-12-31T23:59:59-14:00"}, "at"),
        ({**GOOD, "answers": {"ready": 10**30}}, "answers"),
        ({**GOOD, "answers": {"ready": -1}}, "answers"),
        ({**GOOD, "question": "q" * 3001}, "question"),
        ({**GOOD, "answers": {"q" * 3001: 1}}, "answers"),
        ({**GOOD, "person": "../p1"}, "person"),
        ({**GOOD, "person": "p\0"}, "person"),
        ({**GOOD, "team": "A > B"}, "team"),
        ({**GOOD, "team": "\n"}, "team"),
    ],
)
def test_read_names_line_and_field_when_a_value_is_wrong(row: object, field: str) -> None:
    with pytest.raises(InputError) as caught:
        read(_file(GOOD, row), "answers.jsonl")
    assert f'answers.jsonl, line 2, "{field}"' in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\n \n", b"{", b"\xff\xfe\x00", b"[1]", b"null", b"\x00"])
def test_read_refuses_in_a_sentence_what_is_no_answer_file(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read(data, "answers.jsonl")
    assert "answers.jsonl" in str(caught.value)


def test_read_never_repeats_words_when_a_line_is_wrong() -> None:
    secret = "my boss is a bully"
    with pytest.raises(InputError) as caught:
        read(_file({"person": "p1", "at": secret, "text": secret}), "a")
    assert secret not in str(caught.value)


def test_read_stops_listing_after_fifty_problems() -> None:
    with pytest.raises(InputError) as caught:
        read(b"{\n" * 500, "a")
    assert len(caught.value.problems) == 50


def test_read_refuses_a_line_without_an_answer() -> None:
    with pytest.raises(InputError, match='line 1: expected "answers", "text" or "scale"'):
        read(_file({"person": "p1", "at": "2027-01-12", "text": "  "}), "a")


def test_read_says_in_plain_words_that_a_line_is_no_object() -> None:
    with pytest.raises(InputError, match="line 1: expected one JSON object, found another value"):
        read(b"null", "a")
