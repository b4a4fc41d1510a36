"""Silence is followed up once a closed pulse, to the person alone, and never listed."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from campaigns.domain.messages import Action
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.flows import answering, noticing
from campaigns.flows.noticing import notice_silence
from campaigns.storage import campaigns, directory
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import decisions
from campaigns.storage.vault import Vault, new_key
from tests.scene import Scene, definition, event

VAULT = Vault([new_key()])
WEEK = timedelta(days=7)


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now)


def answer(scene: Scene, person: Person, action: Action = Action.SKIP) -> None:
    pulse = [one for one in scene.outbox(person) if one.kind is Kind.PULSE][-1]
    done = answering.record(scene.database, VAULT, event(pulse, action, "ready", "3"), scene.now)
    assert done.refusal is None


def weeks(scene: Scene, *people: Person, n: int = 2) -> None:
    """So many pulses that reached these people, a week apart, all closed in the end."""
    for _ in range(n):
        scene.run(*people)
        scene.now += WEEK


def notice(scene: Scene) -> int:
    return notice_silence(scene.database, scene.now)


def follow_ups(scene: Scene, person: Person) -> list[Delivery]:
    return [one for one in scene.outbox(person) if one.kind is Kind.FOLLOW_UP]


def kept(scene: Scene) -> list[Any]:
    with scene.database.read() as connection:
        return list(connection.execute(select(decisions)))


def test_notice_silence_writes_to_those_who_left_two_pulses_unanswered(scene: Scene) -> None:
    silent, heard = scene.person("P1"), scene.person("P2")
    scene.run(silent, heard)
    scene.now += WEEK
    scene.run(silent, heard)
    answer(scene, heard)
    scene.now += WEEK
    assert notice(scene) == 1
    [delivery] = follow_ups(scene, silent)
    assert (delivery.touchpoint, delivery.state) == ("talk", State.PENDING)
    assert delivery.due_at == scene.now + timedelta(hours=18)
    assert follow_ups(scene, heard) == []
    [decision] = kept(scene)
    assert (decision.rule, decision.inputs, decision.model) == ("quiet", "silence", "")
    assert (decision.answer_id, decision.delivery_id) == (None, delivery.id)


def test_notice_silence_waits_until_a_week_after_the_second_pulse_that_was_ignored(
    scene: Scene,
) -> None:
    person = scene.person()
    weeks(scene, person, n=1)
    scene.run(person)
    sent_at = scene.now
    scene.now += timedelta(days=6)
    assert notice(scene) == 1
    assert follow_ups(scene, person)[0].due_at == sent_at + WEEK


def test_notice_silence_writes_once_when_it_is_called_again(scene: Scene) -> None:
    person = scene.person()
    weeks(scene, person)
    assert [notice(scene), notice(scene)] == [1, 0]
    scene.now += 60 * WEEK
    assert notice(scene) == 0
    assert len(follow_ups(scene, person)) == len(kept(scene)) == 1


def test_notice_silence_waits_when_the_pulse_is_still_open(scene: Scene) -> None:
    person = scene.person()
    weeks(scene, person, n=1)
    scene.run(person)
    scene.now += timedelta(days=6) - timedelta(seconds=1)
    assert notice(scene) == 0
    answer(scene, person)
    scene.now += timedelta(seconds=1)
    assert notice(scene) == 0
    assert kept(scene) == []


def test_notice_silence_waits_for_all_when_one_has_the_pulse_open(scene: Scene) -> None:
    early, late = scene.person("P1"), scene.person("P2")
    weeks(scene, early, n=1)
    assert notice(scene) == 0
    run_id = scene.run(early)
    scene.now += timedelta(hours=9)
    scene.pulse(late, run_id=run_id, once="late")
    scene.now += timedelta(days=5, hours=20)
    assert notice(scene) == 0
    scene.now += timedelta(days=1)
    assert notice(scene) == 1


def test_notice_silence_counts_in_a_row_when_an_answer_came_in_between(scene: Scene) -> None:
    person = scene.person()
    weeks(scene, person, n=1)
    scene.run(person)
    answer(scene, person, Action.ANSWER)
    scene.now += WEEK
    weeks(scene, person, n=1)
    assert notice(scene) == 0
    weeks(scene, person, n=1)
    assert notice(scene) == 1


def test_notice_silence_keeps_the_rules_limits_when_silence_goes_on(scene: Scene) -> None:
    person = scene.person()
    written = []
    for _ in range(10):
        weeks(scene, person, n=1)
        written.append(notice(scene))
    assert written == [0, 1] + [0] * 8


def test_notice_silence_counts_no_pulse_when_it_never_arrived(scene: Scene) -> None:
    person = scene.person()
    weeks(scene, person, n=1)
    run_id = scene.run()
    scene.pulse(person, run_id=run_id, once="dropped", state=State.DROPPED)
    scene.now += WEEK
    assert notice(scene) == 0


def test_notice_silence_is_not_held_up_when_somebodys_pulse_waits_for_a_pause(
    scene: Scene,
) -> None:
    person, paused = scene.person("P1"), scene.person("P2")
    weeks(scene, person, n=1)
    run_id = scene.run(person)
    scene.pulse(paused, run_id=run_id, once="waits", state=State.PENDING)
    scene.now += WEEK
    assert notice(scene) == 1


def test_notice_silence_writes_to_nobody_who_left(scene: Scene) -> None:
    person = scene.person()
    weeks(scene, person)
    with scene.database.write() as connection:
        directory.deactivate(connection, [person.id])
    assert notice(scene) == 0


@pytest.mark.parametrize("state", [campaigns.PAUSED, campaigns.STOPPED])
def test_notice_silence_does_nothing_when_the_campaign_rests(scene: Scene, state: str) -> None:
    weeks(scene, scene.person())
    with scene.database.write() as connection:
        campaigns.set_state(connection, scene.campaign.id, state, scene.now)
    assert notice(scene) == 0


def test_notice_silence_does_nothing_when_no_rule_asks_for_silence(
    database: Database, now: datetime
) -> None:
    scene = Scene(database, now, definition(rules=[]))
    weeks(scene, scene.person())
    assert notice(scene) == 0


def test_notice_silence_goes_on_where_it_stopped_when_it_is_interrupted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [scene.person(f"P{i}") for i in range(7)]
    weeks(scene, *people)
    monkeypatch.setattr(noticing, "CHUNK", 3)
    whole, calls = noticing._follow_up, []

    def dies_in_the_second_chunk(*args: Any) -> int:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args)

    with monkeypatch.context() as patch:
        patch.setattr(noticing, "_follow_up", dies_in_the_second_chunk)
        with pytest.raises(KeyboardInterrupt):
            notice(scene)
    assert len(kept(scene)) == 3
    assert notice(scene) == 4
    assert [len(follow_ups(scene, person)) for person in people] == [1] * 7


def test_notice_silence_logs_nobody_when_it_writes(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    weeks(scene, scene.person())
    notice(scene)
    assert caplog.text == ""
