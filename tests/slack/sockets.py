"""Socket Mode: up to ten connections, envelopes to any of them, acknowledgements back.

A connection may be a ghost: Slack counts it and sends to it, and nobody is there.
"""

import contextlib
import json
import random
import secrets
import socket
import struct
import threading
from collections.abc import Mapping

from tests.slack.faults import Faults
from tests.slack.frames import CLOSE, PING, PONG, TEXT, Reader, accept_key, frame
from tests.slack.members import APP, Json
from tests.slack.sending import Sent
from tests.slack.workspace import Workspace

MOST_CONNECTIONS, PING_SECONDS = 10, 5.0
_CUT = struct.pack("ii", 1, 0)  # linger, for no time
WITH_ANSWER = ("interactive", "slash_commands")


class Connection:
    """One open socket; whole frames only, whichever thread writes."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._lock = threading.Lock()

    def send(self, opcode: int, payload: bytes) -> bool:
        """Whether it could be written."""
        try:
            with self._lock:
                self.socket.sendall(frame(opcode, payload))
        except OSError:
            return False
        return True

    def json(self, content: Json) -> bool:
        """Whether the message could be written."""
        return self.send(TEXT, json.dumps(content).encode())

    def close(self) -> None:
        """Says goodbye; whoever reads goes on until the other end is gone, so nothing is reset."""
        self.send(CLOSE, struct.pack("!H", 1000))
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """The line is cut: no goodbye."""
        reset(self.socket)


def reset(connection: socket.socket) -> None:
    """The other end gets a reset, not an end."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CUT)
        connection.shutdown(socket.SHUT_RD)  # wakes whoever reads; closing it resets


def cut(connection: socket.socket) -> bool:
    """Whether it was reset."""
    try:
        linger = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
    except OSError:
        return True
    return linger == _CUT


class Hub:
    """Slack's end of Socket Mode."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace, self._faults = workspace, faults
        self._tickets: set[str] = set()
        self._pending: dict[str, Sent] = {}
        self._chance = random.Random(1)
        self.connections: list[Connection] = []
        self.ghosts = 0
        self.answers_pings, self.n_pongs = True, 0
        self.address = ""

    @property
    def n_connections(self) -> int:
        """As Slack counts them."""
        return len(self.connections) + self.ghosts

    def url(self) -> str:
        """An address that is good for one connection."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return f"{self.address}?ticket={ticket}"

    def serve(self, raw: socket.socket, query: Mapping[str, str], key: str) -> None:
        """Talks to one client until it is gone."""
        with self._workspace.lock:
            known = query.get("ticket") in self._tickets
            self._tickets.discard(query.get("ticket", ""))
        if not known or not key:
            raw.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        raw.sendall(_upgrade(key))
        one = Connection(raw)
        if not self._enter(one):
            one.json(_disconnect("too_many_websockets"))
            one.close()
        try:
            self._listen(one)
        finally:
            self._leave(one)

    def _enter(self, one: Connection) -> bool:
        with self._workspace.changed:
            if self.n_connections >= MOST_CONNECTIONS:
                return False
            self.connections.append(one)
            hello = {"type": "hello", "num_connections": self.n_connections}
            debug = {"host": "applink-test", "approximate_connection_time": 18_060}
            one.json(hello | {"debug_info": debug, "connection_info": {"app_id": APP}})
            self._workspace.changed.notify_all()
        return True

    def _leave(self, one: Connection) -> None:
        with self._workspace.changed:
            self.connections = [other for other in self.connections if other is not one]
            self._workspace.changed.notify_all()

    def _listen(self, one: Connection) -> None:
        one.socket.settimeout(PING_SECONDS)
        reader = Reader(one.socket)
        while True:
            try:
                opcode, payload = reader.message()
            except TimeoutError:
                one.send(PING, b"Ping from applink-test")
                continue
            except (OSError, EOFError):
                return
            if opcode == PING and self.answers_pings:
                one.send(PONG, payload)
                self.n_pongs += 1
                self._workspace.notice()
            elif opcode == CLOSE:
                one.close()
            elif opcode == TEXT:
                self._acknowledge(json.loads(payload))

    def _acknowledge(self, message: Json) -> None:
        sent = self._pending.get(str(message.get("envelope_id")))
        if sent is not None:
            sent.ack(message.get("payload"))
            self._workspace.notice()

    def deliver(self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "") -> Sent:
        """One envelope to any connection, or to none if it is to be lost."""
        sent, fault = Sent(payload), self._faults.take(kind)
        if fault and fault.name == "lost":
            sent.fail("lost")
            return sent
        retry = {"retry_attempt": attempt, "retry_reason": reason}
        for _ in range(2 if fault and fault.name == "duplicated" else 1):
            envelope: Json = {"type": kind, "envelope_id": secrets.token_hex(16)}
            envelope |= {"payload": payload, "accepts_response_payload": kind in WITH_ANSWER}
            self._pending[envelope["envelope_id"]] = sent
            if not self._send(envelope | (retry if kind == "events_api" else {})):
                sent.fail("no connection")
        return sent

    def _send(self, envelope: Json) -> bool:
        with self._workspace.lock:
            if not self.n_connections:
                return False
            place = self._chance.randrange(self.n_connections)
            if place >= len(self.connections):
                return True  # a ghost has it
            chosen = self.connections[place]
        return chosen.json(envelope)

    def raw(self, text: str) -> None:
        """These very words to every connection, well-formed or not."""
        for one in list(self.connections):
            one.send(TEXT, text.encode())

    def disconnect(self, reason: str) -> None:
        """Slack says that it ends the connections; except after a warning, it does so."""
        for one in list(self.connections):
            one.json(_disconnect(reason))
            if reason != "warning":
                self._end(one)

    def drop(self) -> None:
        """All connections are cut without a word."""
        for one in list(self.connections):
            one.reset()

    def stop(self) -> None:
        """All connections end."""
        for one in list(self.connections):
            self._end(one)

    def _end(self, one: Connection) -> None:
        self._leave(one)
        one.close()


def _upgrade(key: str) -> bytes:
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Accept: {accept_key(key)}", "", ""]
    return "\r\n".join(lines).encode()


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-test"}}
