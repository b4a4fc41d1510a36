"""One Socket Mode connection: hands over what comes, acknowledges it, and never renews itself.

The library would reconnect from several threads at once, without a pause between tries. So here
each connection lives once, tells how it is, and whoever watches it opens the next one.
"""

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.logs import described
from bot.slack.app import STORED
from bot.slack.frames import FrameSocket
from bot.slack.hush import hushed

PING_SECONDS = 5.0
GOODBYE_SECONDS = 1.0
STORING_SECONDS = 3.0  # after which Slack waits for no acknowledgement any more
_GOODBYE = bytes((0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8))  # a close frame of a client: 1000, done
SILENT_PINGS = 4  # so many without an answer: nobody is there
_SHORT = 2000  # characters: what tells about the connection itself is shorter
_log = logging.getLogger(__name__)


Press = Callable[[Mapping[str, Any]], Future[None] | None]


class Line(SocketModeClient):
    """An open connection. `num_connections` is what Slack said of all of this app's.

    Presses come in bursts and go straight to `press`: the app's way there, with a client, an
    authorization and a list of matchers for each, would take a third of the time of a burst.
    """

    def __init__(
        self,
        app: App,
        press: Press,
        client: WebClient,
        app_token: str,
        url: str,
        threads: int,
        changed: Callable[[], None],
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        super().__init__(
            app_token,
            logger=hushed(),
            web_client=client,
            auto_reconnect_enabled=False,
            ping_interval=ping_seconds,
            concurrency=threads,
        )
        self._app = app
        self._press = press
        self._changed = changed
        self.wss_uri = url
        self.heard_at = self.opened_at = time.monotonic()
        self.num_connections = 0
        self.ended = ""  # why Slack wants another one
        self._unstored: set[str] = set()  # envelopes whose acknowledgement waits for the database
        self._to_send: SimpleQueue[str | None] = SimpleQueue()
        self._sender = threading.Thread(target=self._send_all, name="slack-acks", daemon=True)
        self._sender.start()
        self.message_listeners.append(self._received)  # type: ignore[arg-type]
        self.on_message_listeners.append(self._heard)

    @property
    def is_up(self) -> bool:
        """Whether Slack has said hello on it and it is open."""
        return self.num_connections > 0 and self.is_connected()

    @property
    def is_deaf(self) -> bool:
        """Whether pings go unanswered, also where none was ever answered."""
        session, patience = self.current_session, SILENT_PINGS * self.ping_interval
        if session is None or time.monotonic() - self.opened_at < patience:
            return False
        return time.time() - (session.last_ping_pong_time or 0.0) > patience

    def connect(self) -> None:
        """It is open, and read frame by frame."""
        super().connect()
        session = self.current_session
        if session is not None and session.sock is not None:
            session.sock = FrameSocket(session.sock)  # type: ignore[assignment]

    def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002
        """The library's wish for a new connection: whoever watches this one decides."""
        self.ended = self.ended or "closed"
        self._changed()

    def close(self) -> None:
        """Nothing more is taken in, what was is worked off, and then the connection is gone."""
        self._say_goodbye()
        self.closed = True
        self.enqueue_message("")  # wakes up who waits for messages
        self.message_processor.shutdown()  # type: ignore[no-untyped-call]
        self.message_workers.shutdown()
        until = time.monotonic() + STORING_SECONDS
        while self._unstored and time.monotonic() < until:
            time.sleep(0.01)
        self._to_send.put(None)
        self._sender.join()
        super().close()

    def send_message(self, message: str) -> None:
        """It goes out in its turn. Threads that waited for each other here would triple the time
        that a burst takes."""
        self._to_send.put(message)

    def _send_all(self) -> None:
        while (message := self._to_send.get()) is not None:
            try:
                super().send_message(message)
            except SlackClientError as error:
                _log.warning("An acknowledgement did not go out: %s", type(error).__name__)

    def _say_goodbye(self) -> None:
        """Slack is told first, so that it sends nothing more; what it had sent is still read."""
        session, until = self.current_session, time.monotonic() + GOODBYE_SECONDS
        if session is None:
            return
        with contextlib.suppress(OSError), session.sock_send_lock:
            if session.sock is not None:
                session.sock.sendall(_GOODBYE)
        while session.is_active() and time.monotonic() < until:
            time.sleep(0.01)
        if (still_open := session.sock) is not None:
            with contextlib.suppress(OSError):
                still_open.shutdown(socket.SHUT_RDWR)  # wakes up who waits for it

    def _heard(self, raw: str) -> None:
        self.heard_at = time.monotonic()
        if len(raw) > _SHORT:
            return
        try:
            message = json.loads(raw)
        except ValueError:
            return
        if not isinstance(message, Mapping):
            return
        if message.get("type") == "hello":
            told = message.get("num_connections")
            self.num_connections = told if isinstance(told, int) and told > 0 else 1
            self._changed()
        elif message.get("type") == "disconnect":
            reason = message.get("reason")
            known = isinstance(reason, str) and reason.isidentifier() and len(reason) <= 40
            self.ended = str(reason) if known else "disconnect"

    def _received(self, _client: object, message: Mapping[str, Any], _raw: str) -> None:
        """One envelope, done and acknowledged; one that can't be read is acknowledged all the same,
        or it would come again and again."""
        envelope_id = message.get("envelope_id")
        if not isinstance(envelope_id, str):
            return
        envelope = SocketModeRequest("unreadable", envelope_id, {})
        stored: Future[None] | None = None
        try:
            envelope = SocketModeRequest.from_dict(dict(message)) or envelope
            response, stored = self._taken_in(envelope)
        except Exception as error:  # an edge: the library has nobody above it who would acknowledge
            _log.error("An envelope could not be read: %s", described(error))
            response = BoltResponse(status=200)
        if stored is None:
            send_response(self, envelope, response, 0.0)
        else:
            self._acknowledge_after(stored, envelope, response)

    def _taken_in(self, envelope: SocketModeRequest) -> tuple[BoltResponse, Future[None] | None]:
        if envelope.payload.get("type") == "block_actions":
            return BoltResponse(status=200), self._press(envelope.payload)
        headers = build_headers(envelope)
        request = BoltRequest(mode="socket_mode", body=envelope.payload, headers=headers)
        return self._app.dispatch(request), request.context.get(STORED)

    def _acknowledge_after(
        self, stored: Future[None], envelope: SocketModeRequest, response: BoltResponse
    ) -> None:
        """Whoever stores it acknowledges it, and this thread goes on."""

        def acknowledge(stored: Future[None]) -> None:
            if stored.exception() is None:
                send_response(self, envelope, response, 0.0)
            self._unstored.discard(envelope.envelope_id)

        self._unstored.add(envelope.envelope_id)
        stored.add_done_callback(acknowledge)
