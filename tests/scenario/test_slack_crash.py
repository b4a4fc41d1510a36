"""Killed at any moment of a send to Slack that fails in all its ways: everybody has it, once."""

import os
import random
import signal
import sys
import time
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess

import pytest

from bot.settings import Settings
from campaigns.domain.outbox import State
from campaigns.storage.database import Database
from tests.bot.slack import desk
from tests.scenario import slack_crash_child
from tests.scenario.crash_child import LAUNCHED_AT
from tests.scenario.test_crash import LATER, finish
from tests.sending import rows, staff
from tests.slack_server import SlackServer

N_PEOPLE = 2000
# The whole is 200: CRASH_KILLS=200. Every run of all tests draws other moments, so these add up.
N_KILLS = int(os.environ.get("CRASH_KILLS", "8"))
ON = {"sqlite": 1.0, "postgresql": 0.25}
MORE = 40  # calls between two kills, at most; four batches
SHARE = 0.02  # of the calls meet each of these
FAULTS = ("reset_after_accept", "reset_before_accept", "500", "502", "503_after_storing")
LATE = ("internal_error_after_storing", "internal_error", "429")

# Each start is a process of its own, forked from one that has done the imports.
processes = get_context("forkserver")
processes.set_forkserver_preload(["tests.scenario.slack_crash_child"])


def start(database: Database, given: Settings, seconds: float) -> ForkServerProcess:
    ours, theirs = processes.Pipe(duplex=False)
    address = database.engine.url.render_as_string(hide_password=False)
    child = processes.Process(target=slack_crash_child.main, args=(address, given, seconds, theirs))
    child.start()
    theirs.close()
    assert ours.recv()
    ours.close()
    return child


def go_wrong(slack: SlackServer) -> None:
    for kind in (*FAULTS, *LATE):
        slack.faults.add("chat.postMessage", kind, None, share=SHARE, seconds=1)
    slack.faults.add("dnd.teamInfo", "reset_before_accept", None, share=SHARE)
    for kind in ("reset_before_accept", "500", "internal_error"):
        slack.faults.add("conversations.history", kind, None, share=SHARE)


def wait_for_more(slack: SlackServer, more: int, child: ForkServerProcess) -> None:
    """A number of calls and not a time: a slow machine is killed at work as well."""
    goal = len(slack.calls()) + more
    while child.is_alive() and len(slack.calls()) < goal:
        time.sleep(0.001)


@pytest.mark.slow
def test_everybody_in_slack_has_the_message_once_when_the_program_is_killed_again_and_again(
    database: Database,
) -> None:
    ids = staff(database, N_PEOPLE)
    desk.all_known(database, {n: f"U{n}" for n in ids})
    seed = os.environ.get("CRASH_SEED") or str(random.SystemRandom().randrange(10**6))
    chance = random.Random(seed)
    sys.stdout.write(f"CRASH_SEED={seed}\n")  # shown where the test fails
    n_kills, n_killed = round(N_KILLS * ON[database.engine.dialect.name]), 0
    with SlackServer([f"U{n}" for n in ids]) as slack:
        given = desk.settings(slack)
        go_wrong(slack)
        begins = LAUNCHED_AT.timestamp()
        for number in ids[::7]:
            slack.do_not_disturb(f"U{number}", begins - 60, begins + n_kills * LATER / 2)
        for turn in range(n_kills):
            child = start(database, given, turn * LATER)
            wait_for_more(slack, chance.randrange(MORE), child)
            time.sleep(chance.random() * 0.01)
            child.kill()
            n_killed += finish(child) == -signal.SIGKILL
        for turn in range(n_kills, n_kills + 100):
            if len(rows(database, State.SENT)) == N_PEOPLE:
                break
            child = start(database, given, turn * 60 * LATER)
            child.join()  # all that is left, however slow the machine
            assert finish(child) == 0
        got = {n: len(slack.messages(f"U{n}")) for n in ids}
    assert n_killed >= 0.75 * n_kills
    assert set(got.values()) == {1}
    assert len(rows(database)) == len(rows(database, State.SENT)) == N_PEOPLE
