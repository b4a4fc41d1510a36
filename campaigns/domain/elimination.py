"""Which combinations of figures leave next to nobody: linear algebra on one small table.

A figure is a row with 1 for each kind of people that it counts; a kind is people who are in the
same figures. Modulo a prime, so nothing is rounded. A group of more than four kinds is not looked
for: with a minimum of 5 people there is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

PRIME = 2**31 - 1
_ROOTS = (48_271, 69_621)  # primitive roots: their powers look as if drawn by chance


@dataclass(frozen=True, slots=True)
class Table:
    """`own` is [n_figures, n_kinds], of people who are in no other figures than these, and
    `n_people` [n_kinds]; `others` is [n_figures, n_other_kinds], of people who are in more."""

    own: Numbers
    n_people: Numbers
    others: Numbers

    @property
    def key(self) -> bytes:
        """The same for equal tables, and for no others."""
        parts = (np.array(self.others.shape), self.own, self.n_people, self.others)
        return b"".join(part.tobytes() for part in parts)


@dataclass(frozen=True, slots=True)
class Remainder:
    """A combination of figures that counts each of these own `kinds` once and no other of them.

    `others` is what it has of the other kinds, `uses` how often it takes each figure; both modulo
    the prime. Earlier figures are preferred to later ones that say the same.
    """

    kinds: frozenset[int]
    others: Numbers
    uses: Numbers


@dataclass(frozen=True, slots=True)
class _Reduced:
    """Rows that span the same, each with the only 1 of its pivot's column; `bare` have no own."""

    rows: Numbers
    pivots: list[int]
    bare: list[Numbers]


def remainders(table: Table, minimum: int) -> list[Remainder]:
    """All with fewer than `minimum` own people that are no sum of others, with none as well."""
    n, n_kinds = table.own.shape
    reduced = _reduce(table)
    rows = [(frozenset[int](), row) for row in reduced.bare]
    for kinds in _vanishing(*_across(reduced, n_kinds), table.n_people, minimum):
        inside = [at for at, pivot in enumerate(reduced.pivots) if pivot in kinds]
        rows.append((frozenset(kinds), reduced.rows[inside].sum(axis=0) % PRIME))
    return [Remainder(kinds, row[n_kinds:-n], row[-n:]) for kinds, row in rows]


def _reduce(table: Table) -> _Reduced:
    n, n_kinds = table.own.shape
    todo = np.hstack([table.own, table.others, np.eye(n)]).astype(np.int64)
    rows, pivots, bare = np.empty_like(todo), list[int](), list[Numbers]()
    for row in todo:
        done = rows[: len(pivots)]
        used = np.flatnonzero(row[pivots])
        times = row[pivots][used][:, None]
        row = (row - (times * done[used] % PRIME).sum(axis=0)) % PRIME
        places = np.flatnonzero(row[:n_kinds])
        if len(places):
            pivot = int(places[0])
            row = row * pow(int(row[pivot]), -1, PRIME) % PRIME
            others = np.flatnonzero(done[:, pivot])
            done[others] = (done[others] - done[others, pivot][:, None] * row) % PRIME
            rows[len(pivots)] = row
            pivots.append(pivot)
        elif row[n_kinds:-n].any():
            bare.append(row)
    return _Reduced(rows[: len(pivots)], pivots, bare)


def _across(reduced: _Reduced, n_kinds: int) -> tuple[Numbers, Numbers]:
    """Two vectors at right angles to all rows and otherwise as good as drawn by chance.

    A group is in the span only if both sum to 0 over it, and one that is not in it does that once
    in 10^18.
    """
    free = np.setdiff1d(np.arange(n_kinds), reduced.pivots)
    vectors = []
    for root in _ROOTS:
        vector = np.zeros(n_kinds, dtype=np.int64)
        vector[free] = [pow(root, int(place) + 1, PRIME) for place in free]
        vector[reduced.pivots] = -(reduced.rows[:, free] * vector[free] % PRIME).sum(axis=1)
        vectors.append(vector % PRIME)
    return vectors[0], vectors[1]


def _vanishing(
    one: Numbers, other: Numbers, n_people: Numbers, minimum: int
) -> Iterator[tuple[int, ...]]:
    """Sets of up to four kinds, of fewer than `minimum` people, that sum to 0 and no part does."""
    zero = ~(one.astype(bool) | other.astype(bool))
    yield from ((int(kind),) for kind in np.flatnonzero(zero & (n_people < minimum)))
    kinds = np.flatnonzero(~zero & (n_people < minimum))
    sums, people = np.stack([one[kinds], other[kinds]]), n_people[kinds]
    i, j = np.triu_indices(len(kinds), 1)
    few = people[i] + people[j] < minimum
    i, j = i[few], j[few]
    pairs = (sums[:, i] + sums[:, j]) % PRIME
    zero = ~pairs.any(axis=0)
    yield from zip(kinds[i[zero]].tolist(), kinds[j[zero]].tolist(), strict=True)
    pairs, doubles = pairs[:, ~zero], np.stack([i[~zero], j[~zero]], axis=1)
    # Three or four that sum to 0 are a pair and what is its opposite.
    found = set()
    for opposites, members in ((sums, np.arange(len(kinds))[:, None]), (pairs, doubles)):
        for n, m in _matches(pairs, -opposites % PRIME):
            group = {*doubles[n].tolist(), *members[m].tolist()}
            if len(group) == 2 + members.shape[1] and people[list(group)].sum() < minimum:
                found.add(tuple(sorted(int(kinds[place]) for place in group)))
    yield from found


def _matches(left: Numbers, right: Numbers) -> Iterator[tuple[int, int]]:
    """All (column of the left, column of the right) that are equal."""
    codes, wanted = left[0] << 31 | left[1], right[0] << 31 | right[1]
    order = np.argsort(codes)
    first = np.searchsorted(codes, wanted, "left", order)
    last = np.searchsorted(codes, wanted, "right", order)
    for m in np.flatnonzero(first < last):
        for at in range(int(first[m]), int(last[m])):
            yield int(order[at]), int(m)
