"""Which figures would give away a small group to whoever adds and subtracts all that was published.

A published figure is the sum over the people whom it counts. A group can be worked out when its own
sum is a combination of published ones, of whatever teams and periods. The worst is taken for
granted: exact sums, and nobody who ever changes an answer. Sets of ids only; no answer is seen.

It is exact, and yet large organisations are not one large system of equations: each block of
figures that hang together is solved by itself, and what its solutions leave over, people who are in
several blocks, has to go away against the few solutions of other blocks that have them too.
"""

from collections.abc import Iterator, Mapping, Sequence

from campaigns.domain.blocks import Figures, People
from campaigns.domain.elimination import Remainder, remainders
from campaigns.domain.leftovers import Leftover, small_sums, solved

Node = int | None  # a team's id; None is all of them, where the tree has several roots


def atoms(cells: Mapping[Node, People]) -> dict[Node, People]:
    """What each figure of one period adds to the smaller ones in it, where that is anybody.

    The cells nest as a tree does, so what follows from them follows from these, and back.
    """
    taken: set[int] = set()
    parts = {}
    for node in sorted(cells, key=lambda one: len(cells[one])):
        if part := cells[node] - taken:
            parts[node] = part
            taken |= part
    return parts


class Differences:
    """What was published before, to be asked which new figures would not go with it.

    `known` are people whose own answers a reader may know, being one of them: they protect nobody.
    """

    def __init__(
        self, past: Sequence[Mapping[Node, People]], minimum: int, known: People = frozenset()
    ) -> None:
        self._out = list(dict.fromkeys(part for cells in past for part in atoms(cells).values()))
        self._minimum, self._known = minimum, known
        self._seen: dict[bytes, list[Remainder]] = {}  # most blocks stay as they are

    def telling(self, shown: Mapping[Node, People]) -> set[Node]:
        """Figures to be hidden; after that it has to be asked again, until there are none."""
        out = set(self._out)
        new = {part: node for node, part in atoms(shown).items() if part not in out}
        parts, nodes = [*self._out, *new], list(new.values())
        found: set[Node] = set()
        for unknown in [parts, [part - self._known for part in parts]] if self._known else [parts]:
            for rows in self._combinations(Figures(unknown)):
                told = [nodes[row - len(out)] for row in rows if row >= len(out)]
                found.add(min(told, key=lambda node: (len(shown[node]), node or 0)))
        return found

    def _combinations(self, figures: Figures) -> Iterator[list[int]]:
        """The rows behind each small group that could be worked out with a new one of them."""
        left = [one for rows in figures.blocks() for one in self._leftovers(figures, rows)]
        bare = [one for one in left if not one.own]
        bare.sort(key=lambda one: one.newest)  # what is out already, first
        own = [one for one in left if one.own]
        yield from small_sums(solved(bare, own), figures.n_people, self._minimum, len(self._out))

    def _leftovers(self, figures: Figures, rows: Sequence[int]) -> Iterator[Leftover]:
        table, own, others = figures.table(rows)
        if table.key not in self._seen:
            self._seen[table.key] = remainders(table, self._minimum)
        for one in self._seen[table.key]:
            yield Leftover(
                frozenset(own[column] for column in one.kinds),
                {others[at]: int(one.others[at]) for at in one.others.nonzero()[0].tolist()},
                {rows[at]: int(one.uses[at]) for at in one.uses.nonzero()[0].tolist()},
            )
