"""Which answers are too alike to lie on both sides of a split, and a split that heeds it.

Pure string work on labelled answers; it never quotes one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sentiment.data import CORPUS, Answer, Split, read_folder, refuse_duplicates
from sentiment.errors import DataError
from sentiment.text import normalise, words

SHARE_ALIKE = 0.5  # of two texts' word trigrams; beyond, one is the other with a few words changed


def read_corpus(folder: Path = CORPUS) -> Split:
    """The three sets of a folder: its subfolders train, dev and test, or else `split` of its files.

    Raises DataError for what `read_folder` refuses, and for subfolders that leak into each other.
    """
    if not (folder / "test").is_dir():
        return split(read_folder(folder))
    parts = Split(*(tuple(read_folder(folder / name)) for name in Split.__slots__))
    refuse_leaks(parts)
    return parts


def refuse_leaks(parts: Split) -> None:
    """Nothing, or a DataError where an author, a change or a text lies in two of the sets."""
    refuse_duplicates(parts, "train, dev and test together")
    for field in ("author", "change"):
        place: dict[str, str] = {}
        for name in Split.__slots__:
            for answer in getattr(parts, name):
                key = getattr(answer, field)
                if key and place.setdefault(key, name) != name:
                    raise DataError(
                        f"{answer.id!r} in {name}: its {field} {key!r} is also in {place[key]}; "
                        "move all answers with it to one of the two."
                    )
    for one, other in _alike_across(parts):
        raise DataError(f"{one!r} and {other!r} are nearly the same text: keep one of the two.")


def _alike_across(parts: Split) -> Iterator[tuple[str, str]]:
    held_out = len(parts.dev) + len(parts.test)
    answers = [*parts.dev, *parts.test, *parts.train]
    bounds = (len(parts.dev), held_out)
    for i, j in _near([_trigrams(answer.text) for answer in answers], SHARE_ALIKE):
        if sum(i >= b for b in bounds) != sum(j >= b for b in bounds):
            yield answers[i].id, answers[j].id


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


def groups(answers: Sequence[Answer], share_alike: float = SHARE_ALIKE) -> list[list[Answer]]:
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
