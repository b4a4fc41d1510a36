"""How many messages a second go to Slack where nothing limits them, and how much memory that holds.

    python bench/slack_sending.py [messages] [database address]

The test server runs in a process of its own and answers at once. Each line is a tenth of the
messages, with the resident memory of the sending process at its end.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import launch, plan
from campaigns.storage.database import Database
from campaigns.storage.tables import metadata
from tests.bot.slack import desk
from tests.sending import campaign, staff, vision
from tests.slack_server import SlackServer

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
AT_ONCE = 2000


def main() -> None:
    """Fill the outbox, send it all, and print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/bench.db"
        database = Database(address)
        fill(database, number)
        with server(number) as given:
            send(database, given, number)


def fill(database: Database, number: int) -> None:
    """So many people whom Slack knows, each with a message that is due."""
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    for start in range(1, number + 1, AT_ONCE):
        staff(database, min(AT_ONCE, number + 1 - start), start)
    desk.all_known(database, {n: f"U{n}" for n in range(1, number + 1)})
    launch(database, campaign(vision()), NOW)
    assert plan(database, NOW) == number


@contextmanager
def server(number: int) -> Iterator[tuple[str, str]]:
    """The address and the token of a test server that knows everybody."""
    processes = get_context("spawn")
    ours, theirs = processes.Pipe()
    child = processes.Process(target=serve, args=(number, theirs))
    child.start()
    yield ours.recv()
    ours.send("that is all")
    child.join()


def serve(number: int, line: Connection) -> None:
    """Answers until something comes over the line."""
    with SlackServer([f"U{n}" for n in range(1, number + 1)]) as slack:
        line.send((slack.api_url, slack.tokens.bot))
        line.recv()


def send(database: Database, given: tuple[str, str], number: int) -> None:
    """All of it, a line of the table each tenth."""
    api_url, token = given
    messenger = desk.messenger_by(desk.settings_at(api_url, token), database, NOW)
    process, n_sent = psutil.Process(os.getpid()), 0
    print(f"{'messages':>10}{'seconds':>10}{'a second':>10}{'CPU s':>10}{'MB':>8}")
    for tenth in range(1, 11):
        began, cpu, before = time.perf_counter(), time.process_time(), n_sent
        while n_sent < number * tenth // 10:
            n_sent += deliver_due(database, messenger, compose, NOW)
        seconds = time.perf_counter() - began
        figures = (f"{n_sent:>10}", f"{seconds:>10.1f}", f"{(n_sent - before) / seconds:>10.0f}")
        own = f"{time.process_time() - cpu:>10.1f}"
        print(*figures, own, f"{process.memory_info().rss / 2**20:>8.0f}", sep="", flush=True)


if __name__ == "__main__":
    main()
