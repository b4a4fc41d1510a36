"""The order of teams says what is known, and of a team that is not shown it says nothing."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain import ranking
from campaigns.domain.ranking import Sign, rank

EVIDENCE = st.dictionaries(st.integers(1, 20), st.floats(-5, 5), max_size=20)


def test_examples_hold() -> None:
    assert doctest.testmod(ranking).failed == 0


def test_teams_stand_in_order_of_evidence() -> None:
    found = rank({1: 0.1, 2: 1.7, 3: 0.6}, [1, 2, 3])
    assert found == {2: (Sign.STRONG, 1), 3: (Sign.SOME, 2), 1: (Sign.NONE, 3)}


@given(EVIDENCE, st.sets(st.integers(1, 20)), EVIDENCE)
def test_a_team_that_is_not_shown_changes_nothing_in_the_order(
    solid: dict[int, float], shown: set[int], hidden: dict[int, float]
) -> None:
    others = {team: value for team, value in hidden.items() if team not in shown}
    assert rank({**solid, **others}, shown) == rank(
        {team: value for team, value in solid.items() if team in shown}, shown
    )
