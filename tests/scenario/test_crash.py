"""Killed at any moment and started again: everybody has every message, once, on both databases."""

import os
import random
import signal
import sys
import time
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess

import pytest
from sqlalchemy import func, select
from sqlalchemy.sql.schema import Table

from campaigns.domain.outbox import State
from campaigns.storage.database import Database
from campaigns.storage.tables import chat_messages, deliveries
from tests.scenario import crash_child
from tests.sending import rows, staff

N_PEOPLE = 300
N_KILLS = {"sqlite": 18, "postgresql": 6}  # every run of all tests draws other moments
EARLY = 0.3  # of these, so many in the midst of the launch
LATER = 120.0  # seconds between two starts, on the program's own clock: every lease has run out

# Each start is a process of its own, forked from one that has done the imports.
processes = get_context("forkserver")
processes.set_forkserver_preload(["bot.web.messenger", "campaigns.flows.composing"])


def start(database: Database, seconds: float) -> ForkServerProcess:
    ours, theirs = processes.Pipe(duplex=False)
    address = database.engine.url.render_as_string(hide_password=False)
    child = processes.Process(target=crash_child.main, args=(address, seconds, theirs))
    child.start()
    theirs.close()
    assert ours.recv()
    ours.close()
    return child


def finish(child: ForkServerProcess) -> int | None:
    child.join(timeout=60)
    code = child.exitcode
    child.close()
    return code


def count(database: Database, table: Table) -> int:
    with database.read() as c:
        return c.execute(select(func.count()).select_from(table)).scalar_one()


def assert_everybody_has_everything_once(database: Database) -> None:
    posted = (
        select(chat_messages.c.person_id, deliveries.c.touchpoint)
        .join(deliveries, deliveries.c.key == chat_messages.c.delivery_key, isouter=True)
        .order_by(chat_messages.c.person_id, deliveries.c.touchpoint)
    )
    with database.read() as c:
        found = [tuple(row) for row in c.execute(posted)]
    people = range(1, N_PEOPLE + 1)
    assert found == [(person_id, key) for person_id in people for key in ("pulse", "why")]
    assert len(rows(database, State.SENT)) == 2 * N_PEOPLE
    assert len(rows(database, State.PENDING)) == N_PEOPLE  # the reminders, in two days
    assert len(rows(database)) == 3 * N_PEOPLE


def wait_for_more(database: Database, table: Table, more: int, child: ForkServerProcess) -> None:
    """A number of rows and not a time: a slow machine is killed at work as well."""
    goal = count(database, table) + more
    while child.is_alive() and count(database, table) < goal:
        time.sleep(0)


@pytest.mark.slow
def test_everybody_has_each_message_once_when_the_program_is_killed_again_and_again(
    database: Database,
) -> None:
    staff(database, N_PEOPLE)
    seed = os.environ.get("CRASH_SEED") or str(random.SystemRandom().randrange(10**6))
    chance, said = random.Random(seed), [f"CRASH_SEED={seed}"]
    n_kills, n_killed = N_KILLS[database.engine.dialect.name], 0
    for turn in range(n_kills):
        table = deliveries if turn < EARLY * n_kills else chat_messages
        child = start(database, turn * LATER)
        wait_for_more(database, table, chance.randrange(30), child)
        time.sleep(chance.random() * 0.01)
        child.kill()
        n_killed += finish(child) == -signal.SIGKILL
        said.append(f"kill {turn + 1} after {count(database, table)} {table.name}")
    sys.stdout.write("\n".join(said) + "\n")  # shown where the test fails
    assert n_killed >= 0.75 * n_kills
    assert finish(start(database, n_kills * LATER)) == 0
    assert_everybody_has_everything_once(database)


@pytest.mark.slow
def test_everybody_has_each_message_once_when_two_programs_run_at_once(
    database: Database,
) -> None:
    staff(database, N_PEOPLE)
    children = [start(database, 0.0), start(database, 0.0)]
    assert [finish(child) for child in children] == [0, 0]
    assert_everybody_has_everything_once(database)
