"""An edited campaign that runs loses nothing that was due and repeats nothing that went out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from campaigns.domain.outbox import Kind, State
from campaigns.errors import DefinitionError
from campaigns.flows import planning
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import launch, plan
from campaigns.storage.database import Database
from tests.sending import (
    InterruptedMessenger,
    campaign,
    plain,
    pulse,
    reminder,
    rows,
    staff,
    vision,
)

DAY = timedelta(days=1)


def days(database: Database, begin: datetime, *numbers: int) -> InterruptedMessenger:
    """Planned and delivered on each of these days."""
    messenger = InterruptedMessenger()
    for number in numbers:
        plan(database, begin + number * DAY)
        deliver_due(database, messenger, plain, begin + number * DAY)
    return messenger


def touchpoints(database: Database) -> list[str]:
    return [row.touchpoint for row in rows(database, State.SENT)]


def test_edit_keeps_what_is_fanned_out_when_its_touchpoint_is_removed(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 2)
    soon = vision("soon", at=(now + timedelta(hours=6)).replace(tzinfo=None).isoformat())
    limits = {"messages_per_week": 4}
    begun = campaign(vision(), soon, pulse(), reminder(), limits=limits)
    launch(sqlite_database, begun, now)
    days(sqlite_database, now, 0)
    launch(sqlite_database, campaign(vision(), limits=limits), now)
    days(sqlite_database, now, 1, 2, 3)
    assert sorted(touchpoints(sqlite_database)) == sorted(["why", "soon", "pulse", "again"] * 2)


def test_edit_sends_no_touchpoint_of_which_nothing_was_fanned_out(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 2)
    launch(sqlite_database, campaign(vision(), vision("later", days_after_launch=9)), now)
    days(sqlite_database, now, 0)
    launch(sqlite_database, campaign(vision()), now)
    days(sqlite_database, now, 8, 9, 10)
    assert touchpoints(sqlite_database) == ["why"] * 2


def test_launch_refuses_a_new_key_for_what_went_out_and_changes_nothing(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 2)
    first = launch(sqlite_database, campaign(), now)
    days(sqlite_database, now, 0)
    with pytest.raises(DefinitionError, match="would go out once more"):
        launch(sqlite_database, campaign(vision("wherefore")), now + DAY)
    days(sqlite_database, now, 1, 2)
    assert touchpoints(sqlite_database) == ["why"] * 2
    assert {row.version_id for row in rows(sqlite_database)} == {first.version_id}


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 9 * * 1", [0, 6, 13]),  # from Tuesday to Monday: 6 days later the first is over
        ("0 9 * * 3", [0, 8, 15]),  # to Wednesday: the next day, Tuesday's would still be open
        ("0 15 * * 2", [0, 7, 14]),  # later on the same day: not a second time today
    ],
)
def test_moved_cadence_never_asks_while_the_round_at_its_old_time_is_open(
    sqlite_database: Database, now: datetime, cron: str, expected: list[int]
) -> None:
    staff(sqlite_database, 1)
    launch(sqlite_database, campaign(pulse(cron="0 9 * * 2")), now)
    days(sqlite_database, now, 0)
    launch(sqlite_database, campaign(pulse(cron=cron)), now + timedelta(hours=2))
    for day in range(1, 16):
        plan(sqlite_database, now + day * DAY)
    pulses = [row for row in rows(sqlite_database) if row.kind == Kind.PULSE]
    assert [(row.due_at - now).days for row in pulses] == expected


def test_edit_of_a_wording_loses_no_round_that_was_due_meanwhile(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    weekly = pulse(cron="0 9 * * 2")
    launch(sqlite_database, campaign(weekly), now)
    planning.pause(sqlite_database, "portal", now)  # and nothing is planned for a week
    launch(sqlite_database, campaign(weekly, title="Other words"), now + 8 * DAY)
    planning.resume(sqlite_database, "portal", now + 8 * DAY)
    plan(sqlite_database, now + 8 * DAY)
    assert [row.due_at for row in rows(sqlite_database)] == [now + 7 * DAY]


def test_shortened_pulse_stays_open_for_those_who_have_it(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    launch(sqlite_database, campaign(pulse(open_days=6, cron="0 9 * * 2"), reminder(4)), now)
    days(sqlite_database, now, 0)
    edited = campaign(pulse(open_days=3, cron="0 9 * * 2"), reminder(2))
    launch(sqlite_database, edited, now + DAY)
    days(sqlite_database, now, 2, 3, 4, 7)
    first, *_ = rows(sqlite_database)
    assert first.closes_at == first.due_at + 6 * DAY  # as was told; the reminder comes as planned
    assert touchpoints(sqlite_database) == ["pulse", "again", "pulse"]
    assert rows(sqlite_database)[-1].due_at == now + 9 * DAY  # of the second round, by the new one


@contextmanager
def meanwhile(database: Database, deed: Callable[[], object]) -> Iterator[None]:
    """Something that another process does after the first look at the database is over."""
    left = [deed]

    def do(*_: object) -> None:
        if left:
            left.pop()()

    event.listen(database.engine, "checkin", do)
    try:
        yield
    finally:
        event.remove(database.engine, "checkin", do)


def test_launch_refuses_another_key_for_what_began_after_its_check(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 2)
    launch(sqlite_database, campaign(), now)
    with (
        meanwhile(sqlite_database, lambda: days(sqlite_database, now, 0)),
        pytest.raises(DefinitionError, match="would go out once more"),
    ):
        launch(sqlite_database, campaign(vision("wherefore")), now)
    days(sqlite_database, now, 1)
    assert touchpoints(sqlite_database) == ["why"] * 2


def test_plan_writes_no_run_of_a_version_that_was_edited_while_it_looked(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 2)
    launch(sqlite_database, campaign(), now)
    edited = campaign(vision("wherefore"))
    with meanwhile(sqlite_database, lambda: launch(sqlite_database, edited, now)):
        plan(sqlite_database, now)
    days(sqlite_database, now, 0, 1)
    assert touchpoints(sqlite_database) == ["wherefore"] * 2


def test_edit_brings_back_nothing_that_an_older_version_sent(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 2)
    launch(sqlite_database, campaign(), now)
    days(sqlite_database, now, 0)
    launch(sqlite_database, campaign(pulse(days_after_launch=9)), now)
    with pytest.raises(DefinitionError, match="would go out once more"):
        launch(sqlite_database, campaign(vision("wherefore", days_after_launch=3)), now + DAY)
