"""What is said after a press gets through, or the message is edited the slow way."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

from bot.slack.speaking import Speaker
from bot.slack.talkers import Talkers


class Babble(socketserver.BaseRequestHandler):
    """Answers with what is no HTTP."""

    def handle(self) -> None:
        self.request.recv(65_536)
        self.request.sendall(b"\x00\x01 what is this\r\n\r\n")


@pytest.fixture
def address() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Babble) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("gone", [False, True])
def test_a_message_is_edited_the_slow_way_when_the_answer_makes_no_sense(
    address: str, gone: bool, caplog: pytest.LogCaptureFixture
) -> None:
    talkers, done = Talkers(1), []
    url = "http://127.0.0.1:9/" if gone else address
    Speaker(talkers).show(url, {"text": "words"}, lambda: done.append(1))
    talkers.stop()
    assert done == [1]
    assert "words" not in caplog.text


def test_what_breaks_off_is_logged_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("words")

    talkers = Talkers(1)
    talkers.soon(broken)
    talkers.stop()
    talkers.soon(broken)  # left out
    assert "broke off: RuntimeError@" in caplog.text
    assert "words" not in caplog.text
