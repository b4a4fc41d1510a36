"""The clock nudges, the actors run the jobs, and one that breaks stops no other."""

import logging
from datetime import datetime
from threading import Event
from time import monotonic

import dramatiq
import pytest
from cryptography.fernet import Fernet
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit
from sqlalchemy import text

from campaigns.domain.lanes import Act, Lane
from campaigns.domain.messages import Message
from campaigns.domain.outbox import State
from campaigns.domain.people import Person
from campaigns.engine.clock import Engine, between_looks
from campaigns.engine.work import Work, actors
from campaigns.flows.planning import launch
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault
from sentiment.watch import TeamDetector
from tests.sending import InterruptedMessenger, campaign, plain, rows, staff

SECRET = "what somebody wrote"


def work(
    database: Database, messenger: InterruptedMessenger, now: datetime, broke: Event | None = None
) -> Work:
    def no_scorer() -> object:
        if broke is not None:
            broke.set()
        raise ValueError(SECRET)

    vault = Vault([Fernet.generate_key().decode()])
    return Work(database, messenger, plain, no_scorer, vault, TeamDetector(), lambda: now)  # type: ignore[arg-type]


def test_engine_plans_and_delivers_by_itself(sqlite_database: Database, now: datetime) -> None:
    ids = staff(sqlite_database, 3)
    launch(sqlite_database, campaign(), now)
    all_sent = Event()
    messenger = InterruptedMessenger()

    def count(_person: Person, _message: Message) -> None:
        if len(messenger.posted) == 3:
            all_sent.set()

    messenger.after = count
    engine = Engine(work(sqlite_database, messenger, now), tick_seconds=0.05)
    engine.start()
    assert all_sent.wait(20)
    engine.stop()
    assert messenger.people() == ids
    assert len(rows(sqlite_database, State.SENT)) == 3


@pytest.mark.parametrize(("n_lanes", "seconds"), [(0, 30.0), (1, 1.0)])
def test_clock_looks_for_slots_every_second_when_there_are_lanes(
    sqlite_database: Database, now: datetime, n_lanes: int, seconds: float
) -> None:
    lanes: dict[Act, Lane] = {"send": Lane("slack:x:chat.postMessage", 300)} if n_lanes else {}
    job = work(sqlite_database, InterruptedMessenger(lanes=lanes), now)
    assert between_looks("deliver", job, 30.0) == seconds
    assert between_looks("plan", job, 30.0) == 30.0
    assert between_looks("deliver", job, 0.2) == 0.2


def test_engine_goes_on_when_a_job_breaks_and_tells_no_payload(
    sqlite_database: Database, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    messenger = InterruptedMessenger()
    ids = staff(sqlite_database, 1)
    sent, broke = Event(), Event()
    engine = Engine(work(sqlite_database, messenger, now, broke), tick_seconds=0.05)
    messenger.after = lambda _person, _message: sent.set()
    with caplog.at_level(logging.ERROR):
        engine.start()
        assert broke.wait(20)
        launch(sqlite_database, campaign(), now)
        assert sent.wait(20)
        engine.stop()
    assert messenger.people() == ids
    assert "The job score broke off: ValueError at " in caplog.text
    assert SECRET not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_job_that_breaks_in_the_database_tells_no_values(
    sqlite_database: Database, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite_database.write() as c:
        c.execute(text("DROP TABLE deliveries"))
    broker = StubBroker(middleware=[AgeLimit()])
    found = actors(broker, work(sqlite_database, InterruptedMessenger(), now), 1)
    found["deliver"].fn()
    assert "The job deliver broke off: OperationalError" in caplog.text
    assert "SELECT" not in caplog.text
    broker.close()


def test_job_runs_once_at_a_time(sqlite_database: Database, now: datetime) -> None:
    staff(sqlite_database, 1)
    launch(sqlite_database, campaign(), now)
    broker = StubBroker(middleware=[AgeLimit()])
    messenger = InterruptedMessenger()
    found = actors(broker, work(sqlite_database, messenger, now), 1)
    found["plan"].fn()
    # A nudge in the middle of a delivery ends at once and leaves the rest to the one at work.
    messenger.before = lambda _person, _message: found["deliver"].fn()
    found["deliver"].fn()
    assert len(messenger.posted) == 1
    found["deliver"].fn()  # and the way is free again
    broker.close()


def test_messages_in_the_queue_carry_nothing(sqlite_database: Database, now: datetime) -> None:
    broker = StubBroker(middleware=[AgeLimit()])
    for actor in actors(broker, work(sqlite_database, InterruptedMessenger(), now), 1).values():
        message: dramatiq.Message[None] = actor.send()
        assert (message.args, message.kwargs) == ((), {})
    broker.close()


def test_work_does_every_job_and_says_how_much(sqlite_database: Database, now: datetime) -> None:
    staff(sqlite_database, 2)
    launch(sqlite_database, campaign(), now)
    done = work(sqlite_database, InterruptedMessenger(), now)
    assert (done.plan(), done.deliver(), done.notice(), done.watch()) == (2, 2, 0, 0)
    assert [*done.jobs] == ["plan", "pass_on", "deliver", "score", "notice", "watch", "erase"]


def test_engine_with_nothing_to_do_stops_at_once(sqlite_database: Database, now: datetime) -> None:
    engine = Engine(work(sqlite_database, InterruptedMessenger(), now), tick_seconds=60)
    engine.start()
    began = monotonic()
    engine.stop()
    assert monotonic() - began < 3


def test_delivery_heeds_who_wants_not_to_be_disturbed_and_knows_it_from_one_look_to_the_next(
    sqlite_database: Database, now: datetime
) -> None:
    ids = staff(sqlite_database, 3)
    launch(sqlite_database, campaign(), now)
    lanes: dict[Act, Lane] = {"ask": Lane("x:ask", 20)}
    messenger = InterruptedMessenger(
        lanes=lanes, undisturbed={ids[0]: now.replace(hour=now.hour + 1)}
    )
    jobs = work(sqlite_database, messenger, now)
    jobs.plan()
    assert (jobs.deliver(), jobs.deliver()) == (2, 0)
    assert messenger.people() == ids[1:]
    assert messenger.asked_for == [ids]
    assert "undisturbed" not in repr(jobs).replace(repr(messenger), "")
