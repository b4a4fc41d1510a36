"""Questions in turn: the same for everybody in a round, and each for everybody over some rounds."""

from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.agenda import agenda
from campaigns.domain.attention import touch
from campaigns.domain.definition import Definition, Pulse
from campaigns.domain.rotation import Asked, coming, first, rounds_for_all
from campaigns.domain.sampling import asked
from tests.campaigns.domain.drafts import NOW, choice, plain, pulse, scale


def weekly(*questions: str, at_a_time: int = 1, one_in: int = 1) -> Pulse:
    value: dict[str, Any] = pulse(
        questions=["ready", *questions],
        rotate={"questions": questions, "at_a_time": at_a_time},
        ask={"one_in": one_in},
    )
    return Pulse.model_validate(value)


@given(
    st.integers(2, 8), st.integers(1, 4), st.integers(1, 12), st.integers(1, 60), st.integers(0, 30)
)
def test_questions_in_turn_all_reach_each_person_whatever_the_two_cycles_have_in_common(
    n: int, at_a_time: int, one_in: int, size: int, n_before: int
) -> None:
    at_a_time = min(at_a_time, n - 1)
    keys = [f"q{number}" for number in range(n)]
    asking = weekly(*keys, at_a_time=at_a_time, one_in=one_in)
    met = defaultdict[int, set[str]](set)
    begins = one_in * n_before  # a turn begins with any first part
    for number, asks in enumerate(first(asking, rounds_for_all(asking)), begins):
        assert len(asks) == at_a_time
        for person in asked("a:weekly", number, one_in, 5, {1: range(size)}):
            met[person].update(asks)
    assert met == {person: set(keys) for person in range(size)}


def test_questions_in_turn_stay_until_every_part_was_asked() -> None:
    assert first(weekly("a", "b", one_in=2), 6) == [("a",), ("a",), ("b",), ("b",), ("a",), ("a",)]


def test_questions_in_turn_go_on_where_they_were_after_an_edit() -> None:
    asking = weekly("a", "b", "c")
    past = [Asked(("a",)), Asked(("b",))]
    assert first(asking, 2, past) == [("c",), ("a",)]
    assert first(weekly("c", "b", "a"), 2, past) == [("c",), ("a",)], "an order is no turn"
    assert first(weekly("a", "b", "c", "new"), 3, past) == [("c",), ("new",), ("a",)]
    assert first(weekly("a", "c"), 2, past) == [("c",), ("a",)]
    assert first(weekly("a", "b", "c", at_a_time=2), 2, past) == [("c", "a"), ("b", "c")]


def test_turn_that_part_of_a_team_had_goes_on_for_all_others_after_an_edit() -> None:
    begun = [Asked(("a",), 3), Asked(("b",), 3)]
    assert first(weekly("a", "b", "c", one_in=3), 3, begun) == [("b",), ("b",), ("c",)]
    assert first(weekly("b", "c", "d", one_in=3, at_a_time=2), 3, begun)[:2] == [("b",), ("b",)]
    assert first(weekly("a", "b", "c", one_in=2), 3, begun) == [("b",), ("b",), ("c",)]
    assert first(weekly("a", "c", one_in=3), 1, begun) == [("c",)], "it is asked no more"
    over = [Asked(("a",), 2), Asked(("a",), 2)]
    assert first(weekly("a", "b", one_in=3), 1, over) == [("b",)]


def test_pulse_without_questions_in_turn_has_none() -> None:
    always = Pulse.model_validate(pulse())
    assert next(coming(always)) == ()
    assert always.every_round() == always.in_round(["ready"]).questions == ("ready",)


def two_rounds() -> Definition:
    rotate = {"questions": ["tools", "room"], "at_a_time": 1}
    asking = pulse(questions=["ready", "tools", "room"], rotate=rotate)
    questions = [scale(favourable="high"), scale("tools"), choice("room", prompt="Room? " * 100)]
    return plain(questions=questions, touchpoints=[asking])


def test_agenda_says_which_questions_have_their_turn_in_which_round() -> None:
    planned = agenda(two_rounds(), NOW.date())
    assert [one.asks for one in planned] == [("tools",), ("room",), ("tools",), ("room",)]


def test_attention_counts_what_a_round_asks_and_no_more() -> None:
    content = two_rounds()
    short, long = (
        touch(content.in_round("pulse", [key]), "pulse", "pulse") for key in ("tools", "room")
    )
    assert short.seconds < 20
    assert long.seconds > 40
