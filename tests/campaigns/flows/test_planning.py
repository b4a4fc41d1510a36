"""Launch, versions, pause, resume, stop, and the fan-out by a cursor."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from campaigns.domain.outbox import Kind, State
from campaigns.errors import NotFoundError, StateError
from campaigns.flows import planning
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import launch, pause, plan, resume, stop
from campaigns.storage import campaigns, outbox, runs
from campaigns.storage.database import Database
from campaigns.storage.outbox import NewDelivery
from campaigns.storage.tables import people
from tests.sending import (
    InterruptedMessenger,
    broken_at,
    campaign,
    plain,
    pulse,
    reminder,
    rows,
    staff,
    vision,
)

DAY = timedelta(days=1)


def open_runs(database: Database) -> list[runs.Run]:
    with database.read() as c:
        launched = campaigns.all_launched(c)
        return [run for one in launched for run in runs.of_campaign(c, one.id)]


def test_launch_stores_campaign_and_first_version(database: Database, now: datetime) -> None:
    launched = launch(database, campaign(), now)
    assert (launched.key, launched.state, launched.number) == ("portal", "running", 1)
    assert launched.launched_at == launched.version_at == now
    with database.read() as c:
        assert campaigns.by_key(c, "portal") == launched
        assert campaigns.definition(c, launched.version_id) == campaign()


def test_launch_makes_no_version_when_nothing_changed(database: Database, now: datetime) -> None:
    launch(database, campaign(), now)
    assert launch(database, campaign(), now + DAY).number == 1


def test_launch_makes_the_next_version_when_the_definition_changed(
    database: Database, now: datetime
) -> None:
    first = launch(database, campaign(), now)
    second = launch(database, campaign(vision(), pulse()), now + DAY)
    assert (second.id, second.number, second.launched_at) == (first.id, 2, now)
    with database.read() as c:
        assert campaigns.definition(c, first.version_id) == campaign()


def test_launch_is_refused_when_the_campaign_was_stopped(database: Database, now: datetime) -> None:
    launch(database, campaign(), now)
    stop(database, "portal", now)
    with pytest.raises(StateError, match="new key"):
        launch(database, campaign(vision(), pulse()), now + DAY)
    with database.read() as c:
        assert campaigns.by_key(c, "portal").number == 1


@pytest.mark.parametrize("turn", [pause, resume, stop])
def test_turning_is_refused_when_there_is_no_such_campaign(
    database: Database, now: datetime, turn: object
) -> None:
    with pytest.raises(NotFoundError):
        turn(database, "nothing", now)  # type: ignore[operator]


def test_turning_is_refused_when_the_state_does_not_fit(database: Database, now: datetime) -> None:
    launch(database, campaign(), now)
    with pytest.raises(StateError):
        resume(database, "portal", now)
    assert pause(database, "portal", now).state == "paused"
    with pytest.raises(StateError):
        pause(database, "portal", now)
    stop(database, "portal", now)
    with pytest.raises(StateError):
        stop(database, "portal", now)
    with pytest.raises(StateError):
        resume(database, "portal", now)


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


def test_cadence_of_a_later_version_does_not_begin_in_the_past(
    database: Database, now: datetime
) -> None:
    staff(database, 1)
    launch(database, campaign(), now)
    launch(database, campaign(vision(), vision("drip", cron="0 9 * * *")), now + 30 * DAY)
    plan(database, now + 30 * DAY)
    drips = [row for row in rows(database) if row.touchpoint == "drip"]
    assert min(row.due_at for row in drips) == now + 30 * DAY


def test_pause_holds_everything_and_resume_sends_what_is_overdue(
    database: Database, now: datetime
) -> None:
    staff(database, 3)
    messenger = InterruptedMessenger()
    launch(database, campaign(vision(), pulse(open_days=2)), now)
    plan(database, now)
    pause(database, "portal", now)
    for later in (now, now + DAY, now + 3 * DAY):
        assert plan(database, later) == 0
        assert deliver_due(database, messenger, plain, later) == 0
    assert len(rows(database, State.PENDING)) == 6
    resume(database, "portal", now + 3 * DAY)
    assert deliver_due(database, messenger, plain, now + 3 * DAY) == 3
    assert {row.kind for row in rows(database, State.SENT)} == {Kind.VISION}
    assert {(row.kind, row.reason) for row in rows(database, State.DROPPED)} == {
        (Kind.PULSE, "closed")
    }


def test_resume_fans_out_what_came_due_meanwhile_save_closed_pulses(
    database: Database, now: datetime
) -> None:
    staff(database, 1)
    launch(database, campaign(pulse("daily", open_days=1, cron="0 9 * * *")), now)
    pause(database, "portal", now)
    resume(database, "portal", now + 10 * DAY)
    plan(database, now + 10 * DAY)
    assert {run.state for run in open_runs(database)} == {runs.CANCELLED, runs.DONE}
    assert min(row.closes_at for row in rows(database)) > now + 8 * DAY


def test_stop_takes_back_all_that_waits_and_says_how_much(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 4)
    messenger = InterruptedMessenger()
    launched = launch(database, campaign(vision(), pulse()), now)
    plan(database, now)
    deliver_due(database, messenger, plain, now, limit=3)
    with database.write() as c:
        later = runs.NewRun(launched.id, launched.version_id, "why", "later", now)
        runs.put(c, [later])
        needed = NewDelivery("help", Kind.HELP, ids[0], now + DAY, launched.id)
        outbox.put(c, [needed])
    stopped = stop(database, "portal", now)
    assert (stopped.n_deliveries, stopped.n_runs) == (5, 1)
    assert plan(database, now + DAY) == 0
    assert deliver_due(database, messenger, plain, now + DAY) == 1  # help is never held back
    assert len(rows(database, State.CANCELLED)) == 5


def test_stop_takes_back_a_fan_out_that_broke_off(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 4)
    staff(database, 10)
    launch(database, campaign(), now)
    with broken_at(database, "INSERT INTO deliveries", 2), pytest.raises(ConnectionError):
        plan(database, now)
    stopped = stop(database, "portal", now)
    assert (stopped.n_deliveries, stopped.n_runs) == (4, 1)
    assert plan(database, now + DAY) == 0
    assert [run.state for run in open_runs(database)] == [runs.CANCELLED]


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
