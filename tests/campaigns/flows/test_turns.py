"""Sending where the platform limits it: by urgency, in line, closed to all when it says so."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from campaigns.domain.lanes import Act, Lane
from campaigns.domain.messages import Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.errors import InDoubtError, PlatformClosedError, RetryLaterError
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import pause, resume
from campaigns.storage import campaigns, outbox
from campaigns.storage.database import Database
from tests.sending import InterruptedMessenger, launched, plain, put, rows, staff, wish

pytestmark = pytest.mark.usefixtures("sound_rows")

SECOND = timedelta(seconds=1)
LANES: dict[Act, Lane] = {
    "send": Lane("slack:x:chat.postMessage", 300),
    "find": Lane("slack:x:conversations.history", 50),
    "update": Lane("slack:x:chat.update", 50),
}
AT_ONCE = LANES["send"].free(0, datetime.fromisoformat("2027-01-12T09:00:00Z"), Kind.VISION)


def limited(**more: Any) -> InterruptedMessenger:
    return InterruptedMessenger(lanes=LANES, **more)


def deliver(database: Database, messenger: InterruptedMessenger, now: datetime) -> int:
    """Everything that can go out at this one moment."""
    return deliver_due(database, messenger, plain, now, 10_000, lambda: 0.0)


def seconds(database: Database, messenger: InterruptedMessenger, now: datetime, n: int) -> int:
    return sum(deliver(database, messenger, now + k * SECOND) for k in range(n))


def test_what_gets_no_slot_stays_due_and_goes_out_at_the_pace_of_the_lane(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 120)
    put(database, *(wish(person_id, now) for person_id in ids))
    messenger = limited()
    assert deliver(database, messenger, now) == AT_ONCE
    left = rows(database, State.PENDING)
    assert {(row.due_at, row.attempts, row.waits) for row in left} == {(now, 0, True)}
    assert deliver(database, messenger, now) == 0
    seconds(database, messenger, now + SECOND, 25)
    assert messenger.people() == ids  # in the order in which they were due


def test_line_is_overtaken_by_what_is_more_urgent(database: Database, now: datetime) -> None:
    ids = staff(database, 70)
    put(database, *(wish(person_id, now) for person_id in ids[:60]))
    messenger = limited()
    deliver(database, messenger, now)
    urgent = (Kind.REMINDER, Kind.PULSE, Kind.ALERT, Kind.HELP)
    put(
        database,
        *(wish(ids[60 + n], now, kind=kind) for n, kind in enumerate(urgent)),
    )
    messenger.sent.clear()
    deliver(database, messenger, now)
    seconds(database, messenger, now + SECOND, 2)
    assert messenger.people()[:3] == [ids[63], ids[62], ids[61]]  # a slot was kept for each rank
    assert messenger.people()[3] == ids[60]


def test_people_without_a_limit_do_not_stand_in_line(database: Database, now: datetime) -> None:
    ids = staff(database, 200)
    put(database, *(wish(person_id, now) for person_id in ids))
    messenger = limited(unlimited=ids[100:])
    assert deliver(database, messenger, now) == AT_ONCE + 100
    assert messenger.people()[-100:] == ids[100:]


def test_two_workers_share_the_slots_of_a_lane(database: Database, now: datetime) -> None:
    put(database, *(wish(person_id, now) for person_id in staff(database, 30)))
    assert deliver(database, limited(), now) + deliver(database, limited(), now) == AT_ONCE


def test_busy_platform_closes_the_lane_to_every_worker(database: Database, now: datetime) -> None:
    put(database, *(wish(person_id, now) for person_id in staff(database, 30)))
    messenger = limited()
    messenger.failures.append(RetryLaterError("busy", after_seconds=40))
    assert deliver(database, messenger, now) == 0
    assert {(row.state, row.attempts) for row in rows(database)} == {(State.PENDING, 0)}
    put(database, wish(rows(database)[0].person_id, now, "help", kind=Kind.HELP))
    assert seconds(database, limited(), now + SECOND, 38) == 0
    assert deliver(database, limited(), now + 40 * SECOND) == 1  # the most urgent, first of all
    assert seconds(database, limited(), now + 41 * SECOND, 10) > 20


def test_busy_platform_keeps_nobody_else_waiting(database: Database, now: datetime) -> None:
    ids = staff(database, 10)
    put(database, *(wish(person_id, now) for person_id in ids))
    messenger = limited(unlimited=ids[5:])
    messenger.failures.append(RetryLaterError("busy", after_seconds=40))
    assert deliver(database, messenger, now) == 5
    assert messenger.people() == ids[5:]


def test_one_person_gets_one_message_at_a_time(database: Database, now: datetime) -> None:
    person_id = staff(database, 1)[0]
    put(database, wish(person_id, now, "a", kind=Kind.HELP), wish(person_id, now, "b"))
    messenger = limited()
    assert deliver(database, messenger, now) == 1
    assert deliver(database, messenger, now + SECOND) == 0
    assert deliver(database, messenger, now + 2 * SECOND) == 1


def test_doubtful_sendings_are_looked_for_at_the_pace_of_their_own_lane(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 30)
    put(database, *(wish(person_id, now, kind=Kind.HELP) for person_id in ids))
    messenger = limited()

    def broken(_person: Person, _message: Message) -> None:
        raise InDoubtError("the line broke")

    messenger.after = broken
    seconds(database, messenger, now, 10)
    assert len(rows(database, State.DOUBTFUL)) == 30
    messenger.after = lambda _person, _message: None
    later = now + timedelta(minutes=10)
    found = deliver(database, messenger, later)
    assert found == LANES["find"].free(0, later, Kind.HELP)
    assert len(messenger.looked_for) == found
    assert found + seconds(database, messenger, later + SECOND, 60) == 30
    assert len(messenger.posted) == 30  # none was sent twice


def test_doubtful_sending_that_never_arrived_stands_in_line_for_another_try(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 20)
    put(database, wish(ids[0], now))
    messenger = limited()
    messenger.failures.append(InDoubtError("the line broke"))
    deliver(database, messenger, now)
    later = now + timedelta(hours=1)
    put(database, *(wish(person_id, later, kind=Kind.PULSE) for person_id in ids[1:]))
    messenger.lanes = {**LANES, "send": Lane("slack:x:chat.postMessage", 20)}
    deliver(database, messenger, later)
    [row] = [row for row in rows(database) if row.person_id == ids[0]]
    assert row.state == State.SENT or (row.state, row.waits) == (State.PENDING, True)
    seconds(database, messenger, later + SECOND, 100)
    assert sorted(messenger.people()) == ids


def test_edit_waits_for_a_slot_of_its_own_lane(database: Database, now: datetime) -> None:
    ids = staff(database, 20)
    launched(database, now)
    about: dict[str, Any] = {"campaign_id": 1, "version_id": 1, "subject_id": 7}
    put(database, *(wish(one, now, "alert", kind=Kind.ALERT, **about) for one in ids))
    messenger = limited()
    seconds(database, messenger, now, 20)
    with database.write() as c:
        assert outbox.edit_about(c, 1, Kind.ALERT, 7, now + 60 * SECOND) == 20
    n_at_once = LANES["update"].free(0, now, Kind.ALERT)
    assert deliver(database, messenger, now + 60 * SECOND) == n_at_once
    assert seconds(database, messenger, now + 61 * SECOND, 40) == 20 - n_at_once
    assert len(messenger.edited) == 20


def test_many_hands_send_each_once(database: Database, now: datetime) -> None:
    ids = staff(database, 120)
    put(database, *(wish(person_id, now) for person_id in ids))
    messenger = InterruptedMessenger(hands=4)
    assert deliver(database, messenger, now) == 120
    assert sorted(messenger.people()) == ids


def test_unforeseen_error_in_one_hand_costs_one_row(database: Database, now: datetime) -> None:
    ids = staff(database, 20)
    put(database, *(wish(person_id, now) for person_id in ids))
    messenger = InterruptedMessenger(hands=4)

    def fail_for_one(person: Person, _message: Message) -> None:
        if person.id == ids[5]:
            raise ZeroDivisionError

    messenger.before = fail_for_one
    with pytest.raises(ZeroDivisionError):
        deliver(database, messenger, now)
    assert [row.person_id for row in rows(database, State.SENDING)] == [ids[5]]
    assert len(rows(database, State.SENT)) == 19


# --- the platform takes nothing any more


def test_closed_platform_pauses_every_campaign_and_says_why(
    database: Database, now: datetime
) -> None:
    staff(database, 5)
    launched(database, now)
    launched(database, now, key="other")
    messenger = limited()
    messenger.failures.append(PlatformClosedError("The token was revoked."))
    assert deliver(database, messenger, now) == 0
    with database.read() as c:
        found = campaigns.all_launched(c)
    assert {(one.state, one.reason) for one in found} == {("paused", "The token was revoked.")}
    assert {(row.state, row.attempts) for row in rows(database)} == {(State.PENDING, 0)}
    assert seconds(database, messenger, now + SECOND, 120) == 0
    back = resume(database, "portal", now + timedelta(minutes=3))
    assert (back.state, back.reason) == ("running", "")
    assert seconds(database, messenger, now + timedelta(minutes=3), 5) == 5


def test_closed_platform_leaves_alone_what_somebody_paused(
    database: Database, now: datetime
) -> None:
    staff(database, 1)
    launched(database, now)
    pause(database, "portal", now)
    put(database, wish(1, now, kind=Kind.HELP))
    messenger = InterruptedMessenger(failures=[PlatformClosedError("closed")])
    assert deliver(database, messenger, now) == 0
    with database.read() as c:
        assert campaigns.by_key(c, "portal").reason == ""
    assert deliver(database, messenger, now + SECOND) == 1  # help is tried again all the same


def test_look_at_nothing_due_asks_little_of_the_database(
    sqlite_database: Database, now: datetime
) -> None:
    [person] = staff(sqlite_database, 1)
    put(sqlite_database, wish(person, now + timedelta(hours=1)))
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(sqlite_database.engine, "before_cursor_execute", note)
    assert deliver(sqlite_database, limited(), now) == 0
    assert len([one for one in asked if "deliveries" in one]) == 2  # what is in doubt, what is due
