"""Into which team an answer goes when it loses its person: one in which it is not alone.

Sets of ids only; this module must never see an answer.
"""

from collections.abc import Mapping

from campaigns.domain.cells import People, upward
from campaigns.domain.people import TeamTree


def homes(tree: TeamTree, own: Mapping[int, People], minimum: int) -> dict[int, int]:
    """Team → the team that its people's answers go to, itself or one above, in which at least
    `minimum` people are put together; a team is missing where all there are are fewer.

    Who is left over at the top is put together with the smallest group below it.

    >>> from campaigns.domain.people import Team
    >>> tree = TeamTree.of([Team(1, "All", None), Team(2, "Few", 1), Team(3, "Many", 1)])
    >>> homes(tree, {2: frozenset("ab"), 3: frozenset("vwxyz"), 1: frozenset("klm")}, 5)
    {3: 3, 1: 1, 2: 1}
    >>> homes(tree, {2: frozenset("ab"), 3: frozenset("vwxyz")}, 5)
    {2: 1, 3: 1}
    """
    waiting: dict[int, tuple[People, tuple[int, ...]]] = {}
    waiting |= {team: (people, (team,)) for team, people in own.items()}
    groups: dict[int, tuple[People, tuple[int, ...]]] = {}
    for node in upward(tree):
        if node is None or node not in waiting:
            continue
        people, teams = waiting.pop(node)
        parent = tree.teams[node].parent_id
        if len(people) < minimum and parent is None:
            below = [one for one in groups if node in tree.ancestors(one)]
            if not below:
                continue
            smallest = min(below, key=lambda one: (len(groups[one][0]), one))
            more, others = groups.pop(smallest)
            people, teams = people | more, (*teams, *others)
        if len(people) >= minimum:
            groups[node] = people, teams
        elif parent is not None:
            more, others = waiting.get(parent, (People(), ()))
            waiting[parent] = more | people, (*others, *teams)
    return {team: node for node, (_, teams) in groups.items() for team in teams}
