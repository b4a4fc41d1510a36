"""The fan-out by a cursor: who is written to, when, how often, and under which version."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from campaigns.domain.outbox import Kind, State
from campaigns.flows import planning
from campaigns.flows.delivering import LEASE, deliver_due
from campaigns.flows.planning import launch, plan
from campaigns.storage import runs
from campaigns.storage.database import Database
from campaigns.storage.tables import people
from tests.sending import (
    InterruptedMessenger,
    broken_at,
    campaign,
    open_runs,
    plain,
    pulse,
    reminder,
    rows,
    staff,
    vision,
)

DAY = timedelta(days=1)


def test_plan_writes_one_sending_a_person_when_called_again_and_again(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 3)
    ids = staff(database, 10)
    launch(database, campaign(), now)
    assert [plan(database, now) for _ in range(3)] == [10, 0, 0]
    assert [row.person_id for row in rows(database)] == ids
    assert len({row.key for row in rows(database)}) == 10
    assert [run.state for run in open_runs(database)] == [runs.DONE]


def test_plan_leaves_out_those_who_are_not_in_the_audience(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 4)
    audience = {"roles": ["clerk"], "except": {"people": ["p2"]}}
    staff(database, 2, start=5, role="driver")
    launch(database, campaign(audience=audience), now)
    plan(database, now)
    assert [row.person_id for row in rows(database)] == [ids[0], ids[2], ids[3]]


def test_plan_is_due_in_everybodys_own_morning(database: Database, now: datetime) -> None:
    staff(database, 1, time_zone="Asia/Tokyo")
    staff(database, 1, start=2, time_zone="America/New_York")
    launch(database, campaign(vision(at="2027-01-13T09:00:00")), now)
    plan(database, now)
    due = [row.due_at for row in rows(database)]
    assert due == [datetime(2027, 1, 13, 0, tzinfo=UTC), datetime(2027, 1, 13, 14, tzinfo=UTC)]


def test_plan_waits_until_a_day_before_it_begins_anywhere(
    database: Database, now: datetime
) -> None:
    staff(database, 1)
    launch(database, campaign(vision(at="2027-01-20T09:00:00")), now)
    first = datetime(2027, 1, 18, 19, tzinfo=UTC)  # the 20th, 09:00, at UTC+14, less a day
    assert plan(database, first - timedelta(seconds=1)) == 0
    assert plan(database, first) == 1


def test_plan_closes_a_pulse_so_many_days_after_it_is_due(
    database: Database, now: datetime
) -> None:
    staff(database, 1)
    launch(database, campaign(pulse(open_days=4)), now)
    plan(database, now)
    [row] = rows(database)
    assert row.kind == Kind.PULSE
    assert row.closes_at == row.due_at + timedelta(days=4)


def test_plan_goes_on_behind_the_cursor_when_a_fan_out_broke_off(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 4)
    ids = staff(database, 10)
    launch(database, campaign(), now)
    with broken_at(database, "INSERT INTO deliveries", 2), pytest.raises(ConnectionError):
        plan(database, now)
    assert len(rows(database)) == 4
    assert plan(database, now) == 0  # the lease still runs
    assert plan(database, now + planning.LEASE) == 6
    assert [row.person_id for row in rows(database)] == ids


def test_plan_does_not_half_include_those_who_come_after_it(
    database: Database, now: datetime
) -> None:
    staff(database, 2)
    launch(database, campaign(vision(), pulse(days_after_launch=5)), now)
    plan(database, now)
    [new] = staff(database, 1, start=3)
    plan(database, now)
    assert len(rows(database)) == 2
    plan(database, now + 5 * DAY)
    assert [row.touchpoint for row in rows(database) if row.person_id == new] == ["pulse"]


def test_plan_writes_the_new_version_for_runs_that_reached_nobody_yet(
    database: Database, now: datetime
) -> None:
    first = launch(database, campaign(vision(), vision("later", days_after_launch=7)), now)
    staff(database, 2)
    plan(database, now)
    second = launch(
        database,
        campaign(vision(at="2027-01-14T09:00:00"), vision("later", days_after_launch=8)),
        now,
    )
    plan(database, now + 8 * DAY)
    by_touchpoint = {(row.touchpoint, row.version_id) for row in rows(database)}
    assert by_touchpoint == {("why", first.version_id), ("later", second.version_id)}
    assert len(rows(database)) == 4  # what came once does not come again because its time changed


def test_launch_plans_afresh_when_a_fan_out_broke_off_before_anybody(
    database: Database, now: datetime
) -> None:
    staff(database, 2)
    launch(database, campaign(), now)
    with broken_at(database, "INSERT INTO deliveries", 1), pytest.raises(ConnectionError):
        plan(database, now)
    second = launch(database, campaign(title="The portal, corrected"), now)
    assert plan(database, now + planning.LEASE) == 2
    assert {row.version_id for row in rows(database)} == {second.version_id}


def test_cadence_makes_a_run_each_time_up_to_its_number(database: Database, now: datetime) -> None:
    staff(database, 1)
    weekly = pulse(cron="0 9 * * WED", times=3)
    launch(database, campaign(weekly), now)
    for days in range(0, 40, 2):
        plan(database, now + days * DAY)
        if days == 10:  # the number counts over all versions
            launch(database, campaign(weekly, vision()), now + days * DAY)
    assert sum(row.touchpoint == "pulse" for row in rows(database)) == 3


@pytest.mark.parametrize(
    "cadence", [{"cron": "0 9 * * *"}, {"every_days": 6, "first_after_days": 0, "times": 9}]
)
def test_cadence_of_a_later_version_does_not_begin_in_the_past(
    database: Database, now: datetime, cadence: dict[str, Any]
) -> None:
    staff(database, 1)
    launch(database, campaign(), now)
    launch(database, campaign(vision(), vision("drip", **cadence)), now + 30 * DAY)
    plan(database, now + 30 * DAY)
    drips = [row for row in rows(database) if row.touchpoint == "drip"]
    assert min(row.due_at for row in drips) == now + 30 * DAY


def test_distance_from_the_launch_stays_when_a_new_version_comes(
    database: Database, now: datetime
) -> None:
    staff(database, 1)
    fortnightly = pulse(every_days=14, first_after_days=1, times=3)
    launch(database, campaign(fortnightly), now)
    for days in range(0, 60, 3):
        plan(database, now + days * DAY)
        if days == 6:
            launch(database, campaign(fortnightly, vision()), now + days * DAY)
    due = [row.due_at for row in rows(database) if row.touchpoint == "pulse"]
    assert due == [now + days * DAY for days in (1, 15, 29)]


def test_reminder_is_planned_with_the_pulse_that_reached_the_person(
    database: Database, now: datetime
) -> None:
    [first] = staff(database, 1)
    staff(database, 1, start=2)
    with database.write() as c:
        left = select(people.c.id).where(people.c.id != first)
        launch_ids = list(c.scalars(left))
    launch(database, campaign(pulse(), reminder(days=2)), now)
    plan(database, now)
    with database.write() as c:
        c.execute(update(people).where(people.c.id.in_(launch_ids)).values(active=False))
    deliver_due(database, InterruptedMessenger(), plain, now)
    [row] = [row for row in rows(database) if row.kind == Kind.REMINDER]
    [asked] = [row for row in rows(database, State.SENT) if row.kind == Kind.PULSE]
    assert (row.person_id, row.subject_id, row.state) == (first, asked.id, State.PENDING)
    assert (row.due_at, row.closes_at) == (now + 2 * DAY, asked.closes_at)


def test_two_planners_at_once_write_each_row_once(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.flows.planning.CHUNK", 7)
    ids = staff(database, 100)
    launch(database, campaign(), now)
    threads = [
        Thread(target=plan, args=(database, moment)) for moment in (now, now + LEASE, now + LEASE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.person_id for row in rows(database)] == ids
