"""Bad rows are refused by line, and no look-alike crosses the split."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sentiment.data import CORPUS, Answer, groups, read_answers, read_corpus, split
from sentiment.errors import DataError
from sentiment.labels import Barrier, Sentiment, Stance

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


def answer(number: int, question: str, text: str, pair: str = "") -> Answer:
    labels = (Stance.NEUTRAL, Sentiment.NEUTRAL, Barrier.NONE)
    return Answer(f"x-{number}", question, text, *labels, (), False, pair)


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


def test_corpus_is_clean_and_covers_every_label() -> None:
    answers = read_corpus()
    assert len(answers) >= 2_700
    assert all(n >= 100 for n in Counter(a.stance for a in answers).values())
    assert {a.barrier for a in answers} == set(Barrier)


def test_groups_keep_look_alikes_together() -> None:
    answers = [
        answer(1, "What do you think of the new portal?", "Fine."),
        answer(2, "what do you think of the NEW portal", "I will not be using any of it"),
        answer(3, "", "I really will not be using any of it"),
        answer(4, "", "No.", pair="p"),
        answer(5, "Is it so?", "Yes.", pair="p"),
        answer(6, "", "No. "),
    ]
    found = sorted(sorted(a.id for a in group) for group in groups(answers))
    assert found == [["x-1", "x-2", "x-3"], ["x-4", "x-5"], ["x-6"]]


def test_split_is_disjoint_complete_and_leaks_nothing() -> None:
    answers = read_corpus()
    parts = split(answers)
    places = {a.id: n for n in ("train", "dev", "test") for a in getattr(parts, n)}
    assert len(places) == len(answers) == sum(map(len, (parts.train, parts.dev, parts.test)))
    assert all(len({places[a.id] for a in group}) == 1 for group in groups(answers))
    assert 0.12 < len(parts.test) / len(answers) < 0.19


def test_split_is_the_same_whatever_the_order() -> None:
    answers = read_corpus()
    assert split(answers) == split(answers[::-1])


def test_unseen_answers_are_clean_and_none_is_trained_on() -> None:
    unseen = read_corpus(CORPUS / "unseen")
    assert len(unseen) == 2400
    trained_on = {" ".join(answer.text.lower().split()) for answer in read_corpus()}
    texts = [" ".join(answer.text.lower().split()) for answer in unseen]
    assert not trained_on & set(texts)
    assert len(set(texts)) == len(texts)
    assert not {answer.id for answer in unseen} & {answer.id for answer in read_corpus()}
