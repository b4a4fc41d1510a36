"""Many presses at once are one transaction, and each caller learns what became of its own."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event as events

from bot.slack.desk import Desk
from bot.slack.intake import Intake
from campaigns.errors import StateError
from campaigns.storage import inbox
from campaigns.storage.database import Database
from campaigns.storage.inbox import LEASE, MAX_ATTEMPTS
from campaigns.storage.vault import Vault, new_key

VAULT = Vault([new_key()])
WORDS = "Nobody has time for this"


def intake(database: Database, now: datetime, stored: list[int]) -> Intake:
    return Intake(database, VAULT, lambda: now, lambda: stored.append(1))


def test_take_keeps_everything_in_few_transactions(database: Database, now: datetime) -> None:
    n_begun: list[int] = []
    stored: list[int] = []
    events.listen(database.engine, "begin", lambda _: n_begun.append(1))
    taking = intake(database, now, stored)
    kept = [taking.take(f"T{n}", "press", {"n": n}) for n in range(200)]
    assert [one.result(timeout=10.0) for one in kept] == [None] * 200
    taking.stop()
    assert 0 < len(n_begun) == len(stored) < 100
    with database.write() as c:
        assert len(inbox.claim(c, now, 500)) == 200


def test_take_tells_every_caller_when_nothing_can_be_stored(
    sqlite_database: Database, now: datetime
) -> None:
    def refuse(_: object) -> None:
        raise OSError("no disk")

    events.listen(sqlite_database.engine, "begin", refuse)
    taking = intake(sqlite_database, now, [])
    tries = [taking.take(f"T{n}", "press", {}) for n in range(10)]
    assert all(isinstance(one.exception(timeout=10.0), OSError) for one in tries)


def test_take_leaves_nobody_waiting_while_it_stops(
    sqlite_database: Database, now: datetime
) -> None:
    taking = intake(sqlite_database, now, [])
    with ThreadPoolExecutor(20) as pool:
        tries = [pool.submit(taking.take, f"T{n}", "press", {}) for n in range(200)]
        taking.stop()
        refused = [one for one in tries if one.result().exception(timeout=10.0)]
    assert all(isinstance(one.result().exception(), StateError) for one in refused)
    with sqlite_database.write() as c:
        assert len(inbox.claim(c, now, 500)) == 200 - len(refused)


def test_take_keeps_content_encrypted(sqlite_database: Database, now: datetime) -> None:
    intake(sqlite_database, now, []).take("T1", "press", {"user": WORDS}).result()
    with sqlite_database.write() as c:
        [one] = inbox.claim(c, now, 1)
    assert WORDS.encode() not in one.content
    assert WORDS in VAULT.decrypt(one.content)


class Time:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def desk(database: Database, time: Time, done: list[Any], failing: list[Exception]) -> Desk:
    def do(content: Any, at: datetime) -> None:
        if failing:
            raise failing.pop()
        done.append((content, at))

    return Desk(database, VAULT, {"press": do}, time)


def test_work_does_each_item_once_as_of_when_it_came(database: Database, now: datetime) -> None:
    time, done = Time(now), list[Any]()
    intake(database, now, []).take("T1", "press", {"n": 1}).result()
    time.now += LEASE
    working = desk(database, time, done, [])
    assert (working.work(), working.work()) == (1, 0)
    assert done == [({"n": 1}, now)]


def test_work_tries_again_later_and_logs_no_words(
    sqlite_database: Database, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    time, done = Time(now), list[Any]()
    intake(sqlite_database, now, []).take("T1", "press", {"n": 1}).result()
    working = desk(sqlite_database, time, done, [RuntimeError(WORDS)])
    assert (working.work(), working.work(), done) == (1, 0, [])
    time.now += LEASE
    assert (working.work(), len(done)) == (1, 1)
    assert WORDS not in caplog.text
    assert "kind press broke off" in caplog.text


def test_work_gives_up_what_breaks_every_time(sqlite_database: Database, now: datetime) -> None:
    time, done = Time(now), list[Any]()
    intake(sqlite_database, now, []).take("T1", "press", {"n": 1}).result()
    working = desk(sqlite_database, time, done, [RuntimeError()] * 99)
    tries = 0
    for _ in range(MAX_ATTEMPTS + 3):
        tries += working.work()
        time.now += LEASE
    assert tries == MAX_ATTEMPTS


def test_one_bad_item_does_not_hold_up_the_others(sqlite_database: Database, now: datetime) -> None:
    done = list[Any]()
    taking = intake(sqlite_database, now, [])
    for n in range(3):
        taking.take(f"T{n}", "press" if n else "of no kind", {"n": n}).result()
    desk(sqlite_database, Time(now), done, []).work()
    assert [content["n"] for content, _ in done] == [1, 2]


def test_desk_gives_back_what_it_has_not_begun_when_it_is_stopped(
    database: Database, now: datetime
) -> None:
    for n in range(3):
        taking = intake(database, now, [])
        taking.take(f"T{n}", "press", {})
        taking.stop()
    mine = Desk(database, VAULT, {"press": lambda *_: mine.stop()}, lambda: now)
    mine.work()
    with database.write() as c:
        left = inbox.claim(c, now, 10)
    assert [one.attempts for one in left] == [1, 1]


def test_desk_loses_nothing_when_a_key_is_missing_for_a_while(
    database: Database, now: datetime
) -> None:
    taking = intake(database, now, [])
    taking.take("T1", "press", {"words": WORDS})
    taking.stop()
    done: list[Any] = []
    moment = now
    for key in [Vault([new_key()])] * (MAX_ATTEMPTS + 2) + [VAULT]:
        moment += LEASE
        Desk(database, key, {"press": lambda body, _: done.append(body)}, lambda: moment).work()  # noqa: B023
    assert done == [{"words": WORDS}]


def test_desk_is_stuck_when_one_item_takes_no_end(
    sqlite_database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.desk._STUCK", 0.2)
    begun, end = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        begun.set()
        end.wait(20.0)

    taking = intake(sqlite_database, now, [])
    mine = Desk(sqlite_database, VAULT, {"press": slow}, lambda: now)
    taking.take("T1", "press", {}).result()
    assert not mine.is_stuck()
    mine.start()
    assert begun.wait(20.0)
    until = time.monotonic() + 20.0
    while not mine.is_stuck() and time.monotonic() < until:
        end.wait(0.05)
    assert mine.is_stuck()
    end.set()
    mine.stop()
    taking.stop()
