"""WebSocket frames (RFC 6455), the server's side of them.

Written out here because none of the installed packages speaks it as a server; Slack's own clients
are the other end in the tests.
"""

import base64
import hashlib
import socket
import struct
from dataclasses import dataclass

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accept_key(key: str) -> str:
    """The answer to the client's Sec-WebSocket-Key."""
    return base64.b64encode(hashlib.sha1(key.encode() + _MAGIC).digest()).decode()


def frame(opcode: int, payload: bytes) -> bytes:
    """One whole frame, unmasked as a server's are."""
    n = len(payload)
    if n < 126:
        head = struct.pack("!BB", 0x80 | opcode, n)
    elif n < 65_536:
        head = struct.pack("!BBH", 0x80 | opcode, 126, n)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 127, n)
    return head + payload


@dataclass(frozen=True)
class Frame:
    """What the client sent; `final` is false where more of the message follows."""

    final: bool
    opcode: int
    payload: bytes


class Reader:
    """Takes messages off a socket. A timeout loses nothing: read again."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._held = bytearray()
        self._parts: list[bytes] = []
        self._opcode = 0

    def message(self) -> tuple[int, bytes]:
        """The next whole message or control frame; EOFError when the other end is gone."""
        while True:
            one = self._frame()
            if one.opcode >= CLOSE:
                return one.opcode, one.payload
            if one.opcode:
                self._opcode = one.opcode
            self._parts.append(one.payload)
            if one.final:
                whole = b"".join(self._parts)
                self._parts.clear()
                return self._opcode, whole

    def _frame(self) -> Frame:
        while (parsed := self._parse()) is None:
            more = self._connection.recv(65_536)
            if not more:
                raise EOFError
            self._held += more
        return parsed

    def _parse(self) -> Frame | None:
        held = self._held
        if len(held) < 2:
            return None
        first, second = held[0], held[1]
        extra = {126: 2, 127: 8}.get(second & 0x7F, 0)
        start = 2 + extra + 4
        if not second & 0x80:
            raise EOFError("A client has to mask its frames.")
        if len(held) < start:
            return None
        n = int.from_bytes(held[2 : 2 + extra], "big") if extra else second & 0x7F
        if len(held) < start + n:
            return None
        mask = bytes(held[start - 4 : start]) * (n // 4 + 1)
        masked = bytes(held[start : start + n])
        plain = int.from_bytes(masked, "big") ^ int.from_bytes(mask[:n], "big")
        del held[: start + n]
        return Frame(bool(first & 0x80), first & 0x0F, plain.to_bytes(n, "big"))
