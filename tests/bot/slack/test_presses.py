"""What people press in Slack, well or badly: each gets an acknowledgement and a true answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.domain.messages import Action, Tap
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.flows import answering
from campaigns.storage import campaigns, directory
from campaigns.storage.database import Database
from tests.bot.slack.office import Office, office
from tests.slack.payloads import find
from tests.slack.workspace import Message

WORDS = "Nobody has time for this, honestly."


@pytest.fixture
def at(sqlite_database: Database, now: datetime) -> Iterator[Office]:
    with office(sqlite_database, now, "P1", "P2") as found:
        yield found


@pytest.fixture
def person(at: Office) -> Person:
    return at.person()


def n_given(at: Office, person: Person) -> int:
    pulse = at.scene.outbox(person)[0]
    with at.scene.database.read() as c:
        return len(answering.given(c, pulse.id))


def button(message: Message, label: str) -> dict[str, Any]:
    """The element with that label, as Slack shows it."""
    _, found = find(message.blocks, label)
    return found


def forged(message: Message, value: str) -> Message:
    """The same message, as if its first button were another."""
    blocks: list[dict[str, Any]] = [
        {
            "type": "actions",
            "block_id": "b",
            "elements": [
                {
                    "type": "button",
                    "action_id": "answer_1",
                    "text": {"type": "plain_text", "text": "Press"},
                    "value": value,
                }
            ],
        }
    ]
    return Message(message.channel, message.ts, message.text, blocks)


def test_a_double_tap_counts_once_and_is_told_kindly(at: Office, person: Person) -> None:
    first = at.pulse(person)
    taps = [at.slack.tap("U0P1", first, "2", wait=False) for _ in range(3)]
    assert all(one.wait().acked for one in taps)
    at.whispered(person, "You already answered this one")
    at.reads(person, "What is in your way?")
    assert n_given(at, person) == 1


def test_the_same_envelope_twice_counts_once(at: Office, person: Person) -> None:
    first = at.pulse(person)
    at.slack.faults.add("interactive", "duplicated", 1)
    assert at.slack.tap("U0P1", first, "2").acked
    at.reads(person, "What is in your way?")
    assert n_given(at, person) == 1
    assert not any(one.only_for for one in at.slack.messages("U0P1"))


def test_an_old_message_says_where_things_stand_when_it_is_pressed(
    at: Office, person: Person
) -> None:
    pulse = at.pulse(person)
    at.scene.now += timedelta(days=2)
    asked = at.scene.outbox(person)[0]
    at.deliver(at.scene.put(person, "nudge", Kind.REMINDER, subject_id=asked.id))
    assert at.slack.tap("U0P1", pulse, "2").acked
    at.slack.until(lambda: "in a newer message" in at.slack.messages("U0P1")[0].text)
    assert n_given(at, person) == 1  # what was pressed counts, wherever it was pressed


def test_a_closed_pulse_says_so_when_it_is_pressed(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    at.scene.now += timedelta(days=7)
    assert at.slack.tap("U0P1", pulse, "2").acked
    at.whispered(person, "These questions are closed. Nothing was saved.")
    at.slack.until(lambda: "These questions are closed" in at.slack.messages("U0P1")[0].text)
    assert n_given(at, person) == 0


def test_an_expired_button_asks_to_wait_for_the_next_message(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    at.scene.now += timedelta(days=31)
    assert at.slack.tap("U0P1", pulse, "2").acked
    at.whispered(person, "This button is too old.")


@pytest.mark.parametrize("value", ["", "x", "gAAAA" + "b" * 200, "\x00", "y" * 2000])
def test_a_forged_button_is_refused_politely(at: Office, person: Person, value: str) -> None:
    pulse = at.pulse(person)
    assert at.slack.tap("U0P1", forged(pulse, value), "answer_1").acked
    at.whispered(person, "This button is not one of ours.")


def test_another_persons_button_does_nothing(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    other = at.person("P2")
    at.pulse(other)
    stolen = button(pulse, "2")["value"]
    assert at.slack.tap("U0P2", forged(at.newest(other), stolen), "answer_1").acked
    at.whispered(other, "This message is no longer there.")
    assert n_given(at, person) == 0


def test_a_stranger_gets_an_answer_too(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    with at.scene.database.write() as c:
        directory.deactivate(c, [person.id])
    assert at.slack.tap("U0P1", pulse, "2").acked
    at.whispered(person, "This message is no longer there.")


def test_an_unknown_action_is_acknowledged(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    odd = forged(pulse, "nothing of ours")
    odd.blocks[0]["elements"][0]["action_id"] = "what-is-this"
    assert at.slack.tap("U0P1", odd, "what-is-this").acked


@pytest.mark.parametrize("kind", ["shortcut", "message_action", "block_suggestion", "nonsense"])
def test_what_nobody_asked_for_is_acknowledged(at: Office, person: Person, kind: str) -> None:
    at.pulse(person)
    payload = {"type": kind, "user": {"id": "U0P1"}, "trigger_id": "1.2.3", "callback_id": WORDS}
    assert at.slack.wire.deliver("interactive", payload).wait().acked


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": [{"action_id": "a"}], "user": {"id": WORDS + "\x00"}},
        {"type": "view_submission"},
        {"type": "view_submission", "view": {"state": WORDS}},
        {"type": "view_submission", "view": {"private_metadata": WORDS, "callback_id": "x"}},
    ],
)
def test_a_malformed_envelope_is_acknowledged_and_logged_without_words(
    at: Office, payload: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert at.slack.wire.deliver("interactive", payload).wait().acked
    assert WORDS not in caplog.text


def test_a_press_that_can_not_be_stored_is_acknowledged_and_the_person_told(
    at: Office, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    pulse = at.pulse(person)

    with at.without_database():
        sent = at.slack.tap("U0P1", pulse, "2")
    assert sent.acked
    at.whispered(person, "Sorry, that was our fault.")
    assert "A press was not stored" in caplog.text


def test_not_now_asks_again_when_it_suits(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    assert at.slack.select("U0P1", pulse, "not_now_7", "72").acked
    at.reads(person, "You said “not now”")
    [again] = [one for one in at.scene.outbox(person) if one.once.startswith("later:")]
    assert again.due_at == at.now() + timedelta(hours=72)


def test_fewer_messages_are_promised_and_kept(at: Office, person: Person) -> None:
    vision = at.deliver(at.scene.put(person, "vision", Kind.VISION))
    assert at.slack.tap("U0P1", vision, "Fewer messages").acked
    at.whispered(person, "one message a week at the most")
    with at.scene.database.read() as c:
        assert directory.person(c, person.id).per_week == 1


def test_pause_shows_the_way_back(at: Office, person: Person) -> None:
    vision = at.deliver(at.scene.put(person, "vision", Kind.VISION))
    assert at.slack.tap("U0P1", vision, "Pause messages").acked
    paused = at.reads(person, "Your messages are paused until")
    assert at.slack.tap("U0P1", paused, "Resume messages").acked
    at.slack.until(lambda: "are paused" not in at.newest(person).text)


def test_a_reply_that_does_not_get_through_edits_the_message_the_slow_way(
    at: Office, person: Person
) -> None:
    pulse = at.pulse(person)
    element = button(pulse, "2")
    payload = at.slack.payloads.tap("U0P1", pulse, element | {"block_id": "b"})
    payload["response_url"] += "0"
    assert at.slack.wire.deliver("interactive", payload).wait().acked
    at.reads(person, "What is in your way?")
    assert at.slack.calls("chat.update")


def test_the_campaign_that_ended_says_so(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    with at.scene.database.write() as c:
        campaigns.set_state(c, at.scene.campaign.id, campaigns.STOPPED, at.now())
    assert at.slack.tap("U0P1", pulse, "2").acked
    at.whispered(person, "These messages have ended. Nothing was saved.")


def test_every_tap_of_a_message_opens_to_what_its_button_says(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    assert at.tokens.open(button(pulse, "2")["value"]).tap == Tap(Action.ANSWER, "ready", "2")
