"""A person's wishes: a pause, a resume, and the same questions at another time."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from campaigns.domain.messages import Action
from campaigns.domain.outbox import Kind, State
from campaigns.errors import NotFoundError
from campaigns.flows import preferring
from campaigns.flows.preferring import Postponed
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import deliveries
from tests.scene import Scene, event


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now)


def not_now(
    scene: Scene, delivery: Delivery, hours: int = 24, person_id: int | None = None
) -> Postponed:
    press = event(delivery, Action.NOT_NOW, value=str(hours), person_id=person_id)
    return preferring.not_now(scene.database, press, hours, scene.now)


def reminders(scene: Scene, pulse: Delivery) -> list[Delivery]:
    with scene.database.read() as connection:
        person = directory.person(connection, pulse.person_id)
    return [one for one in scene.outbox(person) if one.kind is Kind.REMINDER]


def go_out(scene: Scene, delivery: Delivery) -> None:
    """As if delivering had sent it."""
    with scene.database.write() as connection:
        row = deliveries.c.id == delivery.id
        connection.execute(update(deliveries).where(row).values(state=State.SENT))


def test_pause_holds_messages_until_the_day_when_asked_for(scene: Scene) -> None:
    person = scene.person()
    until = preferring.pause(scene.database, person.id, 28, scene.now)
    assert until == scene.now + timedelta(days=28)
    with scene.database.read() as connection:
        assert directory.person(connection, person.id).paused_until == until
    preferring.resume(scene.database, person.id)
    with scene.database.read() as connection:
        assert directory.person(connection, person.id).paused_until is None


@pytest.mark.parametrize(("days", "kept"), [(-5, 1), (0, 1), (365, 365), (9999, 365)])
def test_pause_stays_within_a_year_when_a_forged_value_comes(
    scene: Scene, days: int, kept: int
) -> None:
    until = preferring.pause(scene.database, scene.person().id, days, scene.now)
    assert until == scene.now + timedelta(days=kept)


def test_pause_refuses_when_there_is_no_such_person(scene: Scene) -> None:
    with pytest.raises(NotFoundError):
        preferring.pause(scene.database, 999, 1, scene.now)
    with pytest.raises(NotFoundError):
        preferring.resume(scene.database, 999)


def test_not_now_asks_again_once_when_the_button_is_pressed_twice(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    assert not_now(scene, pulse) is Postponed.LATER
    assert not_now(scene, pulse) is Postponed.LATER
    [later] = reminders(scene, pulse)
    assert (later.state, later.due_at) == (State.PENDING, scene.now + timedelta(hours=24))
    assert (later.subject_id, later.closes_at) == (pulse.id, pulse.closes_at)


def test_not_now_replaces_the_reminder_that_was_coming_anyway(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id, state=State.PENDING)
    not_now(scene, pulse)
    assert [one.state for one in reminders(scene, pulse)] == [State.CANCELLED, State.PENDING]


def test_not_now_stops_asking_when_it_was_pressed_three_times(scene: Scene) -> None:
    pulse = scene.pulse(scene.person())
    for _ in range(2):
        assert not_now(scene, pulse, hours=1) is Postponed.LATER
        go_out(scene, reminders(scene, pulse)[-1])
    third = not_now(scene, reminders(scene, pulse)[-1], hours=1)
    assert third is Postponed.NO_MORE
    assert len(reminders(scene, pulse)) == 2


def test_not_now_writes_nothing_when_the_pulse_closes_first(scene: Scene) -> None:
    pulse = scene.pulse(scene.person(), closes_at=scene.now + timedelta(hours=24))
    assert not_now(scene, pulse, hours=24) is Postponed.NO_MORE
    assert not_now(scene, pulse, hours=23) is Postponed.LATER
    assert len(reminders(scene, pulse)) == 1


def test_not_now_keeps_the_planned_reminder_when_it_can_not_ask_later(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person, closes_at=scene.now + timedelta(hours=24))
    scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id, state=State.PENDING)
    assert not_now(scene, pulse) is Postponed.NO_MORE
    assert [one.state for one in reminders(scene, pulse)] == [State.PENDING]


def test_not_now_does_nothing_when_it_is_no_pulse_or_another_persons(scene: Scene) -> None:
    person, other = scene.person("P1"), scene.person("P2")
    pulse, vision = scene.pulse(person), scene.put(person, "vision", Kind.VISION)
    assert not_now(scene, vision) is Postponed.UNKNOWN
    assert not_now(scene, pulse, person_id=other.id) is Postponed.UNKNOWN
    assert reminders(scene, pulse) == []


def test_fewer_is_one_a_week_until_the_usual_is_wished_for(scene: Scene) -> None:
    person = scene.person()
    preferring.fewer(scene.database, person.id)
    assert per_week(scene, person.id) == 1
    preferring.usual(scene.database, person.id)
    assert per_week(scene, person.id) is None


def per_week(scene: Scene, person_id: int) -> int | None:
    with scene.database.read() as connection:
        return directory.person(connection, person_id).per_week


def test_wishes_of_nobody_are_refused(scene: Scene) -> None:
    for wish in (preferring.fewer, preferring.usual, preferring.resume):
        with pytest.raises(NotFoundError):
            wish(scene.database, 99)
