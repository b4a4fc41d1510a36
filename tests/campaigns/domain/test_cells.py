"""Whoever knows every shown sum exactly must not get at fewer people than the minimum."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.cells import Node, People, choose, recall, upward
from campaigns.domain.people import Team, TeamTree

MINIMUM = 5


def tree_of(parents: Mapping[int, int | None]) -> TeamTree:
    return TeamTree.of(Team(node, f"T{node}", parent) for node, parent in parents.items())


def people(n: int, first: int = 0) -> People:
    return frozenset(range(first, first + n))


def random_tree(chance: Random) -> TeamTree:
    parents: dict[int, int | None] = {1: None}
    for node in range(2, chance.randint(2, 14)):
        above = [*parents] if chance.random() < 0.9 else [None]
        parents[node] = chance.choice(above)
    return tree_of(parents)


def random_own(chance: Random, tree: TeamTree) -> dict[int, People]:
    own, first = {}, 0
    for node in tree.teams:
        n = chance.choice([0, 0, 1, 2, 3, 4, 5, 6, 9, 14])
        own[node], first = people(n, first), first + n
    return own


def exposed_groups(cells: Iterable[People], minimum: int) -> list[People]:
    """Groups of fewer than `minimum` whose sum follows from the sums of the cells."""
    shown = list(cells)
    if not shown:
        return []
    everybody = sorted(frozenset().union(*shown))
    matrix = np.array([[person in cell for person in everybody] for cell in shown], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    # Who is in the same cells can't be told apart, so a group that follows takes all or none.
    alike: dict[tuple[float, ...], set[int]] = {}
    for column, person in enumerate(everybody):
        alike.setdefault(tuple(matrix[:, column]), set()).add(person)
    small = [frozenset(group) for group in alike.values() if len(group) < minimum]
    found = []
    for n in range(1, minimum):
        for groups in combinations(small, n):
            group = frozenset().union(*groups)
            wanted = np.array([[person in group for person in everybody]], dtype=float)
            if len(group) < minimum and np.linalg.matrix_rank(np.vstack([matrix, wanted])) == rank:
                found.append(group)
    return found


def test_audit_notices_a_parent_less_its_shown_children() -> None:
    assert exposed_groups([people(12), people(9)], MINIMUM) == [people(3, 9)]


@pytest.mark.parametrize("seed", range(150))
def test_nobody_follows_from_the_shown_sums_of_a_random_history(seed: int) -> None:
    chance = Random(seed)
    tree = random_tree(chance)
    past: list[dict[Node, People]] = []
    own = random_own(chance, tree)
    for _ in range(6):
        shown = choose(tree, own, MINIMUM, past)
        assert exposed_groups(shown.values(), MINIMUM) == []
        for earlier in past:
            for node in shown.keys() & earlier.keys():
                assert not is_nested(shown[node], earlier[node])
        past = [*past, shown]
        tree, own = changed(chance, tree, own)


def is_nested(one: People, other: People) -> bool:
    return (one < other or other < one) and abs(len(one) - len(other)) < MINIMUM


def changed(
    chance: Random, tree: TeamTree, own: Mapping[int, People]
) -> tuple[TeamTree, dict[int, People]]:
    """Some people move, join, leave or stay silent; at times a team moves under another parent."""
    after = {node: set(members) for node, members in own.items()}
    for node, members in own.items():
        for person in members:
            if chance.random() < 0.1:
                after[node].discard(person)
                if chance.random() < 0.5:
                    after[chance.choice(list(own))].add(person)
    after[chance.choice(list(own))].add(1000 + chance.randint(0, 10**6))
    parents = {team.id: team.parent_id for team in tree.teams.values()}
    moving = chance.choice(list(parents))
    above = [node for node in parents if node not in set(tree.descendants(moving))]
    if above and parents[moving] is not None and chance.random() < 0.3:
        parents[moving] = chance.choice(above)
    return tree_of(parents), {node: frozenset(members) for node, members in after.items()}


@given(st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_recall_gives_what_choose_gave(seed: int) -> None:
    chance = Random(seed)
    tree = random_tree(chance)
    own = random_own(chance, tree)
    shown = choose(tree, own, MINIMUM)
    assert recall(tree, own, MINIMUM, shown.keys()) == shown


@given(st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_a_shown_figure_counts_at_least_nine_tenths_of_those_who_answered(seed: int) -> None:
    chance = Random(seed)
    tree = random_tree(chance)
    own = random_own(chance, tree)
    for node, counted in choose(tree, own, MINIMUM).items():
        inside = [tree.teams.keys()] if node is None else [tree.descendants(node)]
        everybody = frozenset().union(*(own[team] for teams in inside for team in teams))
        assert counted <= everybody
        assert len(counted) >= 0.9 * len(everybody)


FLAT = tree_of({1: None, 2: 1, 3: 1, 4: 1})


def test_a_small_team_is_hidden_and_its_smallest_sister_with_it() -> None:
    shown = choose(FLAT, {2: people(12), 3: people(8, 20), 4: people(3, 40)}, MINIMUM)
    assert shown.keys() == {1, 2}
    assert len(shown[1]) == 23


def test_a_tenth_or_less_is_left_out_instead() -> None:
    shown = choose(FLAT, {2: people(20), 3: people(20, 20), 4: people(4, 40)}, MINIMUM)
    assert shown.keys() == {1, 2, 3}
    assert len(shown[1]) == 40


def test_who_is_left_out_counts_one_level_up_where_they_are_enough() -> None:
    parents: dict[int, int | None] = {1: None, 2: 1, 3: 1, 4: 2, 5: 3}
    own = {2: people(3), 3: people(3, 10), 4: people(40, 20), 5: people(40, 100)}
    shown = choose(tree_of(parents), own, MINIMUM)
    assert {node: len(counted) for node, counted in shown.items()} == {
        1: 86,
        2: 40,
        3: 40,
        4: 40,
        5: 40,
    }


def test_parent_is_hidden_where_hiding_sisters_is_not_enough() -> None:
    assert choose(FLAT, {2: people(2), 4: people(2, 10)}, MINIMUM) == {}


def test_two_small_teams_are_hidden_together() -> None:
    shown = choose(FLAT, {2: people(12), 3: people(3, 20), 4: people(3, 40)}, MINIMUM)
    assert shown.keys() == {1, 2}
    assert len(shown[1]) == 18


@pytest.mark.parametrize("later", [people(7), people(9)])
def test_a_group_is_hidden_when_one_came_or_went(later: People) -> None:
    before = choose(FLAT, {2: people(8), 3: people(30, 100)}, MINIMUM)
    after = choose(FLAT, {2: later, 3: people(30, 100)}, MINIMUM, [before])
    assert 2 in before
    assert 2 not in after


def test_a_group_is_shown_again_when_the_same_people_answer() -> None:
    own = {2: people(8), 3: people(30, 100)}
    before = choose(FLAT, own, MINIMUM)
    assert choose(FLAT, own, MINIMUM, [before]) == before


def test_several_roots_make_a_whole() -> None:
    forest = tree_of({1: None, 2: None})
    assert choose(forest, {1: people(6), 2: people(6, 10)}, MINIMUM)[None] == people(6) | people(
        6, 10
    )
    assert upward(forest)[-1] is None
    whole: list[Node] = [1]
    assert upward(tree_of({1: None})) == whole
