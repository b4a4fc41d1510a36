"""How many messages a second go to Slack where nothing limits them, and how much memory that holds.

    python bench/slack_sending.py [messages] [database address]

The far side is a process of its own that takes everything and checks nothing; the test server looks
at every block, which takes twice as long as to send it. For every 50 messages it is asked who wants
not to be disturbed. Each line is a tenth of the messages, with
the resident memory of the sending process at its end.
"""

import json
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
from socketserver import StreamRequestHandler, ThreadingTCPServer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.not_disturbing import Undisturbed
from campaigns.flows.planning import launch, plan
from campaigns.storage.database import Database
from campaigns.storage.tables import metadata
from tests.bot.slack import desk
from tests.sending import campaign, staff, vision

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
AT_ONCE = 2000


def main() -> None:
    """Fill the outbox, send it all, and print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/bench.db"
        database = Database(address)
        fill(database, number)
        with far_side() as api_url:
            send(database, api_url, number)


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
def far_side() -> Iterator[str]:
    """The address of a server that takes everything."""
    processes = get_context("spawn")
    ours, theirs = processes.Pipe()
    child = processes.Process(target=serve, args=(theirs,), daemon=True)
    child.start()
    yield f"http://127.0.0.1:{ours.recv()}/api/"
    child.kill()


class Taking(StreamRequestHandler):
    """Reads a request and says that the message is there."""

    def handle(self) -> None:
        """One request after the other, for as long as the connection is open."""
        while asked := self.rfile.readline():
            length = 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            self.answer(asked, self.rfile.read(length))

    def answer(self, asked: bytes, body: bytes) -> None:
        """The message is there; nobody has do-not-disturb on."""
        if b"/dnd.teamInfo" in asked:
            told: dict[str, object] = {"users": {}}
        else:
            told = {"channel": f"D{json.loads(body)['channel']}", "ts": f"{time.time():.6f}"}
        said = json.dumps({"ok": True} | told).encode()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(said) + said)


class Taker(ThreadingTCPServer):
    """A thread a connection."""

    request_queue_size = 64


def serve(line: Connection) -> None:
    """Answers until it is killed."""
    with Taker(("127.0.0.1", 0), Taking) as server:
        line.send(server.server_address[1])
        server.serve_forever()


def send(database: Database, api_url: str, number: int) -> None:
    """All of it, a line of the table each tenth."""
    messenger = desk.messenger_by(desk.settings_at(api_url, "xoxb-of-nobody"), database, NOW)
    process, n_sent, known = psutil.Process(os.getpid()), 0, Undisturbed()
    print(f"{'messages':>10}{'seconds':>10}{'a second':>10}{'CPU s':>10}{'MB':>8}")
    for tenth in range(1, 11):
        began, cpu, before = time.perf_counter(), time.process_time(), n_sent
        while n_sent < number * tenth // 10:
            n_sent += deliver_due(database, messenger, compose, NOW, undisturbed=known)
        seconds = time.perf_counter() - began
        figures = (f"{n_sent:>10}", f"{seconds:>10.1f}", f"{(n_sent - before) / seconds:>10.0f}")
        own = f"{time.process_time() - cpu:>10.1f}"
        print(*figures, own, f"{process.memory_info().rss / 2**20:>8.0f}", sep="", flush=True)


if __name__ == "__main__":
    main()
