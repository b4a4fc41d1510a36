"""Labelled answers: read and check JSON Lines, and split them without leakage.

A label nobody checked is worse than none, so a file is refused as a whole at its first bad line.
Messages name the line and what was expected there; they never quote an answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sentiment.errors import DataError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.text import normalise, words

CORPUS = Path(__file__).parent / "corpus"

_Label = TypeVar("_Label", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Answer:
    """One labelled answer. `pair` names a set of answers written against each other, or is ''."""

    id: str
    question: str
    text: str
    stance: Stance
    sentiment: Sentiment
    barrier: Barrier
    themes: tuple[Theme, ...]
    safeguarding: bool
    pair: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """Three disjoint sets of answers; no group of look-alikes lies in two of them."""

    train: tuple[Answer, ...]
    dev: tuple[Answer, ...]
    test: tuple[Answer, ...]


def read_corpus(folder: Path = CORPUS) -> list[Answer]:
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
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(f"{path} could not be read ({error.strerror}): check the name.") from None
    answers = [
        parse_answer(line, f"{path.name}, line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    refuse_duplicates(answers, path.name)
    return answers


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
        pair=str(row.get("pair", "")),
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


def split(answers: Sequence[Answer], share_dev: float = 0.15, share_test: float = 0.15) -> Split:
    """The answers in three sets, the same on every machine and whatever order they come in.

    Look-alikes (see `groups`) stay together. Each group falls by a hash of its smallest id, so
    adding answers moves only the groups they join.
    """
    parts: dict[str, list[Answer]] = {"train": [], "dev": [], "test": []}
    for group in groups(answers):
        place = _fraction(min(answer.id for answer in group))
        name = (
            "test" if place < share_test else "dev" if place < share_test + share_dev else "train"
        )
        parts[name].extend(group)
    by_id = {name: tuple(sorted(part, key=lambda a: a.id)) for name, part in parts.items()}
    return Split(**by_id)


def groups(answers: Sequence[Answer], share_alike: float = 0.5) -> list[list[Answer]]:
    """The answers in sets that must not be parted, by union of four relations.

    Two answers belong together when they are of one written pair, have the same question, or when
    their questions or their texts share at least `share_alike` of their word trigrams (Jaccard).
    Texts under five words ("No.") say nothing without their question and link nothing.
    """
    parent = list(range(len(answers)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for left, right in _links(answers, share_alike):
        parent[find(left)] = find(right)
    gathered: dict[int, list[Answer]] = {}
    for i, answer in enumerate(answers):
        gathered.setdefault(find(i), []).append(answer)
    return list(gathered.values())


def _links(answers: Sequence[Answer], share_alike: float) -> Iterable[tuple[int, int]]:
    first: dict[tuple[str, str], int] = {}
    for i, answer in enumerate(answers):
        question = " ".join(words(normalise(answer.question)))
        pair = f"{answer.id.split('-')[0]}/{answer.pair}" if answer.pair else ""
        for key in (("question", question), ("pair", pair)):
            if key[1]:
                yield first.setdefault(key, i), i
    for field in ("question", "text"):
        yield from _near([_trigrams(getattr(answer, field)) for answer in answers], share_alike)


def _near(shingles: list[frozenset[str]], share_alike: float) -> Iterable[tuple[int, int]]:
    index: dict[str, list[int]] = {}
    for i, own in enumerate(shingles):
        shared: dict[int, int] = {}
        for shingle in own:
            for j in index.get(shingle, ()):
                shared[j] = shared.get(j, 0) + 1
            index.setdefault(shingle, []).append(i)
        for j, n in shared.items():
            if n >= share_alike * (len(own) + len(shingles[j]) - n):
                yield j, i


def _trigrams(text: str) -> frozenset[str]:
    found = words(normalise(text))
    if len(found) < 5:
        return frozenset()
    return frozenset(" ".join(found[i : i + 3]) for i in range(len(found) - 2))


def _fraction(key: str) -> float:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64


def _string(row: dict[str, Any], field: str, where: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or (field == "id" and not value):
        raise DataError(f"{where}: expected {field!r} to be a string.")
    return value


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
