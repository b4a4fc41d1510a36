"""A part of each team a time: everybody once before anybody twice, and never a small part."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.sampling import asked
from tests.campaigns.domain.drafts import only, plain, pulse, remarks, scale

SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=5)


@given(SIZES, st.integers(1, 12), st.integers(5, 9), st.integers(0, 50))
def test_each_turn_asks_all_once_before_anybody_twice_and_no_small_part(
    sizes: list[int], one_in: int, at_least: int, first: int
) -> None:
    teams = {team: range(100 * team, 100 * team + size) for team, size in enumerate(sizes)}
    for team, people in teams.items():
        turns = [
            asked("portal:weekly", first + turn, one_in, at_least, teams) & set(people)
            for turn in range(one_in)
        ]
        n_parts = max(1, min(one_in, len(people) // at_least))
        assert sorted(p for turn in turns[:n_parts] for p in turn) == list(people), team
        assert all(len(turn) >= min(at_least, len(people)) for turn in turns)
        assert max(map(len, turns)) - min(map(len, turns)) <= 1
        assert n_parts == 1 or turns[0] != turns[1]


def test_sample_is_the_same_when_asked_again_and_another_for_another_pulse() -> None:
    team = {1: range(30)}
    assert asked("a:weekly", 4, 3, 5, team) == asked("a:weekly", 4, 3, 5, team)
    assert asked("a:weekly", 4, 3, 5, team) == asked("a:weekly", 1, 3, 5, team)
    assert asked("a:weekly", 4, 3, 5, team) != asked("b:weekly", 4, 3, 5, team)


def test_check_warns_where_a_period_is_too_short_for_everybody_to_be_asked() -> None:
    weekly = {"every_days": 7, "first_after_days": 0, "times": 12}

    def draft(one_in: int) -> list[str]:
        asking = pulse(when=weekly, ask={"one_in": one_in})
        return remarks(plain(questions=[scale()], touchpoints=[asking]))

    assert draft(4) == []
    told = (
        "warning campaign.touchpoints[1].ask.one_in: it comes 4 times in a period of 28 days, so "
        "in larger teams not everybody is asked: the figures of a period rest on those who were"
    )
    assert draft(5) == [told]
    once = pulse(when={"days_after_launch": 0}, ask={"one_in": 2})
    assert "it comes 1 times" in only(plain(questions=[scale()], touchpoints=[once]))
