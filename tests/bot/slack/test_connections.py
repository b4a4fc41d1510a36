"""Calls share connections, and no call is made twice for it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from bot.slack import connections
from bot.slack.client import calling, connect
from bot.slack.speaking import Speaker
from bot.slack.talkers import Talkers
from campaigns.errors import InDoubtError
from tests.bot.slack.desk import settings_at

GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}'
LAST = GOOD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


@dataclass
class Heard:
    """What a server heard; `answers` are what it says to each request, and then it hangs up."""

    answers: tuple[bytes, ...]
    calls: list[str] = field(default_factory=list)
    n_connections: int = 0
    url: str = ""
    gone: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        heard: Heard = self.server.heard  # type: ignore[attr-defined]
        heard.n_connections += 1
        for answer in heard.answers:
            if not (line := self.rfile.readline()):
                return
            heard.calls.append(line.decode().strip())
            self._read_on()
            self.wfile.write(answer)

    def _read_on(self) -> None:
        length = 0
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        self.rfile.read(length)

    def finish(self) -> None:
        super().finish()
        self.request.shutdown(1)
        self.server.heard.gone.release()  # type: ignore[attr-defined]


@contextmanager
def server(*answers: bytes) -> Iterator[Heard]:
    """A server that answers so on each of its connections."""
    heard = Heard(answers)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        listening.heard = heard  # type: ignore[attr-defined]
        heard.url = f"http://127.0.0.1:{listening.server_address[1]}/api/"
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield heard
        listening.shutdown()
        thread.join()


def test_calls_share_a_connection() -> None:
    with server(GOOD, GOOD, GOOD) as heard:
        client = connect(settings_at(heard.url, "xoxb-1"))
        for _ in range(3):
            client.auth_test()
    assert (heard.n_connections, len(heard.calls)) == (1, 3)


@pytest.mark.parametrize("answer", [GOOD, LAST])
def test_connection_is_left_alone_when_the_server_has_hung_up(answer: bytes) -> None:
    with server(answer) as heard:
        client = connect(settings_at(heard.url, "xoxb-1"))
        for n in range(3):
            client.auth_test()
            assert heard.gone.acquire(timeout=10.0), n
    assert (heard.n_connections, len(heard.calls)) == (3, 3)


def test_connection_is_left_alone_when_nobody_used_it_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "KEPT_SECONDS", 0.0)
    with server(GOOD, GOOD) as heard:
        client = connect(settings_at(heard.url, "xoxb-1"))
        client.auth_test()
        client.auth_test()
    assert (heard.n_connections, len(heard.calls)) == (2, 2)


def test_call_is_in_doubt_and_made_once_when_its_old_connection_breaks() -> None:
    with server(GOOD, b"") as heard:
        client = connect(settings_at(heard.url, "xoxb-1"))
        client.auth_test()
        with pytest.raises(InDoubtError), calling():
            client.chat_postMessage(channel="U1", text="Good morning")
    assert (heard.n_connections, len(heard.calls)) == (1, 2)


def test_call_takes_the_librarys_own_way_when_there_is_a_proxy() -> None:
    with server(GOOD) as proxy:
        client = connect(settings_at("http://slack.test/api/", "xoxb-1"))
        client.proxy = proxy.url
        client.auth_test()
    assert proxy.calls == ["POST http://slack.test/api/auth.test HTTP/1.1"]


def test_replies_to_presses_share_a_connection() -> None:
    with server(GOOD, GOOD, GOOD) as heard:
        talkers = Talkers(1)
        speaker, failed = Speaker(talkers), list[int]()
        for n in range(3):
            speaker.show(f"{heard.url}{n}", {"text": "Thank you."}, lambda: failed.append(1))
        talkers.stop()
    assert (heard.n_connections, len(heard.calls), failed) == (1, 3, [])
