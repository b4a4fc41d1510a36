"""What a pulse asks and says: one question at a time, to its end, never an answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain import content, phrases
from campaigns.domain.definition import Definition, Pulse, Question, Reminder
from campaigns.domain.messages import (
    Action,
    Actions,
    Choices,
    Message,
    Picker,
    Scale,
    Tap,
    TextBox,
)
from campaigns.domain.pulses import Given, answers_before, next_question, open_questions
from tests.campaigns.domain.reader import DEMO, KEY, PULSE, buttons, parts, reader, taps
from tests.scene import definition


def ask(answers: Given, language: str = "en", *, closed: bool = False) -> Message:
    assert isinstance(PULSE, Pulse)
    return content.pulse(DEMO, PULSE, reader(language), KEY, answers, closed)


@pytest.mark.parametrize(("spoken", "read_in"), [("pl", "en"), ("de-AT", "de"), ("fr", "fr")])
def test_people_read_their_own_language_or_the_first_one(spoken: str, read_in: str) -> None:
    assert ask({}, spoken) == ask({}, read_in)


def test_pulse_explains_the_scale_and_the_promise_before_the_first_tap() -> None:
    message = ask({})
    (scale,) = parts(message, Scale)
    assert (scale.question, scale.points) == ("clear", 5)
    assert (scale.low_label, scale.high_label) == ("Strongly disagree", "Strongly agree")
    assert "from 1 (Strongly disagree) to 5 (Strongly agree)" in message.fallback_text
    assert phrases.confidentiality(DEMO, "en") in message.fallback_text
    assert [button.tap for button in buttons(message)] == [Tap(Action.SKIP, "clear")]
    (later,) = parts(message, Picker)
    assert later.tap == Tap(Action.NOT_NOW)
    assert [hours for hours, _ in later.options] == ["24", "3", "72"]


def test_pulse_asks_by_the_answers_given() -> None:
    assert [scale.question for scale in parts(ask({"clear": 4}), Scale)] == ["ready"]
    asked = {ready: parts(ask({"clear": 4, "ready": ready}), TextBox) for ready in range(1, 6)}
    assert [box.question for ready in (1, 2) for box in asked[ready]] == ["obstacle"] * 2
    assert [box.question for ready in (3, 4, 5) for box in asked[ready]] == ["comment"] * 3
    (box,) = asked[1]
    assert box.tap == Tap(Action.WRITE, "obstacle")


def test_pulse_says_how_many_questions_there_are() -> None:
    assert "Question 1 of 3" in ask({}).fallback_text
    assert "Question 2 of 3" in ask({"clear": None}).fallback_text
    assert "Question 3 of 3" in ask({"clear": 1, "ready": 2}).fallback_text


def test_pulse_thanks_and_says_what_happens_next_after_the_last_question() -> None:
    message = ask({"clear": 4, "ready": 5, "comment": ""})
    assert "Thank you, that helps." in message.fallback_text
    assert "every 2 weeks" in message.fallback_text
    assert message.parts == ask({"clear": 1, "ready": 1, "obstacle": ""}).parts
    skipped = ask({"clear": None, "ready": None})
    assert "You skipped this time, and nobody is told." in skipped.fallback_text
    assert not any(parts(message, Actions) for message in (message, skipped))


def test_closed_pulse_takes_no_more_answers() -> None:
    for answers in ({}, {"clear": 3}):
        message = ask(answers, closed=True)
        assert not [one for one in message.parts if isinstance(one, Scale | TextBox | Actions)]
    assert "What you answered in time counts" in ask({"clear": 3}, closed=True).fallback_text
    assert "What you answered" not in ask({"clear": None}, closed=True).fallback_text


def test_choice_shows_its_options_by_label() -> None:
    small = definition()
    touchpoint = small.touchpoint("pulse")
    assert isinstance(touchpoint, Pulse)
    message = content.pulse(small, touchpoint, reader(), KEY, {"ready": 2}, closed=False)
    (choices,) = parts(message, Choices)
    assert choices.options == (("time", "Time"), ("skill", "Skill"))
    assert "Choose one: Time · Skill" in message.fallback_text


def test_own_labels_of_a_scale_come_in_the_language_of_the_reader() -> None:
    own = {"low": {"en": "Never", "de": "Nie"}, "prompt": "How often?", "points": 7}
    asked = {"kind": "pulse", "key": "p", "when": {"cron": "0 9 * * 1"}, "title": "T"}
    small = definition(
        questions=[{"key": "often", "kind": "scale", **own}],
        touchpoints=[asked | {"questions": ["often"]}],
        rules=[],
    )
    touchpoint = small.touchpoint("p")
    assert isinstance(touchpoint, Pulse)
    (scale,) = parts(content.pulse(small, touchpoint, reader("de"), KEY, {}, False), Scale)
    assert (scale.low_label, scale.high_label, scale.points) == ("Nie", "Stimme voll zu", 7)


def test_reminder_asks_the_question_itself_and_says_that_silence_is_fine() -> None:
    touchpoint = DEMO.touchpoint("pulse-reminder")
    assert isinstance(touchpoint, Reminder)
    message = content.reminder(DEMO, touchpoint, reader(), KEY)
    (scale,) = parts(message, Scale)
    assert scale.question == "clear"
    assert "If not, that is fine too" in message.fallback_text
    assert taps(message) == [Action.SKIP]
    assert parts(message, Picker)


answers = st.fixed_dictionaries(
    {},
    optional={
        "clear": st.one_of(st.none(), st.integers(1, 5)),
        "ready": st.one_of(st.none(), st.integers(1, 5)),
        "obstacle": st.sampled_from([None, ""]),
        "comment": st.sampled_from([None, ""]),
    },
)


@given(answers, st.booleans())
def test_message_after_an_answer_never_depends_on_a_number_that_leads_nowhere(
    given_: dict[str, Any], closed: bool
) -> None:
    """Whoever sees the message can't tell one chosen point from another on the same side."""
    other = dict(given_)
    for key, sides in (("clear", [(1, 5)]), ("ready", [(1, 2), (3, 5)])):
        for low, high in sides:
            if isinstance(given_.get(key), int) and low <= given_[key] <= high:
                other[key] = low + high - given_[key]
    assert ask(given_, closed=closed) == ask(other, closed=closed)


def conditional(bounds: list[tuple[int, bool]]) -> tuple[Definition, Pulse]:
    """A pulse of up to five scales, each but the first on condition of one before it."""
    questions: list[dict[str, Any]] = [{"key": "q0", "kind": "scale", "prompt": "Q"}]
    for index, (bound, upper) in enumerate(bounds, start=1):
        test = {"at_least": bound} if upper else {"at_most": bound}
        when = {"question": f"q{(index * bound) % index}", **test}
        questions.append({"key": f"q{index}", "kind": "scale", "prompt": "Q", "when": when})
    asked = [question["key"] for question in questions]
    touchpoint = {"kind": "pulse", "key": "p", "when": {"cron": "0 9 * * 1"}, "title": "T"}
    small = definition(
        questions=questions, touchpoints=[touchpoint | {"questions": asked}], rules=[]
    )
    found = small.touchpoint("p")
    assert isinstance(found, Pulse)
    return small, found


chains = st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=4)


@given(chains, st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=5, max_size=5))
def test_pulse_always_ends_and_never_asks_more_than_it_said(
    bounds: list[tuple[int, bool]], values: list[int | None]
) -> None:
    small, asked = conditional(bounds)
    most = open_questions(small, asked, {})
    given_: dict[str, int | str | None] = {}
    while question := next_question(small, asked, given_):
        assert len(given_) + open_questions(small, asked, given_) <= most
        given_[question.key] = values[len(given_)]
    assert len(given_) <= most
    assert open_questions(small, asked, given_) == 0


@given(chains)
def test_answers_before_lead_to_their_question(bounds: list[tuple[int, bool]]) -> None:
    small, asked = conditional(bounds)
    for key in asked.questions:
        question = next_question(small, asked, answers_before(small, asked, key))
        assert isinstance(question, Question)
        assert question.key == key
