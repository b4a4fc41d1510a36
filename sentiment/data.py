"""Labelled answers: read and check JSON Lines.

A label nobody checked is worse than none, so a file is refused as a whole at its first bad line.
Messages name the line and what was expected there; they never quote an answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from sentiment.errors import DataError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.text import normalise

CORPUS = Path(__file__).parent / "corpus"
OFF_TOPIC = "off_topic"
PLAIN = "plain"  # the phenomenon of an answer without a trick
_LABELS = ("stance", "sentiment", "barrier", "themes", "safeguarding")

_Label = TypeVar("_Label", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Answer:
    """One labelled answer; what is not known of it is ''.

    `pair` names a set of answers written against each other, `author` who wrote it and `change`
    what it speaks of (invented both, in the corpus), `phenomenon` what makes it hard.
    """

    id: str
    question: str
    text: str
    stance: Stance
    sentiment: Sentiment
    barrier: Barrier
    themes: tuple[Theme, ...]
    safeguarding: bool
    pair: str = ""
    author: str = ""
    change: str = ""
    phenomenon: str = ""

    @property
    def off_topic(self) -> bool:
        """Whether the answer says nothing of the change nor of its question."""
        return self.phenomenon == OFF_TOPIC


@dataclass(frozen=True, slots=True)
class Split:
    """Three disjoint sets of answers: to learn from, to choose and calibrate on, to measure on."""

    train: tuple[Answer, ...]
    dev: tuple[Answer, ...]
    test: tuple[Answer, ...]

    def __iter__(self) -> Iterator[Answer]:
        """Every answer of the three."""
        return chain(self.train, self.dev, self.test)


def read_folder(folder: Path) -> list[Answer]:
    """Every answer of the folder's `*.jsonl` files, in file and line order, checked.

    Raises DataError for a bad line, an id used twice, or a question and text that come twice.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise DataError(
            f"No *.jsonl file was found in {folder}: name a folder of labelled answers."
        )
    answers = [answer for path in paths for answer in read_answers(path)]
    refuse_duplicates(answers, str(folder))
    return answers


def read_answers(path: Path) -> list[Answer]:
    """The answers of one JSON Lines file (UTF-8, one object a line, blank lines skipped).

    Raises DataError naming the file, the line and what was expected.
    """
    return _parse(_lines(path), path)


def read_labelled(path: Path) -> tuple[list[Answer], int]:
    """The answers of a file that somebody is labelling, and how many have no label at all yet.

    One with some of its labels is refused by its line; raises DataError as `read_answers` does.
    """
    lines = _lines(path)
    begun = [(where, line) for where, line in lines if not _is_open(line)]
    return _parse(begun, path), len(lines) - len(begun)


def _lines(path: Path) -> list[tuple[str, bytes]]:
    """Every line with something on it, and where it stands."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(f"{path} could not be read ({error.strerror}): check the name.") from None
    return [
        (f"{path.name}, line {number}", line)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


def _parse(lines: Iterable[tuple[str, bytes]], path: Path) -> list[Answer]:
    answers = [parse_answer(line, where) for where, line in lines]
    refuse_duplicates(answers, path.name)
    return answers


def _is_open(line: bytes) -> bool:
    """Whether no label was filled in yet; what can't be read is for the parser to refuse."""
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and all(row.get(label) in (None, "", []) for label in _LABELS)


def parse_answer(line: bytes, where: str) -> Answer:
    """One checked answer from one line; `where` opens the message of a DataError."""
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise DataError(f"{where}: expected UTF-8, and a byte is not.") from None
    except ValueError:
        raise DataError(f"{where}: expected one JSON object, and the line is not JSON.") from None
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected one JSON object with an id, a text and labels.")
    text = _string(row, "text", where)
    if not normalise(text):
        raise DataError(f"{where}: expected a text with something in it; remove the line.")
    return Answer(
        id=_string(row, "id", where),
        question=_string(row, "question", where),
        text=text,
        stance=_label(Stance, row, "stance", where),
        sentiment=_label(Sentiment, row, "sentiment", where),
        barrier=_label(Barrier, row, "barrier", where),
        themes=_themes(row, where),
        safeguarding=_boolean(row, "safeguarding", where),
        **{
            name: _optional(row, name, where) for name in ("pair", "author", "change", "phenomenon")
        },
    )


def refuse_duplicates(answers: Iterable[Answer], where: str) -> None:
    """Nothing, or a DataError where an id or a question with its text comes twice."""
    ids: set[str] = set()
    contents: dict[tuple[str, str], str] = {}
    for answer in answers:
        if answer.id in ids:
            raise DataError(f"{where}: the id {answer.id!r} is used twice; expected unique ids.")
        ids.add(answer.id)
        content = (normalise(answer.question).lower(), normalise(answer.text).lower())
        if content in contents:
            raise DataError(
                f"{where}: {answer.id!r} repeats the question and text of "
                f"{contents[content]!r}; keep one of the two."
            )
        contents[content] = answer.id


def _string(row: dict[str, Any], field: str, where: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or (field == "id" and not value):
        raise DataError(f"{where}: expected {field!r} to be a string.")
    return value


def _optional(row: dict[str, Any], field: str, where: str) -> str:
    return _string(row, field, where) if field in row else ""


def _boolean(row: dict[str, Any], field: str, where: str) -> bool:
    value = row.get(field)
    if not isinstance(value, bool):
        raise DataError(f"{where}: expected {field!r} to be true or false.")
    return value


def _label(kind: type[_Label], row: dict[str, Any], field: str, where: str) -> _Label:
    return _one(kind, row.get(field), field, where)


def _themes(row: dict[str, Any], where: str) -> tuple[Theme, ...]:
    value = row.get("themes")
    if not isinstance(value, list):
        raise DataError(f"{where}: expected 'themes' to be a list, empty where there is none.")
    themes = [_one(Theme, item, "themes", where) for item in value]
    if len(set(themes)) < len(themes):
        raise DataError(f"{where}: expected every theme once, and one comes twice.")
    return tuple(themes)


def _one(kind: type[_Label], value: object, field: str, where: str) -> _Label:
    try:
        return kind(str(value))
    except ValueError:
        expected = ", ".join(kind)
        raise DataError(f"{where}: expected {field!r} to be one of {expected}.") from None
