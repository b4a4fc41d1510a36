"""A socket that hands out one WebSocket frame (RFC 6455) at a time, and each of them whole.

The library calls itself again for each frame that is there already. A few hundred of them in a
burst, and it stops at Python's limit with all of them in hand: presses that nobody sends again.
"""

import socket
from typing import Any

_AT_ONCE = 64 * 1024
_LENGTH_BYTES = {126: 2, 127: 8}  # a short length that says: the real one follows


class FrameSocket:
    """The socket that it is given, but for `recv`. One thread reads; a timeout loses nothing."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._held = bytearray()

    def recv(self, _size: int) -> bytes:
        """The next frame, however long; empty when the other end is gone."""
        while (length := self._length()) is None or len(self._held) < length:
            more = self._connection.recv(_AT_ONCE)
            if not more:
                return b""
            self._held += more
        frame = bytes(self._held[:length])
        del self._held[:length]
        return frame

    def _length(self) -> int | None:
        """Of the frame that begins what is held, with its head; None before its head is there."""
        held = self._held
        if held[:1] == b"\n":  # the library leaves it of the handshake, and knows
            return 1
        if len(held) < 2:
            return None
        masked, short = held[1] & 0x80, held[1] & 0x7F
        head = 2 + _LENGTH_BYTES.get(short, 0)
        if len(held) < head:
            return None
        payload = int.from_bytes(held[2:head], "big") if head > 2 else short
        return head + (4 if masked else 0) + payload

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
