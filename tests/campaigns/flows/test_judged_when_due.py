"""What is due is judged again before it is sent: at a permitted time, or with a reason why not."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from campaigns.domain.messages import Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person, WorkingHours
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import pause, stop
from campaigns.storage import directory, outbox, wishes
from campaigns.storage.database import Database
from campaigns.storage.tables import answers, people
from tests.sending import (
    ALWAYS,
    InterruptedMessenger,
    launched,
    plain,
    pulse,
    put,
    reminder,
    rows,
    staff,
    vision,
    wish,
)

pytestmark = pytest.mark.usefixtures("sound_rows")

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def answer(database: Database, pulse_id: int, person_id: int, now: datetime) -> None:
    with database.write() as c:
        row: dict[str, Any] = {"delivery_id": pulse_id, "campaign_id": 1, "person_id": person_id}
        team_id = directory.person(c, person_id).team_id
        row |= {"team_id": team_id, "answered_at": now, "question": "clear", "kind": "skip"}
        c.execute(insert(answers).values(row))


def test_delivery_is_dropped_when_the_person_left(database: Database, now: datetime) -> None:
    ids = staff(database, 2)
    launched(database, now)
    with database.write() as c:
        c.execute(update(people).where(people.c.id == ids[0]).values(active=False))
    messenger = InterruptedMessenger()
    deliver_due(database, messenger, plain, now)
    assert messenger.people() == ids[1:]
    assert [row.reason for row in rows(database, State.DROPPED)] == ["left"]


def test_delivery_waits_for_the_end_of_a_persons_pause(database: Database, now: datetime) -> None:
    [person_id] = staff(database, 1)
    launched(database, now, vision(), pulse(open_days=2))
    with database.write() as c:
        wishes.pause(c, person_id, now + 5 * DAY)
    put(database, wish(person_id, now, "alert", kind=Kind.ALERT))
    messenger = InterruptedMessenger()
    assert deliver_due(database, messenger, plain, now) == 1  # the alert
    assert deliver_due(database, messenger, plain, now + 3 * DAY) == 0
    assert [(row.kind, row.reason) for row in rows(database, State.DROPPED)] == [
        ("pulse", "closed")
    ]
    assert deliver_due(database, messenger, plain, now + 5 * DAY) == 1


def test_delivery_stops_at_once_when_its_campaign_does(database: Database, now: datetime) -> None:
    staff(database, 5)
    launched(database, now)
    messenger = InterruptedMessenger()

    def stop_after_two(_person: Person, _message: Message) -> None:
        if len(messenger.posted) == 2:
            stop(database, "portal", now)

    messenger.after = stop_after_two
    assert deliver_due(database, messenger, plain, now) == 2
    assert len(rows(database, State.CANCELLED)) == 3


def test_delivery_holds_at_once_when_its_campaign_is_paused(
    database: Database, now: datetime
) -> None:
    staff(database, 5)
    launched(database, now)
    messenger = InterruptedMessenger()

    def pause_after_two(_person: Person, _message: Message) -> None:
        if len(messenger.posted) == 2:
            pause(database, "portal", now)

    messenger.after = pause_after_two
    assert deliver_due(database, messenger, plain, now) == 2
    assert {(row.state, row.attempts) for row in rows(database, State.PENDING)} == {("pending", 0)}
    assert len(rows(database, State.PENDING)) == 3


def test_pulse_is_dropped_when_it_has_closed(database: Database, now: datetime) -> None:
    staff(database, 1)
    launched(database, now, pulse(open_days=1))
    assert deliver_due(database, InterruptedMessenger(), plain, now + DAY) == 0
    assert [row.reason for row in rows(database, State.DROPPED)] == ["closed"]


def test_delivery_is_moved_when_the_hours_have_passed(database: Database, now: datetime) -> None:
    staff(database, 1)
    launched(database, now)
    evening = now.replace(hour=20)
    assert deliver_due(database, InterruptedMessenger(), plain, evening) == 0
    [row] = rows(database, State.PENDING)
    assert (row.due_at, row.reason) == (now.replace(day=13, hour=8), "moved: hours")
    assert deliver_due(database, InterruptedMessenger(), plain, row.due_at) == 1


def test_help_waits_for_nothing_and_an_alert_for_the_agents_hours(
    database: Database, now: datetime
) -> None:
    [person_id] = staff(database, 1)
    launched(database, now, limits={"messages_per_week": 1})
    deliver_due(database, InterruptedMessenger(), plain, now)
    night = now.replace(hour=23)
    with database.write() as c:
        wishes.pause(c, person_id, now + 30 * DAY)
    put(database, wish(person_id, night, "help", kind=Kind.HELP, campaign_id=1, version_id=1))
    put(database, wish(person_id, night, "alert", kind=Kind.ALERT, campaign_id=1, version_id=1))
    stop_free = InterruptedMessenger()
    pause(database, "portal", now)
    assert deliver_due(database, stop_free, plain, night) == 1
    [alert] = rows(database, State.PENDING)
    assert (alert.kind, alert.due_at) == ("alert", now.replace(day=13, hour=8))
    assert deliver_due(database, stop_free, plain, alert.due_at) == 1


def test_cap_holds_over_all_campaigns(database: Database, now: datetime) -> None:
    staff(database, 1)
    two = {"limits": {"messages_per_week": 2, "days_between_pulses": 0}}
    launched(database, now, pulse("a"), pulse("b"), **two)
    launched(database, now, vision("c"), pulse("d", open_days=3), key="other", **two)
    messenger = InterruptedMessenger()
    assert deliver_due(database, messenger, plain, now) == 2
    [moved] = rows(database, State.PENDING)
    assert (moved.touchpoint, moved.reason) == ("c", "moved: weekly cap")
    assert moved.due_at == now + 7 * DAY
    assert [row.reason for row in rows(database, State.DROPPED)] == ["weekly cap"]
    assert deliver_due(database, messenger, plain, now + 7 * DAY) == 1


def test_reminder_is_cancelled_when_its_pulse_is_answered(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 3)
    launched(database, now, pulse(), reminder(days=2))
    messenger = InterruptedMessenger()
    deliver_due(database, messenger, plain, now)
    asked = {row.person_id: row.id for row in rows(database, State.SENT)}
    answer(database, asked[ids[0]], ids[0], now)  # in the answer's own transaction
    with database.write() as c:
        assert outbox.cancel_reminders(c, asked[ids[0]], now) == 1
    answer(database, asked[ids[1]], ids[1], now)  # and looked at again when it is due
    later = now + 2 * DAY
    assert deliver_due(database, messenger, plain, later) == 1
    assert messenger.people() == [*ids, ids[2]]
    assert [row.reason for row in rows(database, State.CANCELLED)] == ["answered", "answered"]


def test_reminder_that_was_asked_for_comes_even_after_a_first_answer(
    database: Database, now: datetime
) -> None:
    [person_id] = staff(database, 1)
    launched(database, now, pulse())
    messenger = InterruptedMessenger()
    deliver_due(database, messenger, plain, now)
    [asked] = rows(database)
    answer(database, asked.id, person_id, now)
    again = {"campaign_id": 1, "version_id": 1, "subject_id": asked.id, "kind": Kind.REMINDER}
    put(database, wish(person_id, now + HOUR, "later:1", **again))
    assert deliver_due(database, messenger, plain, now + HOUR) == 1


def test_reminder_is_not_planned_when_the_pulse_closes_first(
    database: Database, now: datetime
) -> None:
    staff(database, 1)
    launched(database, now, pulse(open_days=3), reminder(days=2))
    deliver_due(database, InterruptedMessenger(), plain, now + timedelta(days=1))
    assert len(rows(database)) == 1


def test_delivery_keeps_to_each_persons_own_hours(database: Database, now: datetime) -> None:
    staff(database, 1, time_zone="America/New_York")  # 04:00 there
    staff(database, 1, start=2, hours=WorkingHours(time(8), time(17), ALWAYS.days))
    launched(database, now, vision(at=now.isoformat()))
    messenger = InterruptedMessenger()
    assert deliver_due(database, messenger, plain, now) == 1
    assert deliver_due(database, messenger, plain, now.replace(hour=13)) == 1
