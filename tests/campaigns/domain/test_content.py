"""What people read: in their language, with the promise before the first tap, never an answer."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain import content, phrases
from campaigns.domain.definition import Definition, FollowUp, Pulse, Question, Reminder, Vision
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Choices,
    Facts,
    Heading,
    Link,
    Message,
    Note,
    Scale,
    Tap,
    Text,
    TextBox,
    dump,
    load,
)
from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.pulses import Given, answers_before, next_question, open_questions
from campaigns.domain.reading import read
from tests.scene import definition

DEMO = read((Path(__file__).parents[3] / "bot" / "demo" / "campaign.yaml").read_bytes(), "demo")
PULSE = DEMO.touchpoint("pulse")
assert isinstance(PULSE, Pulse)
KEY = "0123456789abcdef"
PartT = TypeVar("PartT")


def reader(language: str = "en") -> Person:
    return Person(7, "P7", "Ada Reader", "", 1, "", "", language, "UTC", WorkingHours(), "")


def parts(message: Message, kind: type[PartT]) -> list[PartT]:
    return [part for part in message.parts if isinstance(part, kind)]


def buttons(message: Message) -> list[Button]:
    items = [item for row in parts(message, Actions) for item in row.items]
    return [item for item in items if isinstance(item, Button)]


def taps(message: Message) -> list[Action]:
    return [button.tap.action for button in buttons(message)]


def ask(answers: Given, language: str = "en", *, closed: bool = False) -> Message:
    assert isinstance(PULSE, Pulse)
    return content.pulse(DEMO, PULSE, reader(language), KEY, answers, closed)


def every_message(language: str) -> list[Message]:
    """One of each kind and state, for a reader of that language."""
    someone = reader(language)
    assert isinstance(PULSE, Pulse)
    found = [content.help_message(DEMO, someone, KEY), content.moved(DEMO, PULSE, someone, KEY)]
    found.append(content.pulse(DEMO, PULSE, someone, KEY, {}, closed=False, postponed=True))
    found.append(content.paused(DEMO, someone, KEY, datetime(2027, 2, 1, tzinfo=UTC)))
    for touchpoint in DEMO.campaign.touchpoints:
        match touchpoint:
            case Vision():
                found += [
                    content.vision(DEMO, touchpoint, someone, KEY, seen) for seen in (False, True)
                ]
            case Reminder():
                found.append(content.reminder(DEMO, touchpoint, someone, KEY))
            case FollowUp():
                found += [
                    content.follow_up(DEMO, touchpoint, someone, KEY, accepted, seen)
                    for accepted in (False, True)
                    for seen in (False, True)
                ]
            case Pulse():
                found += [
                    content.pulse(DEMO, touchpoint, someone, KEY, answers, closed)
                    for answers in ({}, {"clear": 3}, {"clear": 3, "ready": 1}, {"ready": 5})
                    for closed in (False, True)
                ]
    return found


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_every_message_keeps_the_limits_of_the_strictest_chat(language: str) -> None:
    for message in every_message(language):
        assert message.language == language
        assert message.key == KEY
        assert load(dump(message)) == message
        for heading in parts(message, Heading):
            assert len(heading.text) <= 150
        for row in parts(message, Actions):
            assert 1 <= len(row.items) <= 5
            assert all(0 < len(item.label) <= 30 for item in row.items)
        texts = [text.text for text in parts(message, Text)]
        assert all(0 < len(text) <= 3000 for text in texts)
        assert all(0 < len(note.text) <= 3000 for note in parts(message, Note))
        assert len(message.fallback_text) < 13_000


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_fallback_text_carries_every_word_of_the_message(language: str) -> None:
    for message in every_message(language):
        said: list[str] = []
        for paragraph in message.parts:
            if isinstance(paragraph, Heading | Text | Note):
                said.append(paragraph.text)
        for scale in parts(message, Scale):
            said += [scale.prompt, scale.low_label, scale.high_label, str(scale.points)]
        for box in parts(message, TextBox):
            said.append(box.prompt)
        for row in parts(message, Actions):
            said += [item.label for item in row.items]
            said += [item.url for item in row.items if isinstance(item, Link)]
        for facts in parts(message, Facts):
            said += [word for pair in facts.facts for word in pair]
        assert all(text in message.fallback_text for text in said)


def test_nothing_in_another_language_is_english() -> None:
    english = {line for message in every_message("en") for line in _lines(message)}
    for language in ("de", "fr", "es"):
        same = {line for message in every_message(language) for line in _lines(message)} & english
        assert {line for line in same if "extension" not in line and "://" not in line} == set()


def _lines(message: Message) -> list[str]:
    return [line for line in message.fallback_text.splitlines() if len(line) > 12]


@pytest.mark.parametrize(("spoken", "read_in"), [("pl", "en"), ("de-AT", "de"), ("fr", "fr")])
def test_people_read_their_own_language_or_the_first_one(spoken: str, read_in: str) -> None:
    assert ask({}, spoken) == ask({}, read_in)


def test_first_vision_explains_how_answers_are_protected() -> None:
    first, second = DEMO.touchpoint("why-now"), DEMO.touchpoint("what-changes")
    assert isinstance(first, Vision)
    assert isinstance(second, Vision)
    (note,) = parts(content.vision(DEMO, first, reader(), KEY), Note)
    assert "groups of 5 or more" in note.text
    assert "groups of 10 or more" in note.text
    assert "A program reads your answers to choose your next message." in note.text
    assert "erased after 12 months" in note.text
    assert parts(content.vision(DEMO, second, reader(), KEY), Note) == []


def test_promise_has_the_numbers_of_the_campaign() -> None:
    promise = {
        "minimum_group": 8,
        "minimum_for_words": 20,
        "period_weeks": 1,
        "erase_after_months": 2,
    }
    text = phrases.confidentiality(definition(confidentiality=promise), "en")
    assert "groups of 8 or more" in text
    assert "groups of 20 or more" in text
    assert "erased after 2 months." in text


def test_vision_loses_its_buttons_and_keeps_its_link_when_it_is_clear() -> None:
    touchpoint = DEMO.touchpoint("what-changes")
    assert isinstance(touchpoint, Vision)
    fresh = content.vision(DEMO, touchpoint, reader(), KEY)
    assert taps(fresh) == [Action.ACKNOWLEDGE, Action.PAUSE]
    seen = content.vision(DEMO, touchpoint, reader(), KEY, acknowledged=True)
    assert taps(seen) == []
    assert "Read more: https://intranet.norden.example/permits/repair-list" in seen.fallback_text
    assert seen.parts[:2] == fresh.parts[:2]


def test_pulse_explains_the_scale_and_the_promise_before_the_first_tap() -> None:
    message = ask({})
    (scale,) = parts(message, Scale)
    assert (scale.question, scale.points) == ("clear", 5)
    assert (scale.low_label, scale.high_label) == ("Strongly disagree", "Strongly agree")
    assert "from 1 (Strongly disagree) to 5 (Strongly agree)" in message.fallback_text
    assert phrases.confidentiality(DEMO, "en") in message.fallback_text
    assert [button.tap for button in buttons(message)] == [
        Tap(Action.SKIP, "clear"),
        Tap(Action.NOT_NOW, value="24"),
    ]


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


def test_follow_up_with_an_invitation_can_be_accepted_once() -> None:
    touchpoint = DEMO.touchpoint("champion")
    assert isinstance(touchpoint, FollowUp)
    fresh = content.follow_up(DEMO, touchpoint, reader("de"), KEY)
    assert taps(fresh) == [Action.ACCEPT, Action.PAUSE]
    assert buttons(fresh)[0].label == "Ja, erzählen Sie mir mehr"
    accepted = content.follow_up(DEMO, touchpoint, reader("de"), KEY, accepted=True)
    assert taps(accepted) == []
    assert "Niemand sonst erfährt davon" in accepted.fallback_text


def test_follow_up_says_that_a_program_chose_it_and_not_why() -> None:
    for touchpoint in DEMO.campaign.touchpoints:
        if isinstance(touchpoint, FollowUp):
            text = content.follow_up(DEMO, touchpoint, reader(), KEY).fallback_text
            assert "A program chose this message for you." in text
            assert "nobody else learns that you got it" in text


def test_help_lists_all_contacts_and_says_that_nobody_was_told() -> None:
    message = content.help_message(DEMO, reader(), KEY)
    (facts,) = parts(message, Facts)
    assert [contact for _, contact in facts.facts] == [
        f"Tel. {number}" for number in (4444, 4450, 4455, 4460)
    ]
    assert "No manager sees it, and nobody was told" in message.fallback_text
    assert "emergency services" in message.fallback_text
    assert buttons(message) == []


def test_reminder_asks_the_question_itself_and_says_that_silence_is_fine() -> None:
    touchpoint = DEMO.touchpoint("pulse-reminder")
    assert isinstance(touchpoint, Reminder)
    message = content.reminder(DEMO, touchpoint, reader(), KEY)
    (scale,) = parts(message, Scale)
    assert scale.question == "clear"
    assert "If not, that is fine too" in message.fallback_text
    assert taps(message) == [Action.SKIP, Action.NOT_NOW]


def test_pause_names_the_day_and_offers_to_resume() -> None:
    until = datetime(2027, 2, 9, 8, 0, tzinfo=UTC)
    message = content.paused(DEMO, reader("fr"), KEY, until)
    assert "mardi 9 février 2027" in message.fallback_text
    assert taps(message) == [Action.RESUME]


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
