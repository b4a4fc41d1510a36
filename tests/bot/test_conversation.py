"""A press in any chat: stored, shown in its new shape, answered with a short word."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from campaigns.domain.lanes import Lane
from campaigns.domain.messages import Action, Event, Message, Scale, Tap, TextBox
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.errors import RetryLaterError
from campaigns.flows import answering
from campaigns.storage import campaigns, directory, lanes
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from tests.bot.chat import Chat
from tests.scene import Scene, event


@pytest.fixture
def person(chat: Chat) -> Person:
    return chat.scene.person()


@pytest.fixture
def pulse(chat: Chat, person: Person) -> Delivery:
    return chat.send(chat.scene.pulse(person), person)


def asked(message: Message | None) -> list[str]:
    parts = message.parts if message else ()
    found = [part.question for part in parts if isinstance(part, Scale | TextBox)]
    return [question for question in found if question]  # the form to ask something has none


def test_handle_shows_the_next_question_when_one_was_answered(chat: Chat, pulse: Delivery) -> None:
    outcome = chat.press(pulse, Action.ANSWER, "ready", "5")
    assert outcome.toast == "Saved. Thank you."
    assert asked(outcome.message) == ["why"]
    assert chat.reads(pulse) == outcome.message


def test_handle_says_so_and_changes_nothing_when_a_button_is_pressed_twice(
    chat: Chat, pulse: Delivery
) -> None:
    chat.press(pulse, Action.ANSWER, "ready", "5")
    again = chat.press(pulse, Action.ANSWER, "ready", "1")
    assert again.toast == "You already answered this one; your first answer counts."
    assert asked(again.message) == ["why"]


def test_handle_never_repeats_an_answer_when_it_replies(chat: Chat, pulse: Delivery) -> None:
    chat.press(pulse, Action.ANSWER, "ready", "5")
    outcome = chat.press(pulse, Action.WRITE, "why", text="Unforgettable words.")
    assert "Unforgettable" not in repr(outcome) + repr(chat.messenger)
    assert asked(outcome.message) == []


@pytest.mark.parametrize(
    ("action", "text", "toast"),
    [
        (Action.SKIP, None, "Skipped. Nobody is told."),
        (Action.WRITE, "  ", "Skipped. Nobody is told."),
        (Action.WRITE, "Too much work.", "Saved. Thank you."),
    ],
)
def test_handle_says_what_was_stored_when_words_come_or_not(
    chat: Chat, pulse: Delivery, action: Action, text: str | None, toast: str
) -> None:
    assert chat.press(pulse, action, "why", text=text).toast == toast


def test_handle_replies_in_the_persons_language_when_it_is_not_english(chat: Chat) -> None:
    person = chat.scene.person("P5", language="de")
    pulse = chat.send(chat.scene.pulse(person), person)
    outcome = chat.press(pulse, Action.ANSWER, "ready", "9")
    assert outcome.message is not None
    assert outcome.message.language == "de"


def test_handle_shows_that_it_is_closed_when_the_answer_comes_too_late(
    chat: Chat, pulse: Delivery
) -> None:
    chat.scene.now += timedelta(days=6)
    outcome = chat.press(pulse, Action.ANSWER, "ready", "5")
    assert outcome.toast == "These questions are closed. Nothing was saved."
    assert asked(outcome.message) == []
    assert chat.reads(pulse) == outcome.message


def test_handle_says_that_the_campaign_ended_when_it_was_stopped(
    chat: Chat, pulse: Delivery
) -> None:
    with chat.scene.database.write() as connection:
        campaigns.set_state(connection, chat.scene.campaign.id, campaigns.STOPPED, chat.scene.now)
    outcome = chat.press(pulse, Action.ANSWER, "ready", "5")
    assert outcome.toast == "These messages have ended. Nothing was saved."


@pytest.mark.parametrize("action", list(Action))
def test_handle_shows_nothing_when_the_message_is_another_persons(
    chat: Chat, pulse: Delivery, action: Action
) -> None:
    other = chat.scene.person("P2")
    before = chat.reads(pulse)
    outcome = chat.press(pulse, action, "ready", "2", text="x", person_id=other.id)
    assert outcome.message is None
    assert outcome.toast
    assert chat.reads(pulse) == before


@pytest.mark.parametrize("action", list(Action))
def test_handle_stays_polite_when_the_person_or_the_message_is_unknown(
    chat: Chat, pulse: Delivery, action: Action
) -> None:
    tap = Tap(action, "ready", "2")
    for strange in (Event(999, pulse.key, tap, "x"), Event(pulse.person_id, "f" * 32, tap, "x")):
        outcome = chat.conversation.handle(strange)
        assert outcome.message is None
        assert outcome.toast


def test_handle_stores_nothing_when_the_person_has_left(
    chat: Chat, person: Person, pulse: Delivery
) -> None:
    with chat.scene.database.write() as connection:
        directory.deactivate(connection, [person.id])
    assert chat.press(pulse, Action.ANSWER, "ready", "5").message is None
    with chat.scene.database.read() as connection:
        assert answering.given(connection, pulse.id) == {}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("subject_is_gone", [False, True])
def test_handle_never_raises_when_any_press_comes_under_any_message(
    sqlite_database: Database, now: datetime, kind: Kind, subject_is_gone: bool
) -> None:
    chat = Chat(Scene(sqlite_database, now))
    person = chat.scene.person()
    subject_id = 999 if subject_is_gone else chat.scene.pulse(person).id
    touchpoint = {
        "vision": "vision",
        "pulse": "pulse",
        "reminder": "nudge",
        "follow_up": "training",
    }
    under = chat.scene.put(
        person, touchpoint.get(kind, ""), kind, once="other", subject_id=subject_id
    )
    values = ["", "-1", "9" * 50, "1|", "x|y", "²"]
    for action, value, text in itertools.product(Action, values, (None, "\x00\ud800")):
        assert chat.press(under, action, "ready", value, text=text).toast


def test_handle_updates_the_pulse_too_when_its_reminder_is_answered(
    chat: Chat, person: Person, pulse: Delivery
) -> None:
    reminders = [
        chat.send(
            chat.scene.put(person, "nudge", Kind.REMINDER, once=once, subject_id=pulse.id), person
        )
        for once in ("a", "b")
    ]
    outcome = chat.press(reminders[0], Action.ANSWER, "ready", "5")
    assert outcome.message == chat.reads(reminders[0])
    assert [asked(chat.reads(one)) for one in (pulse, *reminders)] == [[], [], ["why"]]


def test_handle_thanks_when_a_message_is_acknowledged_or_accepted(
    chat: Chat, person: Person
) -> None:
    vision = chat.send(chat.scene.put(person, "vision", Kind.VISION), person)
    training = chat.send(chat.scene.put(person, "training", Kind.FOLLOW_UP), person)
    assert chat.press(vision, Action.ACKNOWLEDGE).toast == "Thank you."
    assert chat.press(training, Action.ACCEPT).toast == "Thank you. Nobody else is told."
    assert "ACCEPT" not in repr(chat.reads(training))


def test_handle_asks_later_when_told_not_now(chat: Chat, person: Person, pulse: Delivery) -> None:
    outcome = chat.press(pulse, Action.NOT_NOW, value="24")
    assert outcome.toast == "All right, later. Nobody is told."
    assert asked(outcome.message) == ["ready"]
    assert [one.kind for one in chat.scene.outbox(person)] == [Kind.PULSE, Kind.REMINDER]


def test_handle_offers_the_way_back_when_messages_are_paused(
    chat: Chat, person: Person, pulse: Delivery
) -> None:
    outcome = chat.press(pulse, Action.PAUSE, value="28")
    assert outcome.toast.startswith("Your messages are paused until Tuesday")
    assert outcome.toast.endswith("9 February 2027.")
    assert "RESUME" in repr(chat.reads(pulse))
    assert asked(outcome.message) == ["ready"]
    outcome = chat.press(pulse, Action.RESUME)
    assert outcome.toast == "Your messages are on again."
    assert "RESUME" not in repr(chat.reads(pulse))
    with chat.scene.database.read() as connection:
        assert directory.person(connection, person.id).paused_until is None


def test_handle_pauses_when_the_wish_belongs_to_no_message(chat: Chat, person: Person) -> None:
    outcome = chat.conversation.handle(Event(person.id, "", Tap(Action.PAUSE, value="28")))
    assert outcome.message is None
    assert outcome.toast.startswith("Your messages are paused")


def test_handle_keeps_the_answer_when_the_platform_is_busy(
    chat: Chat, pulse: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    chat.messenger.failures = [RetryLaterError("busy")]
    outcome = chat.press(pulse, Action.ANSWER, "ready", "5")
    assert asked(outcome.message) == ["why"]
    assert asked(chat.reads(pulse)) == ["ready"]
    assert "RetryLaterError" in caplog.text
    chat.press(pulse, Action.ANSWER, "ready", "5")
    assert asked(chat.reads(pulse)) == ["why"]


def test_handle_keeps_the_wish_apart_when_two_people_press_alike(chat: Chat) -> None:
    pulses = []
    for name in ("P1", "P2"):
        person = chat.scene.person(name)
        pulses.append(chat.send(chat.scene.pulse(person), person))
    outcome = chat.press(pulses[0], Action.ANSWER, "ready", "5")
    assert outcome.message is not None
    assert asked(chat.reads(pulses[1])) == ["ready"]
    assert replace(outcome.message, key="") != replace(chat.reads(pulses[1]), key="")


def test_handle_asks_later_at_the_time_that_was_chosen(
    chat: Chat, person: Person, pulse: Delivery
) -> None:
    chat.press(pulse, Action.NOT_NOW, text="72")
    later = chat.scene.outbox(person)[-1]
    assert later.due_at == chat.scene.now + timedelta(hours=72)


def test_handle_leaves_the_message_to_the_chat_that_shows_it_itself(
    chat: Chat, pulse: Delivery
) -> None:
    wish = event(pulse, Action.ANSWER, "ready", "5")
    outcome = chat.conversation.handle(wish, shows_itself=True)
    assert asked(outcome.message) == ["why"]
    assert asked(chat.reads(pulse)) == ["ready"]


def test_handle_counts_a_press_as_of_the_moment_it_came(chat: Chat, pulse: Delivery) -> None:
    pressed_at = chat.scene.now
    chat.scene.now += timedelta(days=6)
    outcome = chat.conversation.handle(event(pulse, Action.ANSWER, "ready", "5"), pressed_at)
    assert not outcome.refused
    assert "These questions are closed" in chat.reads(pulse).fallback_text


def test_handle_tells_what_is_held_and_changes_nothing(
    chat: Chat, person: Person, pulse: Delivery
) -> None:
    outcome = chat.press(pulse, Action.HELD)
    assert outcome.message is None
    assert outcome.aside is not None
    assert person.name in outcome.aside.fallback_text


def test_handle_edits_other_messages_only_as_fast_as_the_platform_takes_it(
    chat: Chat, person: Person, pulse: Delivery
) -> None:
    lane = Lane("slack:chat.update", 20)
    chat.messenger.lanes = {"update": lane}
    nudge = chat.scene.put(
        person, "nudge", Kind.REMINDER, subject_id=pulse.id, external_id="m2", once="nudge"
    )
    chat.send(nudge, person)
    with chat.scene.database.write() as connection:
        while lanes.take(connection, lane, Kind.PULSE, chat.scene.now):
            pass
    outcome = chat.conversation.handle(event(nudge, Action.ANSWER, "ready", "5"), shows_itself=True)
    assert asked(outcome.message) == ["why"]
    assert asked(chat.reads(pulse)) == ["ready"]
