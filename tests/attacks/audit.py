"""What an attacker can work out who knows the exact sum of every published figure.

Written apart from the product's own way of looking (`campaigns.domain.differences`), with other
arithmetic, so that a mistake there is not repeated here.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.domain.cells import People

_NOTHING = 1e-8


def exposed(cells: Iterable[People], minimum: int, known: People = frozenset()) -> list[People]:
    """Groups of fewer than `minimum` whose sum is a combination of the cells' sums.

    Each cell is a row over people, and a group follows if its own row is in the rows' space: if it
    is at right angles to everything that all rows are at right angles to. Who is `known` is in
    nobody's way. With `minimum` 5 none is overlooked.
    """
    shown = [cell - known for cell in cells]
    everybody = sorted(frozenset[int]().union(*shown))
    rows = np.array([[person in cell for person in everybody] for cell in shown], dtype=float)
    # Who is in the same cells can't be told apart, so a group that follows takes all or none.
    kinds: dict[tuple[float, ...], list[int]] = {}
    for column, person in enumerate(everybody):
        kinds.setdefault(tuple(rows[:, column]), []).append(person)
    small = [kind for kind in kinds.values() if len(kind) < minimum]
    if not small:
        return []
    matrix = np.array(list(kinds), dtype=float).T
    across = _across(matrix)[[kind in small for kind in kinds.values()]]
    groups = _sums_to_nothing(across, [len(kind) for kind in small], minimum)
    return [frozenset(person for at in group for person in small[at]) for group in groups]


def _across(matrix: NDArray[Any]) -> NDArray[Any]:
    """For each column its place in the space that all rows are at right angles to, thrown at
    random onto three axes."""
    _, sizes, directions = np.linalg.svd(matrix)
    rest = directions[(sizes > _NOTHING).sum() :].T
    return rest @ np.random.default_rng(7).standard_normal((rest.shape[1], 3))


def _sums_to_nothing(
    vectors: NDArray[Any], n_people: list[int], minimum: int
) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [
        group
        for size in (1, 2)
        for group in combinations(range(len(vectors)), size)
        if sum(n_people[at] for at in group) < minimum
        and abs(vectors[list(group)].sum(axis=0)).max() < _NOTHING
    ]
    # Three or four: a pair, and one or two that are its opposite, rounded so as to be looked up.
    pairs = [
        pair
        for pair in combinations(range(len(vectors)), 2)
        if sum(n_people[at] for at in pair) < minimum
    ]
    places: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for pair in pairs:
        places.setdefault(_rounded(vectors[list(pair)].sum(axis=0)), []).append(pair)
    others: list[tuple[int, ...]] = [*((at,) for at in range(len(vectors))), *pairs]
    for rest in others:
        for two in places.get(_rounded(-vectors[list(rest)].sum(axis=0)), []):
            group = tuple({*two, *rest})
            whole = len(group) == len(two) + len(rest)
            if whole and sum(n_people[at] for at in group) < minimum:
                found.append(group)
    return found


def _rounded(vector: NDArray[Any]) -> tuple[int, ...]:
    return tuple(np.round(vector * 1e6).astype(int).tolist())
