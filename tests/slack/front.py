"""The HTTP end: the Web API, response addresses and the way into a socket, on one port."""

import json
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.slack.api import Answer, Api
from tests.slack.members import Json
from tests.slack.sockets import Hub, cut, reset

Hook = Callable[[str, Json], Answer]


class Front(ThreadingHTTPServer):
    """Listens on a free port of this machine until it is closed."""

    daemon_threads = False
    request_queue_size = 1_024

    def __init__(self, api: Api, hub: Hub, hook: Hook) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api, self.hub, self.hook = api, hub, hook
        self.stopping = threading.Event()
        self.open: set[socket.socket] = set()
        self.broken: list[BaseException] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="slack")

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def close(self) -> None:
        """Ends every connection; nothing is left running."""
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        self.hub.stop()
        for connection in list(self.open):
            reset(connection)
        self.server_close()

    def shutdown_request(self, request: Any) -> None:
        """Says goodbye, unless the line is to be cut."""
        if cut(request):
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, *_: Any) -> None:
        """A client that went away is none; everything else fails the test at its end."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.broken.append(error)


class _Handler(BaseHTTPRequestHandler):
    server: Front
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def log_message(self, *_: Any) -> None:
        """The tests ask `calls`."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        area, _, rest = address.path.lstrip("/").partition("/")
        if area == "link":
            self.close_connection = True
            key = self.headers.get("Sec-WebSocket-Key", "")
            self.server.hub.serve(self.connection, query, key)
            return
        args = query | self._body()
        if area == "api":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            token = token or str(args.pop("token", ""))
            self._send(self.server.api.answer(rest, token, args))
        elif area == "hooks":
            self._send(self.server.hook(rest, args))
        else:
            self._send(Answer(b"There is nothing here.", 404, {"Content-Type": "text/plain"}))

    def _body(self) -> Json:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "json" in self.headers.get("Content-Type", ""):
            found = json.loads(raw or "{}")
            return found if isinstance(found, dict) else {}
        return dict(parse_qsl(raw, keep_blank_values=True))

    def _send(self, answer: Answer) -> None:
        if answer.seconds:
            self.server.stopping.wait(answer.seconds)
        if answer.reset:
            self.close_connection = True
            reset(self.connection)
            return
        self.send_response(answer.status)
        kind = {"Content-Type": "application/json; charset=utf-8"}
        for name, value in (kind | dict(answer.headers)).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
