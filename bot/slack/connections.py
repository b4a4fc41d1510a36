"""Connections to Slack that stay open for the next call.

The library opens one for each call: a handshake, and 30 ms of processor time to read the system's
certificates anew. Here a request takes another way; what it says and what its answer means stay the
library's. No call is made twice: on a line that breaks it is in doubt, new or not (D7).
"""

import select
import ssl
import time
import weakref
from collections import defaultdict
from functools import cached_property
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from typing import Any, NamedTuple
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient, WebhookResponse

KEPT_SECONDS = 4.0  # servers let go of idle connections, the first of them after five seconds
_Idle = defaultdict[tuple[str, str], list[tuple[float, HTTPConnection]]]


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: HTTPMessage
    body: str


class Connections:
    """Those that no call is using, by scheme and host; for any number of threads."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._given = context
        self._idle: _Idle = defaultdict(list)
        weakref.finalize(self, _close_all, self._idle)

    def post(self, request: Request, timeout: float) -> Answer:
        """What the server answers, whatever that is. Raises OSError and HTTPException."""
        connection = self._take(request.type, request.host, timeout)
        try:
            connection.request("POST", request.selector, request.data, dict(request.header_items()))
            answer = connection.getresponse()
            body = answer.read().decode(answer.headers.get_content_charset() or "utf-8")
        except BaseException:
            connection.close()
            raise
        if answer.will_close:
            connection.close()
        else:
            self._idle[request.type, request.host].append((time.monotonic(), connection))
        return Answer(answer.status, answer.headers, body)

    def _take(self, scheme: str, host: str, timeout: float) -> HTTPConnection:
        """The one that was used last, where it is still good, or a new one."""
        idle = self._idle[scheme, host]
        try:
            used_at, connection = idle.pop()
        except IndexError:
            return self._new(scheme, host, timeout)
        if time.monotonic() - used_at < KEPT_SECONDS and _is_quiet(connection):
            return connection
        connection.close()
        _close(idle)  # they are older still
        return self._new(scheme, host, timeout)

    def _new(self, scheme: str, host: str, timeout: float) -> HTTPConnection:
        if scheme == "http":
            return HTTPConnection(host, timeout=timeout)
        return HTTPSConnection(host, timeout=timeout, context=self._context)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._given or ssl.create_default_context()


class KeepingClient(WebClient):
    """A client whose calls use open connections; through a proxy each has its own, as before."""

    @cached_property
    def _connections(self) -> Connections:
        return Connections(self.ssl)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        if self.proxy is not None or req.type not in ("http", "https"):
            return super()._perform_urllib_http_request_internal(url, req)
        answer = self._connections.post(req, self.timeout)
        headers = {name.title(): value for name, value in answer.headers.items()}
        return {"status": answer.status, "headers": headers, "body": answer.body}


class KeepingHook(WebhookClient):
    """The same for an address that came with a press; such addresses share their connections."""

    def __init__(self, url: str, connections: Connections, **options: Any) -> None:
        super().__init__(url, **options)
        self._connections = connections

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        if self.proxy is not None or req.type not in ("http", "https"):
            return super()._perform_http_request_internal(url, req)  # type: ignore[no-any-return]
        answer = self._connections.post(req, self.timeout)
        return WebhookResponse(
            url=url,
            status_code=answer.status,
            body=answer.body,
            headers=dict(answer.headers.items()),
        )


def _is_quiet(connection: HTTPConnection) -> bool:
    """Whether nothing has come in: between two answers that is a goodbye."""
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return not waiting.poll(0)


def _close(idle: list[tuple[float, HTTPConnection]]) -> None:
    while idle:
        idle.pop()[1].close()


def _close_all(idle: _Idle) -> None:
    for those in idle.values():
        _close(those)
