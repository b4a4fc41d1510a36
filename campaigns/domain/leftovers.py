"""What combinations of figures leave over of people in several blocks, and how it goes away.

The second half of the elimination in `differences`: the first solves each block for the people who
are in it alone. Modulo the same prime.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from campaigns.domain.blocks import Kind
from campaigns.domain.elimination import PRIME

Key = TypeVar("Key")

_MOST_TOGETHER = 4  # each adds at least one person to a small group


@dataclass(frozen=True, slots=True)
class Leftover:
    """A combination of figures: it counts the `own` kinds of one block once, and `others` so often.

    `uses` says how often it takes each figure, by row.
    """

    own: frozenset[Kind]
    others: Mapping[Kind, int]
    uses: Mapping[int, int]

    @property
    def newest(self) -> int:
        """The last row that it takes."""
        return max(self.uses)

    def plus(self, other: "Leftover", times: int = 1) -> "Leftover":
        """The two together."""
        return Leftover(
            self.own | other.own,
            _sum(self.others, other.others, times),
            _sum(self.uses, other.uses, times),
        )


def _sum(one: Mapping[Key, int], other: Mapping[Key, int], times: int) -> dict[Key, int]:
    found = dict(one)
    for key, value in other.items():
        found[key] = (found.get(key, 0) + times * value) % PRIME
    return {key: value for key, value in found.items() if value}


def solved(bare: Sequence[Leftover], own: Sequence[Leftover]) -> list[Leftover]:
    """The same combinations, those without own people solved for one kind of others each.

    None but one then has that kind. Of those that say the same, the first stays.
    """
    rows: dict[Kind, Leftover] = {}
    for one in bare:
        left = _without(one, rows)
        if not left.others:
            continue
        pivot = min(left.others)
        left = Leftover(frozenset(), {}, {}).plus(left, pow(left.others[pivot], -1, PRIME))
        for kind, row in rows.items():
            if pivot in row.others:
                rows[kind] = row.plus(left, -row.others[pivot])
        rows[pivot] = left
    return [*rows.values(), *(_without(one, rows) for one in own)]


def _without(one: Leftover, rows: Mapping[Kind, Leftover]) -> Leftover:
    for kind in [kind for kind in one.others if kind in rows]:
        one = one.plus(rows[kind], -one.others[kind])
    return one


def small_sums(
    left: Sequence[Leftover], n_people: Mapping[Kind, int], minimum: int, n_out: int
) -> Iterator[list[int]]:
    """The rows behind each sum that counts fewer than `minimum` people once and nobody else.

    Only sums that take a row from `n_out` on.
    """
    by_kind: dict[Kind, list[Leftover]] = {}
    for one in (hopeful := _hopeful(left, n_people, minimum)):
        for kind in one.others:
            by_kind.setdefault(kind, []).append(one)

    def grown(total: Leftover, parts: int) -> Iterator[Leftover]:
        wrong = [kind for kind, value in total.others.items() if value != 1]
        people = sum(n_people[kind] for kind in total.own)
        if not wrong and people + sum(n_people[kind] for kind in total.others) < minimum:
            yield total
        elif parts < _MOST_TOGETHER:
            # What is wrong has to go away against something that has it too.
            rarest = min(wrong, key=lambda kind: len(by_kind[kind]), default=None)
            for kind in list(total.others) if rarest is None else [rarest]:
                for one in by_kind[kind]:
                    own = people + sum(n_people[kind] for kind in one.own)
                    if own < minimum and not one.own & total.own:
                        yield from grown(total.plus(one), parts + 1)

    for one in hopeful:
        if one.newest >= n_out:
            for total in grown(one, 1):
                if total.newest >= n_out:
                    yield list(total.uses)


def _hopeful(
    left: Sequence[Leftover], n_people: Mapping[Kind, int], minimum: int
) -> Sequence[Leftover]:
    """Without those that are part of no small sum, for what nothing else can take away of them."""
    while True:
        n_have = Counter(kind for one in left for kind in one.others)
        kept = []
        for one in left:
            alone = [kind for kind in one.others if n_have[kind] == 1]
            n = sum(n_people[kind] for kind in (*one.own, *alone))
            if n < minimum and all(one.others[kind] == 1 for kind in alone):
                kept.append(one)
        if len(kept) == len(left):
            return kept
        left = kept
