"""Launch, versions, pause, resume and stop."""

from datetime import datetime, timedelta

import pytest

from campaigns.domain.outbox import Kind, State
from campaigns.errors import DefinitionError, NotFoundError, StateError
from campaigns.flows import planning
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import launch, pause, plan, resume, stop
from campaigns.storage import campaigns, outbox, runs
from campaigns.storage.backlog import Gone
from campaigns.storage.database import Database
from campaigns.storage.outbox import NewDelivery
from tests.sending import (
    InterruptedMessenger,
    broken_at,
    campaign,
    open_runs,
    plain,
    pulse,
    rows,
    staff,
    vision,
)

DAY = timedelta(days=1)


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
    with pytest.raises(DefinitionError, match="new key"):
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
    assert stopped.gone == (Gone("pulse", 3, now),)
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
