"""Which groups may be shown, and whom each shown group counts.

Whoever knows the exact sums of all shown groups must not be able to work out the sum of fewer than
`minimum` people: neither by taking groups of one period from each other nor by comparing them with
those of earlier periods, whatever their teams were called then. Sets of ids only; this module must
never see an answer.

How it is kept: the tree is settled from below. What a group counts is everything that is shown
below it and, where they are at least `minimum`, the people who are loose: those in no shown group
below. Fewer loose people are not counted here but one level up; where that would leave out more
than a tenth of the group, the smallest group below is hidden and its people become loose too. So
what a shown group adds to those below it is nobody or at least `minimum`, and as groups never
overlap otherwise, nothing smaller can be worked out of one period. What could be worked out of
several is looked for in `differences`, and hidden here. Where it is the whole organisation alone
that would tell, the smallest group just below gives way once: its people change what the whole
adds, and that mostly suffices.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from campaigns.domain.blocks import People as People
from campaigns.domain.differences import Differences
from campaigns.domain.differences import Node as Node
from campaigns.domain.people import TeamTree

LEFT_OUT = 0.1  # a figure leaves out at most this share of its people


@dataclass
class _Settling:
    minimum: int
    allowed: Callable[[Node], bool]
    may_hide: bool
    cells: dict[Node, People] = field(default_factory=dict)
    added: dict[Node, People] = field(default_factory=dict)  # beyond the shown groups below
    below: dict[Node, list[Node]] = field(default_factory=dict)  # the shown groups just below

    def settle(self, node: Node, below: list[Node], loose: People) -> tuple[list[Node], People]:
        """Show or hide one node; what its parent finds: shown groups just below, loose people."""
        if self.may_hide:
            below, loose = self._hide_smallest(below, loose)
        counted = loose if len(loose) >= self.minimum else People()
        people = counted.union(*(self.cells[part] for part in below))
        if len(people) < self.minimum or not self.allowed(node):
            return below, loose
        self.cells[node], self.added[node], self.below[node] = people, counted, below
        return [node], loose - counted

    def _hide_smallest(self, below: list[Node], loose: People) -> tuple[list[Node], People]:
        while below and 0 < len(loose) < self.minimum:
            total = len(loose) + sum(len(self.cells[part]) for part in below)
            if len(loose) <= LEFT_OUT * total:
                break
            smallest = min(below, key=lambda part: (len(self.cells[part]), part or 0))
            del self.cells[smallest]
            below = [part for part in below if part != smallest] + self.below.pop(smallest)
            loose |= self.added.pop(smallest)
        return below, loose


def by_team(teams: Mapping[int, int]) -> dict[int, People]:
    """Team → its people, from person → team."""
    found: dict[int, set[int]] = {}
    for person, team in teams.items():
        found.setdefault(team, set()).add(person)
    return {team: frozenset(people) for team, people in found.items()}


def counted_upward(tree: TeamTree, counts: Mapping[int, int]) -> dict[Node, int]:
    """Of every node the sum of its teams' counts; None has the sum of all."""
    sums: dict[Node, int] = {None: sum(counts.values())}
    for team, n in counts.items():
        for node in tree.ancestors(team):
            sums[node] = sums.get(node, 0) + n
    return sums


def upward(tree: TeamTree) -> list[Node]:
    """All nodes, children before parents; the last is the whole organisation."""
    roots = tree.children(None)
    nodes: list[Node] = [None] if len(roots) > 1 else []
    for root in roots:
        nodes.extend(_downward(tree, root))
    return nodes[::-1]


def _downward(tree: TeamTree, root: int) -> list[int]:
    nodes, position = [root], 0
    while position < len(nodes):
        nodes.extend(tree.children(nodes[position]))
        position += 1
    return nodes


def _fold(tree: TeamTree, own: Mapping[int, People], settling: _Settling) -> dict[Node, People]:
    several = len(tree.children(None)) > 1
    waiting: dict[Node, tuple[list[Node], People]] = {}
    for node in upward(tree):
        below, loose = waiting.pop(node, ([], People()))
        if node is not None:
            loose |= own.get(node, People())
        below, loose = settling.settle(node, below, loose)
        parent = None if node is None else tree.teams[node].parent_id
        if parent is not None or (several and node is not None):
            others, left = waiting.get(parent, ([], People()))
            waiting[parent] = ([*others, *below], left | loose)
    return settling.cells


def choose(
    tree: TeamTree,
    own: Mapping[int, People],
    minimum: int,
    past: Sequence[Mapping[Node, People]] = (),
    readers: People = frozenset(),
) -> dict[Node, People]:
    """The groups to show with the people that each counts; a node that is missing stays hidden.

    `own` has the respondents that sit in a team itself, every person once. `past` has what earlier
    calls returned. `readers` are people who are shown figures: each knows their own answer, and may
    know another reader's, so no group is protected by them.
    """
    differences, hidden = Differences(past, minimum, readers), set[Node]()
    settling = _Settling(minimum, lambda node: node not in hidden, may_hide=True)
    shown = _fold(tree, own, settling)
    whole, spared = upward(tree)[-1:], False
    while told := differences.telling(shown):
        if [*told] == whole and not spared:
            told, spared = _instead(whole[0], settling, past), True
        hidden |= told.difference(whole) or told
        settling = replace(settling, cells={}, added={}, below={})
        shown = _fold(tree, own, settling)
    return shown


def _instead(node: Node, settling: _Settling, past: Sequence[Mapping[Node, People]]) -> set[Node]:
    """The smallest group just below the node, of those whose people are known from no earlier
    figure, for these could be taken away again; the node itself where there is none."""
    known = {people for cells in past for people in cells.values()}
    below = [part for part in settling.below[node] if settling.cells[part] not in known]
    return {min(below or [node], key=lambda part: (len(settling.cells[part]), part or 0))}


def recall(
    tree: TeamTree, own: Mapping[int, People], minimum: int, shown: Collection[Node]
) -> dict[Node, People]:
    """What `choose` returned when it showed exactly the nodes in `shown`."""
    return _fold(tree, own, _Settling(minimum, lambda node: node in shown, may_hide=False))


def speaking(
    shown: Mapping[Node, People], past: Sequence[Mapping[Node, People]], minimum: int
) -> set[Node]:
    """Of the shown groups those whose themes may be told as well, being of `minimum` or more.

    What such a group adds to those inside it is nobody or `minimum` again, and none is another one
    of an earlier period but for fewer who came, or who went: a theme that is named here and not
    there would else be theirs.
    """
    before: dict[int, list[People]] = {}
    for cells in past:
        for people in cells.values():
            if len(people) >= minimum:
                for person in people:
                    before.setdefault(person, []).append(people)
    told, taken = set[Node](), set[int]()
    for node in sorted(shown, key=lambda one: len(shown[one])):
        people = shown[node]
        # Whatever lies within fewer people of this group has one of any so many of them.
        near = {other for one in islice(people, minimum) for other in before.get(one, ())}
        small = len(people) < minimum or 0 < len(people - taken) < minimum
        if not small and not any(_nested(people, other, minimum) for other in near):
            told.add(node)
            taken |= people
    return told


def _nested(one: People, other: People, minimum: int) -> bool:
    if not 0 < abs(len(one) - len(other)) < minimum:
        return False
    return one < other or other < one
