"""Whoever knows every shown sum exactly must not get at fewer people than the minimum."""

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.cells import Node, People, choose, recall, speaking, upward
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


def test_the_smallest_group_gives_way_once_where_the_whole_would_tell() -> None:
    own: dict[int, People] = {2: people(12), 3: people(30, 100), 4: people(8, 200)}
    before = choose(FLAT, own, MINIMUM)
    # Seven of the eight: as a team of their own, and as what the whole adds to the others.
    later = {2: people(12, 6), 3: people(30, 100), 4: people(7, 200)}
    after = choose(FLAT, later, MINIMUM, [before])
    assert after.keys() == {1, 3}
    assert len(after[1]) == 49
    same = choose(FLAT, {**later, 2: people(12)}, MINIMUM, [before])
    assert same.keys() == {2, 3}  # the twelve are known: they could be taken away again


def test_a_group_is_shown_again_when_the_same_people_answer() -> None:
    own = {2: people(8), 3: people(30, 100)}
    before = choose(FLAT, own, MINIMUM)
    assert choose(FLAT, own, MINIMUM, [before]) == before


def test_recall_gives_each_group_that_was_shown_though_some_of_it_have_gone_since() -> None:
    before = choose(FLAT, {1: people(5, 40), 2: people(12), 3: people(8, 20)}, MINIMUM)
    left = {1: people(3, 40), 2: people(12), 3: people(8, 20)}
    assert before.keys() == {1, 2, 3}
    assert recall(FLAT, left, MINIMUM, before.keys()).keys() == {1, 2, 3}


@pytest.mark.parametrize(
    ("n", "speaks"), [(11, False), (14, False), (15, True), (9, False), (6, False), (5, True)]
)
def test_themes_are_not_told_of_a_group_that_fewer_than_enough_joined_or_left(
    n: int, speaks: bool
) -> None:
    """What is named now and was not before would be a theme of those few."""
    before: list[dict[Node, People]] = [{2: people(10)}]
    assert speaking({2: people(n)}, before, MINIMUM) == ({2} if speaks else set())


def test_several_roots_make_a_whole() -> None:
    forest = tree_of({1: None, 2: None})
    assert choose(forest, {1: people(6), 2: people(6, 10)}, MINIMUM)[None] == people(6) | people(
        6, 10
    )
    assert upward(forest)[-1] is None
    whole: list[Node] = [1]
    assert upward(tree_of({1: None})) == whole
