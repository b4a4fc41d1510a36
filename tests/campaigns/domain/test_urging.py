"""Who is asked once more can't tell from it whether their team is watched."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain import urging
from campaigns.domain.urging import urged

TEAMS = st.sets(st.integers(1, 40), max_size=40)


def test_examples_hold() -> None:
    assert doctest.testmod(urging).failed == 0


@given(TEAMS, TEAMS, st.lists(st.integers(1, 40), unique=True))
def test_beside_each_watched_team_stands_another_as_far_as_there_are_any(
    watched: set[int], before: set[int], drawn: list[int]
) -> None:
    found = urged(watched, before, drawn)
    known, chosen = set(drawn), watched & set(drawn)
    assert chosen <= found <= known
    assert len(found - chosen) == min(len(chosen), len(known - chosen))
    left_out = (before & known) - found
    assert not left_out or found - chosen <= before  # those of before come first


def test_a_team_stays_beside_watched_ones_as_long_as_it_takes() -> None:
    first = urged([1], [], [3, 2, 1, 4])
    assert first == {1, 3}
    assert urged([1], first, [4, 2, 3, 1]) == first


def test_one_that_was_watched_and_is_no_more_can_stay_as_another() -> None:
    assert urged([2], [1, 3], [1, 4, 2, 3]) == {1, 2}
    assert urged([], [1, 3], [1, 2, 3, 4]) == frozenset()
