"""An answer is stored before it is acknowledged, once, and whatever can't be is refused kindly."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.domain.messages import Action
from campaigns.domain.outbox import Kind, State
from campaigns.flows import answering
from campaigns.flows.answering import MAX_TEXT, Recorded, Refusal, clean
from campaigns.storage import campaigns
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import answers
from campaigns.storage.vault import Vault, new_key
from tests.scene import Scene, event

VAULT = Vault([new_key()])


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now)


def record(scene: Scene, delivery: Delivery, action: Action, *args: Any, **more: Any) -> Recorded:
    return answering.record(
        scene.database, VAULT, event(delivery, action, *args, **more), scene.now
    )


def rows(scene: Scene) -> list[Any]:
    with scene.database.read() as connection:
        return list(connection.execute(select(answers).order_by(answers.c.id)))


def given_to(scene: Scene, delivery: Delivery) -> dict[str, int | str | None]:
    with scene.database.read() as connection:
        return answering.given(connection, delivery.id)


def test_record_stores_a_point_with_the_team_of_now_when_it_is_on_the_scale(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    assert record(scene, pulse, Action.ANSWER, "ready", "2") == Recorded("scale")
    [row] = rows(scene)
    assert (row.kind, row.number, row.choice, row.words) == ("scale", 2, None, None)
    assert (row.person_id, row.team_id) == (person.id, scene.team_id)
    assert (row.campaign_id, row.answered_at, row.scoring) == (scene.campaign.id, scene.now, "")


def test_record_encrypts_words_and_leaves_them_to_the_model_when_a_text_comes(
    scene: Scene,
) -> None:
    pulse = scene.pulse(scene.person())
    words = "Nobody told us\x00 anything."
    assert record(scene, pulse, Action.WRITE, "why", text=words) == Recorded("text")
    [row] = rows(scene)
    assert b"Nobody" not in row.words
    assert VAULT.decrypt(row.words) == "Nobody told us anything."
    assert (row.kind, row.scoring) == ("text", "pending")


@pytest.mark.parametrize("text", [None, "", "   \n\t ", "\x00\x07"])
def test_record_counts_an_empty_text_as_a_skip_when_it_is_sent(
    scene: Scene, text: str | None
) -> None:
    pulse = scene.pulse(scene.person())
    assert record(scene, pulse, Action.WRITE, "why", text=text) == Recorded("skip")
    assert [(row.kind, row.words, row.scoring) for row in rows(scene)] == [("skip", None, "")]


def test_given_tells_each_kind_apart_when_all_were_answered(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    record(scene, pulse, Action.ANSWER, "ready", "3")
    record(scene, pulse, Action.ANSWER, "hurdle", "time")
    record(scene, pulse, Action.WRITE, "why", text="Too little time.")
    assert given_to(scene, pulse) == {"ready": 3, "hurdle": "time", "why": ""}
    other = scene.pulse(scene.person("P2"))
    record(scene, other, Action.SKIP, "ready")
    assert given_to(scene, other) == {"ready": None}


def test_record_keeps_the_first_answer_when_the_button_is_pressed_again(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    record(scene, pulse, Action.ANSWER, "ready", "2")
    again = record(scene, pulse, Action.ANSWER, "ready", "5")
    assert again == Recorded(refusal=Refusal.ALREADY)
    assert record(scene, pulse, Action.SKIP, "ready").refusal is Refusal.ALREADY
    assert [row.number for row in rows(scene)] == [2]


def test_record_stores_one_answer_when_many_presses_arrive_at_once(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    with ThreadPoolExecutor(4) as pool:
        presses = [
            pool.submit(record, scene, pulse, Action.ANSWER, "ready", str(1 + i % 5))
            for i in range(8)
        ]
        outcomes = [press.result() for press in presses]
    assert len(rows(scene)) == 1
    assert sorted(str(one.refusal) for one in outcomes) == ["None"] + ["already"] * 7


@pytest.mark.parametrize(
    ("action", "question", "value", "refusal"),
    [
        (Action.ANSWER, "ready", "0", Refusal.NOT_AN_ANSWER),
        (Action.ANSWER, "ready", "6", Refusal.NOT_AN_ANSWER),
        (Action.ANSWER, "ready", "-1", Refusal.NOT_AN_ANSWER),
        (Action.ANSWER, "ready", "2.0", Refusal.NOT_AN_ANSWER),
        (Action.ANSWER, "ready", "²", Refusal.NOT_AN_ANSWER),
        (Action.ANSWER, "ready", " 2", Refusal.NOT_AN_ANSWER),
        (Action.ANSWER, "ready", "", Refusal.NOT_AN_ANSWER),
        (Action.ANSWER, "why", "2", Refusal.NOT_ASKED),
        (Action.WRITE, "ready", "", Refusal.NOT_ASKED),
        (Action.ANSWER, "hurdle", "time", Refusal.NOT_ASKED),  # its condition is open
        (Action.ANSWER, "no-such-question", "1", Refusal.NOT_ASKED),
        (Action.SKIP, "", "", Refusal.NOT_ASKED),
        (Action.ACKNOWLEDGE, "", "", Refusal.NOT_ASKED),
        (Action.ACCEPT, "", "", Refusal.NOT_ASKED),
        (Action.TAKE, "", "1", Refusal.NOT_ASKED),
    ],
)
def test_record_refuses_when_the_pulse_does_not_ask_that(
    scene: Scene, action: Action, question: str, value: str, refusal: Refusal
) -> None:
    pulse = scene.pulse(scene.person())
    assert record(scene, pulse, action, question, value, text="x") == Recorded(refusal=refusal)
    assert rows(scene) == []


def test_record_refuses_an_option_when_there_is_no_such_one(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    record(scene, pulse, Action.ANSWER, "ready", "1")
    for value in ("money", "", "Time"):
        refused = record(scene, pulse, Action.ANSWER, "hurdle", value)
        assert refused.refusal is Refusal.NOT_AN_ANSWER
    assert record(scene, pulse, Action.ANSWER, "hurdle", "skill") == Recorded("choice")


def test_record_refuses_a_question_when_an_earlier_answer_rules_it_out(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    record(scene, pulse, Action.ANSWER, "ready", "4")
    refused = record(scene, pulse, Action.ANSWER, "hurdle", "time")
    assert refused.refusal is Refusal.NOT_ASKED


def test_record_refuses_when_the_delivery_is_another_persons_or_none(scene: Scene) -> None:
    pulse, other = scene.pulse(scene.person("P1")), scene.person("P2")
    refused = record(scene, pulse, Action.ANSWER, "ready", "2", person_id=other.id)
    assert refused.refusal is Refusal.UNKNOWN
    gone = event(pulse, Action.ANSWER, "ready", "2")
    gone = type(gone)(gone.person_id, "f" * 32, gone.tap)
    outcome = answering.record(scene.database, VAULT, gone, scene.now)
    assert outcome.refusal is Refusal.UNKNOWN
    assert rows(scene) == []


def test_record_refuses_when_the_pulse_is_closed(scene: Scene) -> None:
    pulse = scene.pulse(scene.person(), closes_at=scene.now)
    refused = record(scene, pulse, Action.ANSWER, "ready", "2")
    assert refused.refusal is Refusal.CLOSED


def test_record_takes_an_answer_when_the_campaign_is_paused_but_not_when_it_is_stopped(
    scene: Scene,
) -> None:
    pulse = scene.pulse(scene.person())
    with scene.database.write() as connection:
        campaigns.set_state(connection, scene.campaign.id, campaigns.PAUSED, scene.now)
    assert record(scene, pulse, Action.ANSWER, "ready", "2") == Recorded("scale")
    with scene.database.write() as connection:
        campaigns.set_state(connection, scene.campaign.id, campaigns.STOPPED, scene.now)
    refused = record(scene, pulse, Action.WRITE, "why", text="Too late")
    assert refused.refusal is Refusal.STOPPED


def test_record_counts_for_the_pulse_when_its_reminder_is_answered(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    nudge = scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id)
    assert record(scene, nudge, Action.ANSWER, "ready", "2") == Recorded("scale")
    assert given_to(scene, pulse) == {"ready": 2}
    refused = record(scene, pulse, Action.ANSWER, "ready", "3")
    assert refused.refusal is Refusal.ALREADY


def test_record_cancels_only_the_reminders_of_that_pulse_when_an_answer_comes(
    scene: Scene,
) -> None:
    person = scene.person()
    pulse, other = scene.pulse(person, once="a"), scene.pulse(person, once="b")
    later = {"state": State.PENDING, "due_at": scene.now + timedelta(days=2)}
    about = scene.put(person, "nudge", Kind.REMINDER, once="c", subject_id=pulse.id, **later)
    apart = scene.put(person, "nudge", Kind.REMINDER, once="d", subject_id=other.id, **later)
    record(scene, pulse, Action.SKIP, "ready")
    states = {delivery.id: delivery.state for delivery in scene.outbox(person)}
    assert (states[about.id], states[apart.id]) == (State.CANCELLED, State.PENDING)


def test_record_keeps_reminders_when_it_refuses(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    nudge = scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id, state=State.PENDING)
    record(scene, pulse, Action.ANSWER, "ready", "9")
    states = {delivery.id: delivery.state for delivery in scene.outbox(person)}
    assert states[nudge.id] is State.PENDING


@pytest.mark.parametrize(
    ("touchpoint", "kind", "action", "outcome"),
    [
        ("vision", Kind.VISION, Action.ACKNOWLEDGE, Recorded("ack")),
        ("vision", Kind.VISION, Action.ACCEPT, Recorded(refusal=Refusal.NOT_ASKED)),
        ("vision", Kind.VISION, Action.SKIP, Recorded(refusal=Refusal.NOT_ASKED)),
        ("training", Kind.FOLLOW_UP, Action.ACCEPT, Recorded("accept")),
        ("training", Kind.FOLLOW_UP, Action.ACKNOWLEDGE, Recorded("ack")),
        ("talk", Kind.FOLLOW_UP, Action.ACCEPT, Recorded(refusal=Refusal.NOT_ASKED)),
        ("", Kind.HELP, Action.ACKNOWLEDGE, Recorded(refusal=Refusal.NOT_ASKED)),
        ("", Kind.HELP, Action.ANSWER, Recorded(refusal=Refusal.NOT_ASKED)),
    ],
)
def test_record_takes_a_yes_only_when_the_message_asks_for_one(
    scene: Scene, touchpoint: str, kind: Kind, action: Action, outcome: Recorded
) -> None:
    delivery = scene.put(scene.person(), touchpoint, kind)
    assert record(scene, delivery, action, "ready", "1") == outcome
    stored = [outcome.kind] if outcome.kind else []
    assert [row.question for row in rows(scene)] == stored
    if stored:
        assert record(scene, delivery, action).refusal is Refusal.ALREADY


@given(st.text(max_size=1500) | st.text("ab \n", min_size=900, max_size=2500))
def test_clean_gives_a_text_that_can_be_stored_when_anything_comes(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= MAX_TEXT
    assert cleaned == cleaned.strip()
    cleaned.encode()
    assert not any(ord(sign) < 32 and sign != "\n" for sign in cleaned)
    assert clean(cleaned) == cleaned


def test_clean_cuts_at_a_word_when_a_text_is_too_long() -> None:
    assert clean("word " * 300) == ("word " * 200).rstrip()
    assert clean("x" * 1500) == "x" * 1000
    assert clean("a" * 400 + " " + "b" * 900) == "a" * 400


def test_clean_keeps_what_people_type_when_it_is_in_order() -> None:
    text = "Größer, schöner – 👩🏽‍💻 “ja”\n\nund: नमस्ते"
    assert clean(text.replace("\n", "\r\n")) == text
