"""A message is composed anew at each look: what is open, answered, closed, said yes to."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.domain.definition import Definition
from campaigns.domain.messages import Action, Message, Scale, TextBox
from campaigns.domain.outbox import Kind, State
from campaigns.errors import NotFoundError
from campaigns.flows import answering, planning
from campaigns.flows.composing import compose
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault, new_key
from tests.scene import Scene, event

VAULT = Vault([new_key()])


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now)


def composed(scene: Scene, delivery: Delivery, after: timedelta = timedelta(0)) -> Message:
    with scene.database.read() as connection:
        return compose(connection, delivery, scene.now + after)


def answer(scene: Scene, delivery: Delivery, action: Action, *args: Any, **more: Any) -> None:
    done = answering.record(
        scene.database, VAULT, event(delivery, action, *args, **more), scene.now
    )
    assert done.refusal is None


def asked(message: Message) -> list[str]:
    found = [part.question for part in message.parts if isinstance(part, Scale | TextBox)]
    return [question for question in found if question]  # the form to ask something has none


def can(message: Message, action: Action) -> bool:
    return f'"{action}"' in repr(message).replace("'", '"')


def test_compose_asks_the_next_question_when_one_was_answered(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    assert asked(composed(scene, pulse)) == ["ready"]
    answer(scene, pulse, Action.ANSWER, "ready", "5")
    assert asked(composed(scene, pulse)) == ["why"]
    answer(scene, pulse, Action.WRITE, "why", text="It is fine as it is.")
    assert asked(composed(scene, pulse)) == []


@pytest.mark.parametrize("state", [State.DOUBTFUL, State.SENDING])
def test_compose_asks_what_is_open_when_it_is_not_known_whether_it_arrived(
    scene: Scene, state: State
) -> None:
    pulse = scene.pulse(scene.person())
    answer(scene, pulse, Action.ANSWER, "ready", "5")
    assert asked(composed(scene, replace(pulse, state=state, sent_at=None))) == ["why"]


def test_compose_never_shows_an_answer_when_all_are_given(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    answer(scene, pulse, Action.ANSWER, "ready", "5")
    answer(scene, pulse, Action.WRITE, "why", text="Wholly unforgettable words.")
    assert "unforgettable" not in repr(composed(scene, pulse))


def test_compose_asks_nothing_when_the_pulse_is_closed(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    open_for = timedelta(days=6)
    assert asked(composed(scene, pulse, open_for - timedelta(seconds=1))) == ["ready"]
    assert asked(composed(scene, pulse, open_for)) == []


def test_compose_keys_the_message_by_its_delivery_when_it_is_any_kind(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    for delivery in (
        pulse,
        scene.put(person, "vision", Kind.VISION),
        scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id),
        scene.put(person, "talk", Kind.FOLLOW_UP),
        scene.put(person, "", Kind.HELP),
    ):
        message = composed(scene, delivery)
        assert message.key == delivery.key
        assert message.fallback_text


def test_compose_says_thanks_when_a_vision_message_was_acknowledged(scene: Scene) -> None:
    vision = scene.put(scene.person(), "vision", Kind.VISION)
    before = composed(scene, vision)
    assert can(before, Action.ACKNOWLEDGE)
    answer(scene, vision, Action.ACKNOWLEDGE)
    assert not can(composed(scene, vision), Action.ACKNOWLEDGE)


def test_compose_drops_the_invitation_when_it_was_accepted(scene: Scene) -> None:
    training = scene.put(scene.person(), "training", Kind.FOLLOW_UP)
    assert can(composed(scene, training), Action.ACCEPT)
    answer(scene, training, Action.ACCEPT)
    assert not can(composed(scene, training), Action.ACCEPT)


def test_compose_lets_one_answer_right_there_when_it_reminds(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    nudge = scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id)
    message = composed(scene, nudge)
    assert "There is a short question for you." in message.fallback_text
    assert asked(message) == ["ready"]
    answer(scene, pulse, Action.ANSWER, "ready", "4")
    assert asked(composed(scene, nudge)) == ["why"]


def test_compose_shows_the_pulse_alone_when_the_reminder_was_asked_for(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    before = composed(scene, pulse)
    later = scene.put(person, "", Kind.REMINDER, subject_id=pulse.id)
    assert replace(composed(scene, later), key="") == replace(before, key="")


def test_compose_asks_in_the_newest_message_only_when_there_are_several(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    nudge = scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id)
    assert asked(composed(scene, pulse)) == []
    assert "in a newer message" in composed(scene, pulse).fallback_text
    assert not can(composed(scene, pulse), Action.SKIP)
    last = scene.put(person, "", Kind.REMINDER, once="later", subject_id=pulse.id)
    assert "in a newer message" in composed(scene, nudge).fallback_text
    assert asked(composed(scene, last)) == ["ready"]


def test_compose_lets_the_pulse_ask_while_its_reminder_waits(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id, state=State.PENDING)
    assert asked(composed(scene, pulse)) == ["ready"]
    assert can(composed(scene, pulse), Action.NOT_NOW)


def test_compose_offers_no_second_not_now_when_one_waits(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    wished = {"once": f"later:{pulse.id}:1", "state": State.PENDING}
    later = scene.put(person, "", Kind.REMINDER, subject_id=pulse.id, **wished)
    message = composed(scene, pulse)
    assert asked(message) == ["ready"]
    assert "You said “not now”" in message.fallback_text
    assert can(message, Action.SKIP)
    assert not can(message, Action.NOT_NOW)
    assert can(composed(scene, later), Action.NOT_NOW)


def test_compose_says_nothing_of_a_reminder_that_nobody_asked_for(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    before = composed(scene, pulse)
    more = {"once": f"more:{pulse.id}", "state": State.PENDING}
    scene.put(person, "", Kind.REMINDER, subject_id=pulse.id, **more)
    assert composed(scene, pulse) == before


def test_compose_gives_help_contacts_in_the_persons_language_when_it_helps(scene: Scene) -> None:
    person = scene.person(language="de")
    message = composed(scene, scene.put(person, "", Kind.HELP))
    assert message.language == "de"
    assert "555-0100" in message.fallback_text


@pytest.mark.parametrize(
    ("touchpoint", "kind"),
    [("gone", Kind.VISION), ("", Kind.FOLLOW_UP), ("nudge", Kind.REMINDER), ("", Kind.ALERT)],
)
def test_compose_refuses_when_the_text_is_gone(scene: Scene, touchpoint: str, kind: Kind) -> None:
    delivery = scene.put(scene.person(), touchpoint, kind)
    with pytest.raises(NotFoundError):
        composed(scene, delivery)


def test_compose_keeps_to_the_words_that_were_sent_when_the_campaign_was_edited(
    scene: Scene,
) -> None:
    sent = scene.put(scene.person(), "vision", Kind.VISION)
    edited = scene.campaign.definition.model_dump(mode="json", by_alias=True)
    edited["campaign"]["touchpoints"][0]["title"] = "Another title"
    launched = planning.launch(scene.database, Definition.model_validate(edited), scene.now)
    assert launched.number == 2
    text = composed(scene, sent).fallback_text
    assert "One portal" in text
    assert "Another title" not in text
