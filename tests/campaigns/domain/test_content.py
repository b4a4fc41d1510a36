"""What people read: in their language, with the promise before the first tap, within the limits."""

from datetime import UTC, datetime

import pytest

from campaigns.domain import content, phrases
from campaigns.domain.definition import FollowUp, Pulse, Reminder, Vision
from campaigns.domain.messages import (
    Action,
    Actions,
    Facts,
    Heading,
    Link,
    Message,
    Note,
    Scale,
    Text,
    TextBox,
    dump,
    load,
)
from campaigns.domain.needing import help_message
from tests.campaigns.domain.reader import DEMO, KEY, PULSE, buttons, parts, reader, taps
from tests.scene import definition


def every_message(language: str) -> list[Message]:
    """One of each kind and state, for a reader of that language."""
    someone = reader(language)
    assert isinstance(PULSE, Pulse)
    found = [
        help_message(DEMO, someone, KEY),
        help_message(DEMO, someone, KEY, "Ada"),
        help_message(DEMO, someone, KEY, "Ada", asked=True),
        content.moved(DEMO, PULSE, someone, KEY),
    ]
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


def test_promise_is_read_before_the_first_press() -> None:
    assert isinstance(PULSE, Pulse)
    someone = reader("en")
    [first, *_] = [one for one in DEMO.campaign.touchpoints if isinstance(one, Vision)]
    promise = phrases.confidentiality(DEMO, "en")
    for shown in (
        content.vision(DEMO, first, someone, KEY, acknowledged=False),
        content.pulse(DEMO, PULSE, someone, KEY, {}, closed=False),
    ):
        kinds = [type(part) for part in shown.parts]
        pressed = min(kinds.index(one) for one in (Actions, Scale) if one in kinds)
        above = [part.text for part in shown.parts[:pressed] if isinstance(part, Note)]
        assert any(promise in text for text in above)


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
    assert "everybody else in them can see" not in text


def test_promise_says_so_where_everybody_sees_results() -> None:
    promise = {"staff_see_results": True}
    text = phrases.confidentiality(definition(confidentiality=promise), "en")
    assert "groups of 6 or more" in text
    assert "groups of 11 or more" in text
    assert "you and everybody else in them can see" in text


def test_vision_loses_its_buttons_and_keeps_its_link_when_it_is_clear() -> None:
    touchpoint = DEMO.touchpoint("what-changes")
    assert isinstance(touchpoint, Vision)
    fresh = content.vision(DEMO, touchpoint, reader(), KEY)
    assert taps(fresh) == [Action.ACKNOWLEDGE, Action.PAUSE, Action.FEWER]
    seen = content.vision(DEMO, touchpoint, reader(), KEY, acknowledged=True)
    assert taps(seen) == []
    assert "Read more: https://intranet.norden.example/permits/repair-list" in seen.fallback_text
    assert seen.parts[:2] == fresh.parts[:2]


def test_follow_up_with_an_invitation_can_be_accepted_once() -> None:
    touchpoint = DEMO.touchpoint("champion")
    assert isinstance(touchpoint, FollowUp)
    fresh = content.follow_up(DEMO, touchpoint, reader("de"), KEY)
    assert taps(fresh) == [Action.ACCEPT, Action.PAUSE, Action.FEWER]
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
    message = help_message(DEMO, reader(), KEY)
    (facts,) = parts(message, Facts)
    assert [contact for _, contact in facts.facts] == [
        f"Tel. {number}" for number in (4444, 4450, 4455, 4460)
    ]
    assert "No manager sees it, and nobody was told" in message.fallback_text
    assert "emergency services" in message.fallback_text
    assert buttons(message) == []


def test_pause_names_the_day_and_offers_to_resume() -> None:
    until = datetime(2027, 2, 9, 8, 0, tzinfo=UTC)
    message = content.paused(DEMO, reader("fr"), KEY, until)
    assert "mardi 9 février 2027" in message.fallback_text
    assert taps(message) == [Action.RESUME]
