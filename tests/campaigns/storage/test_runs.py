"""Runs: once an occurrence, one at work, a cursor that only a lock may move."""

from datetime import datetime, timedelta

import pytest

from campaigns.storage import campaigns, runs
from campaigns.storage.campaigns import PAUSED, RUNNING, Launched
from campaigns.storage.database import Database
from campaigns.storage.runs import NewRun
from tests.sending import campaign

LEASE = timedelta(minutes=1)


@pytest.fixture
def launched(database: Database, now: datetime) -> Launched:
    with database.write() as c:
        return campaigns.put(c, campaign(), now)


def new(launched: Launched, now: datetime, occurrence: str = "one", state: str = "open") -> NewRun:
    return NewRun(launched.id, launched.version_id, "why", occurrence, now, state)


def test_run_is_stored_once_an_occurrence(
    database: Database, launched: Launched, now: datetime
) -> None:
    with database.write() as c:
        assert runs.put(c, [new(launched, now), new(launched, now, "two")]) == 2
        assert runs.put(c, [new(launched, now), new(launched, now, "three")]) == 1
        assert runs.put(c, []) == 0
    with database.read() as c:
        found = runs.of_campaign(c, launched.id)
    assert [run.occurrence for run in found] == ["one", "two", "three"]
    assert {(run.state, run.cursor, run.lease_until) for run in found} == {("open", 0, None)}


def test_claim_is_one_at_a_time_until_the_lease_runs_out(
    database: Database, launched: Launched, now: datetime
) -> None:
    with database.write() as c:
        runs.put(c, [new(launched, now)])
        [run_id] = runs.claimable(c, now)
        assert runs.claim(c, run_id, now, now + LEASE)
        assert not runs.claim(c, run_id, now, now + LEASE)
        assert runs.claimable(c, now) == []
        assert runs.claimable(c, now + LEASE) == [run_id]
        assert runs.claim(c, run_id, now + LEASE, now + 2 * LEASE)
        runs.release(c, run_id)
        assert runs.claimable(c, now) == [run_id]


def test_run_is_not_to_be_had_when_it_is_done_or_its_campaign_rests(
    database: Database, launched: Launched, now: datetime
) -> None:
    with database.write() as c:
        runs.put(c, [new(launched, now), new(launched, now, "late", "cancelled")])
        [run_id] = runs.claimable(c, now)
        campaigns.set_state(c, launched.id, PAUSED, now)
        assert runs.claimable(c, now) == []
        assert runs.lock(c, run_id) is None
        campaigns.set_state(c, launched.id, RUNNING, now)
        assert runs.lock(c, run_id) is not None
        runs.advance(c, run_id, 40, done=False)
        locked = runs.lock(c, run_id)
        assert locked is not None
        assert locked.cursor == 40
        runs.advance(c, run_id, 50, done=True)
        assert runs.lock(c, run_id) is None
        assert runs.claimable(c, now) == []
        assert not runs.claim(c, run_id, now, now + LEASE)


def test_cancel_ends_open_runs_alone(database: Database, launched: Launched, now: datetime) -> None:
    with database.write() as c:
        runs.put(c, [new(launched, now), new(launched, now, "two")])
        first, _second = runs.claimable(c, now)
        runs.advance(c, first, 9, done=True)
        assert runs.cancel(c, launched.id) == 1
        assert [run.state for run in runs.of_campaign(c, launched.id)] == ["done", "cancelled"]


def test_forgetting_leaves_what_has_reached_somebody(
    database: Database, launched: Launched, now: datetime
) -> None:
    with database.write() as c:
        names = ("untouched", "begun", "done")
        runs.put(c, [new(launched, now, name) for name in names])
        _, begun, done = runs.claimable(c, now)
        runs.advance(c, begun, 5, done=False)
        runs.advance(c, done, 0, done=True)
        assert runs.forget_untouched(c, launched.id, launched.version_id) == 1
        assert [run.occurrence for run in runs.of_campaign(c, launched.id)] == ["begun", "done"]
