"""An agent hears of few teams, those first where a visit promises most; the others wait."""

import doctest
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain import desk
from campaigns.domain.desk import hand_out

BENEFITS = st.dictionaries(st.integers(1, 30), st.floats(0, 100), max_size=20)
AGENTS = st.lists(st.integers(1, 4), unique=True, max_size=3)


def test_examples_hold() -> None:
    assert doctest.testmod(desk).failed == 0


def test_the_largest_benefits_are_told_and_the_rest_waits() -> None:
    told = hand_out({1: 5.0, 2: 30.0, 3: 10.0}, {1: [7], 2: [7], 3: [7]}, {}, most=2)
    assert list(told.items()) == [(2, [7]), (3, [7])]


def test_what_an_agent_has_heard_this_week_counts() -> None:
    told = hand_out({1: 5.0, 2: 3.0}, {1: [7], 2: [8]}, {7: 2}, most=2)
    assert told == {2: [8]}


def test_of_two_agents_the_one_with_room_is_told() -> None:
    assert hand_out({1: 5.0}, {1: [7, 8]}, {7: 3}, most=3) == {1: [8]}


def test_a_team_without_an_agent_waits_for_nobody() -> None:
    assert hand_out({1: 5.0}, {1: []}, {}, most=1) == {1: []}


@given(BENEFITS, st.data(), st.integers(1, 5))
def test_nobody_hears_of_more_than_the_most_and_no_room_is_left_while_a_team_waits(
    benefits: dict[int, float], data: st.DataObject, most: int
) -> None:
    agents = {team: data.draw(AGENTS) for team in benefits}
    heard = data.draw(st.dictionaries(st.integers(1, 4), st.integers(0, 6), max_size=4))
    told = hand_out(benefits, agents, heard, most)
    new = Counter(agent for those in told.values() for agent in those)
    assert all(n + heard.get(agent, 0) <= most for agent, n in new.items())
    full = {agent for agent in range(1, 5) if new[agent] + heard.get(agent, 0) >= most}
    assert all(set(agents[team]) <= full for team in benefits.keys() - told.keys())
    assert all(not agents[team] or told[team] for team in told)
