"""Connections to Slack that stay open for the next call.

The library opens one for each call, with a handshake and the system's certificates read anew. Here
a request takes another way; what it says and what its answer means stay the library's. No call is
made twice: on a line that breaks it is in doubt, whether the line was new or not (D7).
"""

import select
import ssl
import time
import weakref
from collections.abc import Callable
from functools import cached_property, partial
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.request import Request

from slack_sdk import WebClient

KEPT_SECONDS = 4.0  # servers let go of idle connections, the first of them after five seconds
_Open = Callable[[float], HTTPConnection]


class Connections:
    """Those to one server that no call is using; for any number of threads."""

    def __init__(self, open_one: _Open) -> None:
        self._open = open_one
        self._idle: list[tuple[float, HTTPConnection]] = []
        weakref.finalize(self, _close, self._idle)

    def post(self, request: Request, timeout: float) -> dict[str, Any]:
        """Status, headers and body of the answer, as the library wants them. Raises OSError and
        HTTPException."""
        connection = self._take(timeout)
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
            self._idle.append((time.monotonic(), connection))
        headers = {name.title(): value for name, value in answer.getheaders()}
        return {"status": answer.status, "headers": headers, "body": body}

    def _take(self, timeout: float) -> HTTPConnection:
        """The one that was used last, where it is still good, or a new one."""
        try:
            used_at, connection = self._idle.pop()
        except IndexError:
            return self._open(timeout)
        if time.monotonic() - used_at < KEPT_SECONDS and _is_quiet(connection):
            return connection
        connection.close()
        _close(self._idle)  # they are older still
        return self._open(timeout)


class KeepingClient(WebClient):
    """A client whose calls use open connections; through a proxy each has its own, as before."""

    @cached_property
    def _connections(self) -> Connections:
        base = Request(self.base_url)  # noqa: S310  the operator's setting
        if base.type == "http":
            return Connections(lambda timeout: HTTPConnection(base.host, timeout=timeout))
        secured = partial(HTTPSConnection, context=self.ssl or ssl.create_default_context())
        return Connections(lambda timeout: secured(base.host, timeout=timeout))

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        if self.proxy is not None or not url.startswith(self.base_url):
            return super()._perform_urllib_http_request_internal(url, req)
        return self._connections.post(req, self.timeout)


def _is_quiet(connection: HTTPConnection) -> bool:
    """Whether nothing has come in: between two answers that is a goodbye."""
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return not waiting.poll(0)


def _close(idle: list[tuple[float, HTTPConnection]]) -> None:
    while idle:
        idle.pop()[1].close()
