"""Adding and subtracting whatever was published gives nobody away, and no group below the minimum.

Attacks 1 to 4, 7, 8, 10, 20 and 21 of the list that these tests follow: cells of k-1, one hidden
child, over two levels, joiners and leavers, overlapping groups, moves, merges and splits, readers
who answered themselves, and all of it together after random histories.
"""

from collections.abc import Sequence

import pytest

from campaigns.domain import blocks
from campaigns.domain.cells import Node, People, choose, speaking
from campaigns.domain.people import Team, TeamTree
from tests.attacks.audit import exposed
from tests.attacks.history import periods

MINIMUM, PERIODS = 5, 7  # a figure is compared with those of six periods before it
Shown = dict[Node, People]


def tree_of(parents: dict[int, int | None]) -> TeamTree:
    return TeamTree.of(Team(node, f"T{node}", parent) for node, parent in parents.items())


def people(first: int, n: int) -> People:
    return frozenset(range(first, first + n))


def history(seed: int, readers: People = frozenset()) -> list[Shown]:
    past: list[Shown] = []
    for tree, own in periods(seed, PERIODS):
        past.append(choose(tree, own, MINIMUM, past, readers))
    return past


def cells(past: Sequence[Shown]) -> list[People]:
    return [people for shown in past for people in shown.values()]


def test_audit_notices_what_it_is_there_for() -> None:
    everybody = people(0, 12)
    assert exposed([everybody, people(3, 9)], MINIMUM) == [people(0, 3)]
    assert exposed([people(0, 8), people(0, 7)], MINIMUM) == [people(7, 1)]
    # One person less than two teams together, and of their own no figure of that kind.
    assert exposed([people(0, 6), people(6, 6), people(0, 11)], MINIMUM) == [people(11, 1)]
    assert exposed([people(0, 6), people(6, 6)], MINIMUM) == []
    assert exposed([people(0, 6)], MINIMUM, known=people(0, 3)) == [people(3, 3)]


@pytest.mark.parametrize("seed", range(12))
def test_nobody_follows_from_all_that_was_ever_published(seed: int) -> None:
    past = history(seed)
    assert exposed(cells(past), MINIMUM) == []
    assert cells(past)  # else there was nothing to protect


@pytest.mark.parametrize("seed", range(200, 202))
def test_nobody_follows_where_figures_lie_in_many_blocks(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """As in an organisation so large that what hangs together has to be cut."""
    monkeypatch.setattr(blocks, "_MOST_ROWS", 4)
    past = history(seed)
    assert exposed(cells(past), MINIMUM) == []
    assert cells(past)


@pytest.mark.parametrize("seed", range(100, 106))
def test_readers_who_put_together_what_they_answered_learn_no_more(seed: int) -> None:
    readers = frozenset(range(0, 200, 7))  # agents and comms team, 1 of 7
    past = history(seed, readers)
    assert exposed(cells(past), MINIMUM) == []
    assert exposed(cells(past), MINIMUM, known=readers) == []


@pytest.mark.parametrize("seed", range(200, 206))
def test_groups_with_themes_differ_by_as_many_as_words_ask_for(seed: int) -> None:
    past: list[Shown] = []
    told: list[Shown] = []
    for tree, own in periods(seed, PERIODS):
        shown = choose(tree, own, MINIMUM, past)
        speak = speaking(shown, past, 10)
        told.append({node: shown[node] for node in speak})
        past.append(shown)
    for period, of_period in enumerate(told):
        for node, group in of_period.items():
            inside = [one for other, one in of_period.items() if other != node and one <= group]
            assert len(group) >= 10
            assert not 0 < len(group.difference(*inside)) < 10
            for earlier in told[:period]:
                for other in earlier.values():
                    difference = max(len(group), len(other)) - min(len(group), len(other))
                    nested = group < other or other < group
                    assert not (nested and difference < 10)


def test_a_renamed_team_is_still_compared_with_itself() -> None:
    before = choose(tree_of({1: None, 2: 1, 3: 1}), {2: people(0, 8), 3: people(50, 30)}, MINIMUM)
    tree = tree_of({1: None, 2: 1, 3: 1, 4: 1})
    after = choose(tree, {4: people(0, 9), 3: people(50, 30)}, MINIMUM, [before])
    assert 2 in before
    assert 4 not in after


def test_two_merged_teams_are_hidden_where_one_came_with_them() -> None:
    tree = tree_of({1: None, 2: 1, 3: 1, 4: 1})
    others = people(50, 30)
    before = choose(tree, {2: people(0, 6), 3: people(10, 7), 4: others}, MINIMUM)
    merged = people(0, 6) | people(10, 8)
    after = choose(tree, {2: merged, 4: others}, MINIMUM, [before])
    assert {2, 3} <= before.keys()
    assert 2 not in after


def test_a_person_who_moves_and_comes_back_is_not_found_by_the_way() -> None:
    tree = tree_of({1: None, 2: 1, 3: 1})
    here, there, mover = people(0, 8), people(20, 9), people(99, 1)
    past: list[Shown] = []
    for own in (
        {2: here | mover, 3: there},
        {2: here, 3: there | mover},
        {2: here | mover, 3: there},
    ):
        past.append(choose(tree, own, MINIMUM, past))
    assert [set(shown) for shown in past] == [{1, 2, 3}, {1}, {1, 2, 3}]


def test_a_team_of_five_with_its_reader_is_hidden_and_one_without_is_not() -> None:
    tree = tree_of({1: None, 2: 1, 3: 1})
    own = {2: people(0, 5), 3: people(10, 30)}
    assert 2 in choose(tree, own, MINIMUM, readers=people(10, 1))
    assert 2 not in choose(tree, own, MINIMUM, readers=people(4, 1))
    assert 2 in choose(tree, {**own, 2: people(0, 6)}, MINIMUM, readers=people(4, 1))
