"""Frames come one at a time, however they arrive."""

import logging
import socket
import threading
from collections.abc import Iterator

import pytest
from slack_sdk.socket_mode.builtin.internals import _receive_messages

from bot.slack.frames import FrameSocket
from tests.slack.frames import TEXT, frame

Ends = tuple[socket.socket, FrameSocket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    theirs, ours = socket.socketpair()
    with theirs, ours:
        ours.settimeout(10.0)
        yield theirs, FrameSocket(ours)


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536, 300_000])
def test_frame_comes_whole_whatever_its_length(ends: Ends, length: int) -> None:
    theirs, ours = ends
    sent = frame(TEXT, b"x" * length)
    writer = threading.Thread(target=theirs.sendall, args=(sent + frame(TEXT, b"next"),))
    writer.start()
    assert (ours.recv(1) == sent, ours.recv(1)) == (True, frame(TEXT, b"next"))
    writer.join()


def test_frame_is_not_lost_when_its_rest_comes_late(ends: Ends) -> None:
    theirs, ours = ends
    sent = frame(TEXT, b"x" * 200)
    ours.settimeout(0.01)
    for start in (0, 1, 3):
        theirs.sendall(sent[start : {0: 1, 1: 3}.get(start, 50)])
        with pytest.raises(TimeoutError):
            ours.recv(1)
    theirs.sendall(sent[50:])
    assert ours.recv(1) == sent


def test_frame_is_empty_when_the_other_end_is_gone(ends: Ends) -> None:
    theirs, ours = ends
    theirs.sendall(b"\x81")
    theirs.close()
    assert ours.recv(1) == b""


def test_library_reads_a_burst_that_was_there_before_it(ends: Ends) -> None:
    theirs, ours = ends
    left_of_the_handshake = b"\n"
    burst = left_of_the_handshake + b"".join(frame(TEXT, b"%d" % n) for n in range(3_000))
    writer = threading.Thread(target=theirs.sendall, args=(burst,))
    writer.start()
    lock, log = threading.Lock(), logging.getLogger("nobody")
    read = [_receive_messages(ours, lock, log) for _ in range(3_000)]  # type: ignore[arg-type]
    texts = [data for some in read for head, data in some if head]
    assert texts == [b"%d" % n for n in range(3_000)]
    writer.join()
