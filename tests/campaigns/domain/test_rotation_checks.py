"""What the check says of questions that come in turn."""

from typing import Any

import pytest

from campaigns.domain.definition import Definition
from tests.campaigns.domain.drafts import choice, only, plain, pulse, remarks, ruled, scale, words

SCALE = scale(favourable="high")
PATH = "campaign.touchpoints[1]"


def turning(*in_turn: dict[str, Any], at_a_time: int = 1, **changes: Any) -> Definition:
    """A pulse of one question about the stance, and these in turn."""
    asked = [SCALE, *in_turn]
    keys = [one["key"] for one in asked]
    rotate = {"questions": keys[1:], "at_a_time": at_a_time}
    asking = pulse(**{"questions": keys, "rotate": rotate} | changes)
    return plain(questions=asked, touchpoints=[asking])


def test_check_says_nothing_of_a_pulse_in_which_all_have_their_turn() -> None:
    assert remarks(turning(scale("tools"), choice("room"), scale("time"))) == []


@pytest.mark.parametrize("measuring", [words("tools"), scale("tools", favourable="low")])
def test_check_refuses_a_question_of_the_stance_in_turn_and_says_why(
    measuring: dict[str, Any],
) -> None:
    told = only(turning(choice("room"), measuring))
    assert told.startswith(f"error {PATH}.rotate.questions[2]: ")
    assert '"tools" measures the stance' in told
    assert "people who were asked different questions can't be compared" in told


def test_check_refuses_a_pulse_without_a_question_of_the_stance_in_every_round() -> None:
    asked = [scale("ready"), scale("tools"), scale("room")]
    rotate = {"questions": ["tools", "room"]}
    asking = pulse(questions=["ready", "tools", "room"], rotate=rotate)
    told = only(plain(questions=asked, touchpoints=[asking]))
    assert told.startswith(f"error {PATH}.questions: at least one question that measures")


def test_check_refuses_questions_in_turn_in_a_pulse_of_one_round() -> None:
    two = scale("tools"), choice("room")
    told = only(turning(*two, when={"days_after_launch": 3}))
    assert told.startswith(f"error {PATH}.when: it comes once, so nothing can come in turn")
    once = {"every_days": 7, "first_after_days": 0, "times": 1}
    assert only(turning(*two, when=once)) == told


def test_check_refuses_fewer_questions_in_turn_than_are_asked_at_a_time() -> None:
    told = only(turning(scale("tools"), choice("room"), at_a_time=2))
    assert told == (
        f"error {PATH}.rotate.at_a_time: there are only 2 to come in turn; expected at most 1"
    )


def test_check_refuses_a_question_in_turn_that_the_pulse_does_not_ask() -> None:
    rotate = {"questions": ["tool", "room"]}
    told = only(turning(scale("tools"), choice("room"), rotate=rotate))
    assert told == (
        f'error {PATH}.rotate.questions[1]: this pulse does not ask "tool"; did you mean "tools"?'
    )


def test_check_refuses_a_question_that_depends_on_one_in_turn() -> None:
    depends = choice("why", when={"question": "tools", "at_most": 2})
    asked = [SCALE, scale("tools"), choice("room"), depends]
    asking = pulse(
        questions=["ready", "tools", "room", "why"], rotate={"questions": ["tools", "room"]}
    )
    told = only(plain(questions=asked, touchpoints=[asking]))
    assert told.startswith(f'error {PATH}.questions[4]: "why" depends on the answer to "tools"')


def test_check_warns_of_rounds_that_do_not_suffice_and_names_what_is_never_asked() -> None:
    when = {"every_days": 7, "first_after_days": 0, "times": 3}
    four = scale("tools"), choice("room"), scale("time"), scale("help")
    assert only(turning(*four, when=when)) == (
        f"warning {PATH}.rotate: it comes 3 times, and takes 4 until everybody was asked each of "
        'the 4 questions in turn; never asked: "help"'
    )
    told = only(turning(*four[:2], when=when, ask={"one_in": 2}))
    assert told.endswith("takes 4 until everybody was asked each of the 2 questions in turn")


@pytest.mark.parametrize(("n_words", "is_told"), [(100, False), (200, True)])
def test_check_weighs_a_round_by_what_it_asks(n_words: int, is_told: bool) -> None:
    slow = (scale(key, prompt="word " * n_words) for key in ("tools", "room"))
    value = turning(*slow).model_dump(mode="json", exclude_unset=True)
    value["campaign"]["limits"] = {"minutes_per_week": 1}
    told = remarks(Definition.model_validate(value))
    assert any("minutes_per_week" in one for one in told) is is_told


def test_check_says_that_a_rule_never_fires_whose_question_never_has_its_turn() -> None:
    sure = scale("sure", competence="data")
    content = ruled({"when": {"gap": True}}, questions=[SCALE, scale("tools"), sure])
    value = content.model_dump(mode="json", exclude_unset=True)
    campaign = value["campaign"]
    campaign["competences"] = [{"key": "data", "title": "Data"}]
    asking = campaign["touchpoints"][0]
    asking |= {"rotate": {"questions": ["tools", "sure"]}}
    assert remarks(Definition.model_validate(value)) == []
    asking["when"] = {"cron": "0 10 * * 2", "first_on": "2027-01-12", "until": "2027-01-13"}
    told = remarks(Definition.model_validate(value))
    assert any('never asked: "sure"' in one for one in told)
    assert any(
        "this rule never fires: no pulse asks a question about a comp" in one for one in told
    )
    assert any('no pulse asks how sure people are of "data"' in one for one in told)


def test_definition_refuses_more_than_five_questions_at_a_time() -> None:
    many = [choice(f"q{number}") for number in range(7)]
    assert remarks(turning(*many[:6], at_a_time=3)) == []
    with pytest.raises(ValueError, match="at most 5 questions at a time"):
        turning(*many, at_a_time=4, rotate={"questions": ["q0", "q1"], "at_a_time": 1})
    with pytest.raises(ValueError, match='"tools" stands here twice'):
        turning(scale("tools"), rotate={"questions": ["tools", "tools"]})
