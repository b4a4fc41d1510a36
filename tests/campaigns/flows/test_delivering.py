"""Claim, send, settle: once each, whatever goes wrong outside and whoever else sends."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import event

from campaigns.domain.messages import Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.errors import FinalDeliveryError, InDoubtError, NotFoundError, RetryLaterError
from campaigns.flows.composing import compose
from campaigns.flows.delivering import BATCH, LEASE, deliver_due
from campaigns.flows.planning import launch, plan, stop
from campaigns.flows.settling import MAX_ATTEMPTS
from campaigns.storage import outbox, wishes
from campaigns.storage.database import Database
from tests.sending import (
    InterruptedMessenger,
    broken_at,
    campaign,
    launched,
    plain,
    put,
    rows,
    staff,
    vision,
    wish,
)

pytestmark = pytest.mark.usefixtures("sound_rows")

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def fail(error: Exception, really: bool) -> None:
    if really:
        raise error


def raising(error: Exception, times: int = 1) -> Any:
    left = [error] * times

    def run(_person: Person, _message: Message) -> None:
        if left:
            raise left.pop()

    return run


def test_deliver_sends_each_once_and_keeps_the_receipt(database: Database, now: datetime) -> None:
    ids = staff(database, BATCH + 5)
    put(database, *(wish(person_id, now) for person_id in ids))
    messenger = InterruptedMessenger()
    assert deliver_due(database, messenger, plain, now) == BATCH + 5
    assert deliver_due(database, messenger, plain, now + DAY) == 0
    assert messenger.people() == ids
    for n, row in enumerate(rows(database, State.SENT), 1):
        assert (row.external_id, row.sent_at, row.attempts) == (f"m{n}", now, 1)
        assert row.lease_until is None


def test_deliver_ends_at_its_limit(database: Database, now: datetime) -> None:
    put(database, *(wish(person_id, now) for person_id in staff(database, 7)))
    assert deliver_due(database, InterruptedMessenger(), plain, now, limit=3) == 3
    assert len(rows(database, State.PENDING)) == 4


def test_help_goes_before_alerts_and_alerts_before_the_rest(
    database: Database, now: datetime
) -> None:
    first, second, third, fourth = staff(database, 4)
    put(
        database,
        wish(first, now),
        wish(second, now - HOUR),
        wish(third, now, kind=Kind.ALERT),
        wish(fourth, now, kind=Kind.HELP),
    )
    messenger = InterruptedMessenger()
    deliver_due(database, messenger, plain, now)
    assert messenger.people() == [fourth, third, second, first]


def test_no_transaction_is_open_while_a_message_is_sent(database: Database, now: datetime) -> None:
    put(database, *(wish(person_id, now) for person_id in staff(database, 3)))

    def write_something(person: Person, _message: Message) -> None:
        with database.write() as c:
            wishes.pause(c, person.id, None)

    assert deliver_due(database, InterruptedMessenger(before=write_something), plain, now) == 3


def test_alert_that_arrived_is_edited_in_its_place(database: Database, now: datetime) -> None:
    ids = staff(database, 2)
    launched(database, now)
    messenger = InterruptedMessenger()
    for person_id, alert_id in zip(ids, (7, 8), strict=True):
        about: dict[str, Any] = {"campaign_id": 1, "version_id": 1, "subject_id": alert_id}
        put(database, wish(person_id, now, "alert", kind=Kind.ALERT, **about))
    deliver_due(database, messenger, plain, now)
    n_posted = len(messenger.posted)
    with database.write() as c:
        assert outbox.edit_about(c, 1, Kind.ALERT, 7, now + HOUR) == 1

    def busy(_person: Person, _message: Message) -> None:
        raise RetryLaterError("busy")

    messenger.before = busy
    assert deliver_due(database, messenger, plain, now + HOUR) == 0
    messenger.before = lambda _person, _message: None
    assert deliver_due(database, messenger, plain, now + 2 * HOUR) == 1
    place = next(n for n, (owner, _) in enumerate(messenger.posted, 1) if owner == ids[0])
    assert messenger.edited == [(ids[0], f"m{place}")]
    assert len(messenger.posted) == n_posted
    assert {row.sent_at for row in rows(database, State.SENT)} == {now}


# --- what goes wrong outside


def test_final_refusal_is_settled_as_failed(database: Database, now: datetime) -> None:
    put(database, *(wish(person_id, now) for person_id in staff(database, 2)))
    messenger = InterruptedMessenger(before=raising(FinalDeliveryError("closed")))
    assert deliver_due(database, messenger, plain, now) == 1
    assert [row.reason for row in rows(database, State.FAILED)] == ["refused by the platform"]


def test_busy_platform_is_left_alone_until_it_may_be_asked_again(
    database: Database, now: datetime
) -> None:
    put(database, *(wish(person_id, now) for person_id in staff(database, 3)))
    messenger = InterruptedMessenger(before=raising(RetryLaterError("busy", after_seconds=300)))
    assert deliver_due(database, messenger, plain, now) == 0
    first, *others = rows(database)
    assert (first.due_at, first.attempts) == (now + timedelta(seconds=300), 1)
    assert {(row.state, row.attempts, row.lease_until) for row in others} == {("pending", 0, None)}
    assert deliver_due(database, messenger, plain, now) == 2
    assert deliver_due(database, messenger, plain, now + timedelta(seconds=300)) == 1


def test_delivery_gives_up_when_the_platform_stays_busy(database: Database, now: datetime) -> None:
    put(database, wish(staff(database, 1)[0], now, kind=Kind.HELP))
    messenger = InterruptedMessenger(before=raising(RetryLaterError("busy"), MAX_ATTEMPTS))
    for hours in range(MAX_ATTEMPTS + 3):
        deliver_due(database, messenger, plain, now + hours * HOUR)
    [row] = rows(database)
    assert (row.state, row.attempts) == (State.FAILED, MAX_ATTEMPTS)


@pytest.mark.parametrize("arrived", [True, False])
def test_doubtful_delivery_is_looked_for_before_it_is_sent_again(
    database: Database, now: datetime, arrived: bool
) -> None:
    put(database, wish(staff(database, 1)[0], now))
    broken = raising(InDoubtError("the line broke"))
    messenger = (
        InterruptedMessenger(after=broken) if arrived else InterruptedMessenger(before=broken)
    )
    assert deliver_due(database, messenger, plain, now) == 0
    [row] = rows(database, State.DOUBTFUL)
    assert deliver_due(database, messenger, plain, now) == 0  # not before it can be seen
    assert deliver_due(database, messenger, plain, now + HOUR) == 1
    assert messenger.looked_for == [row.key]
    assert len(messenger.posted) == 1
    assert [row.external_id for row in rows(database, State.SENT)] == ["m1"]


def test_delivery_is_looked_for_when_a_lease_ran_out(database: Database, now: datetime) -> None:
    ids = staff(database, 4)
    put(database, *(wish(person_id, now) for person_id in ids))
    messenger = InterruptedMessenger()
    with broken_at(database, "UPDATE deliveries", 2), pytest.raises(ConnectionError):
        deliver_due(database, messenger, plain, now, limit=2)
    assert [row.person_id for row in rows(database, State.SENDING)] == ids[:2]
    assert deliver_due(database, messenger, plain, now) == 2  # the others are free
    assert deliver_due(database, messenger, plain, now + 2 * LEASE) == 2
    assert sorted(messenger.people()) == ids
    assert len(messenger.looked_for) == 2


def test_doubtful_delivery_is_not_sent_again_when_its_campaign_was_stopped(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 2)
    launch(database, campaign(), now)
    plan(database, now)
    broken = InDoubtError("the line broke")
    messenger = InterruptedMessenger(
        before=lambda person, _message: fail(broken, person.id == ids[1]),
        after=lambda _person, _message: fail(broken, True),
    )
    assert deliver_due(database, messenger, plain, now) == 0
    stop(database, "portal", now)
    deliver_due(database, messenger, plain, now + HOUR)
    by_person = {row.person_id: row.state for row in rows(database)}
    assert by_person == {ids[0]: State.SENT, ids[1]: State.CANCELLED}
    assert len(messenger.posted) == 1


def test_unforeseen_error_costs_one_row_and_is_raised(database: Database, now: datetime) -> None:
    ids = staff(database, 3)
    put(database, *(wish(person_id, now) for person_id in ids))
    messenger = InterruptedMessenger()

    def fail_for_the_second(person: Person, _message: Message) -> None:
        if person.id == ids[1]:
            raise ZeroDivisionError

    messenger.before = fail_for_the_second
    with pytest.raises(ZeroDivisionError):
        deliver_due(database, messenger, plain, now)
    assert [row.state for row in rows(database)] == ["sent", "sending", "pending"]
    assert deliver_due(database, messenger, plain, now) == 1
    for attempt in range(1, MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            deliver_due(database, messenger, plain, now + attempt * 2 * LEASE)
    deliver_due(database, messenger, plain, now + MAX_ATTEMPTS * 2 * LEASE)
    assert [row.state for row in rows(database)] == ["sent", "failed", "sent"]


def test_delivery_that_can_not_be_composed_is_failed(database: Database, now: datetime) -> None:
    put(database, wish(staff(database, 1)[0], now))

    def nothing(*_: object) -> Message:
        raise NotFoundError("gone")

    deliver_due(database, InterruptedMessenger(), nothing, now)
    assert [row.reason for row in rows(database, State.FAILED)] == ["not composed: NotFoundError"]


def test_slow_platform_never_outlasts_a_lease(database: Database, now: datetime) -> None:
    ids = staff(database, 10)
    put(database, *(wish(person_id, now) for person_id in ids))
    seconds = iter(range(0, 100_000, 5))  # each look at the watch takes five seconds
    taken: list[tuple[datetime, list[datetime]]] = []

    def lease_is_long(_person: Person, _message: Message) -> None:
        taken.append((now, [row.lease_until for row in rows(database, State.SENDING)]))

    messenger = InterruptedMessenger(before=lease_is_long)
    assert deliver_due(database, messenger, plain, now, ticks=lambda: float(next(seconds))) == 10
    assert sorted(messenger.people()) == ids
    assert len({leases[0] for _, leases in taken}) > 1  # several batches, each with a new lease


# --- two at once


def test_two_at_once_send_each_row_once(database: Database, now: datetime) -> None:
    ids = staff(database, 120)
    launched(database, now, vision("a"), vision("b"), limits={"messages_per_week": 1})
    messengers = [InterruptedMessenger(), InterruptedMessenger()]
    threads = [
        Thread(target=deliver_due, args=(database, messenger, plain, now, 10_000))
        for messenger in messengers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everyone = [person for messenger in messengers for person in messenger.people()]
    assert sorted(everyone) == ids  # one each: the cap holds between the two as well


def test_one_more_sending_asks_the_database_two_things_more(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 30)
    launched(sqlite_database, now, vision())
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(sqlite_database.engine, "before_cursor_execute", note)
    n_asked = []
    for number in (10, 20):
        asked.clear()
        assert deliver_due(sqlite_database, InterruptedMessenger(), compose, now, number) == number
        n_asked.append(len(asked))
    # It begins, and asks whether the campaign still runs.
    assert n_asked[1] - n_asked[0] == 2 * 10
