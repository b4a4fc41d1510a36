"""Figures in rows, cut into blocks that can be worked on one by one.

A figure shares most people with a few others, its own team's at other times, and single ones with
many. Sets of ids only.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from campaigns.domain.elimination import Numbers, Table

People = frozenset[int]
Kind = tuple[int, ...]  # the rows that count the same people

_MOST_ROWS = 60  # in a block: the work grows with their square
_HELD_BY = 5  # people in common, by which a block that is too large still hangs together


class Figures:
    """Groups of people in rows, in a given order; `n_people` are in exactly the rows of a kind."""

    def __init__(self, parts: Sequence[People]) -> None:
        self.parts = parts
        places: dict[int, list[int]] = {}
        for row, people in enumerate(parts):
            for person in people:
                places.setdefault(person, []).append(row)
        self.n_people: Counter[Kind] = Counter(map(tuple, places.values()))
        self._kinds: list[list[Kind]] = [[] for _ in parts]
        self._beside: list[Counter[int]] = [Counter() for _ in parts]
        for kind, n in self.n_people.items():
            for row in kind:
                self._kinds[row].append(kind)
                for other in kind:
                    self._beside[row][other] += n

    def blocks(self) -> Iterator[list[int]]:
        """All rows in blocks, each ascending.

        A block that is too large is cut where it hangs together by few people; or else by what
        holds it together, figures of many teams' people, which then stand alone.
        """
        waiting = [(list(range(len(self.parts))), 1)]
        while waiting:
            rows, enough = waiting.pop()
            for heap in self._heaps(rows, enough):
                if len(heap) <= _MOST_ROWS:
                    yield heap
                elif enough < _HELD_BY:
                    waiting.append((heap, _HELD_BY))
                else:
                    heap.sort(key=lambda row: self._n_beside(row, enough))
                    n_kept = len(heap) - max(1, len(heap) // 50)
                    yield from ([row] for row in heap[n_kept:])
                    waiting.append((heap[:n_kept], enough))

    def table(self, rows: Sequence[int]) -> tuple[Table, list[Kind], list[Kind]]:
        """The rows as a table, with its own kinds and the others in the order of its columns."""
        inside, kinds = set(rows), dict.fromkeys(kind for row in rows for kind in self._kinds[row])
        own = [kind for kind in kinds if inside.issuperset(kind)]
        others = [kind for kind in kinds if not inside.issuperset(kind)]
        n_people = np.array([self.n_people[kind] for kind in own], dtype=np.int64)
        return Table(_ones(rows, own), n_people, _ones(rows, others)), own, others

    def _n_beside(self, row: int, enough: int) -> int:
        return sum(n >= enough for n in self._beside[row].values())

    def _heaps(self, rows: Sequence[int], enough: int) -> Iterator[list[int]]:
        """The rows in heaps that hang together by `enough` people or more."""
        left = set(rows)
        while left:
            heap, border = [], [left.pop()]
            while border:
                heap.append(border.pop())
                beside = self._beside[heap[-1]]
                near = [one for one, n in beside.items() if n >= enough and one in left]
                left.difference_update(near)
                border.extend(near)
            yield sorted(heap)


def _ones(rows: Sequence[int], kinds: Sequence[Kind]) -> Numbers:
    position = {row: at for at, row in enumerate(rows)}
    ones = np.zeros((len(rows), len(kinds)), dtype=np.int8)
    for column, kind in enumerate(kinds):
        ones[[position[row] for row in kind if row in position], column] = 1
    return ones
