"""`/slack/events`: what Slack posts, where Socket Mode is not used; every request is signed.

The signature covers the body as it came, so this stands in front of everything that reads forms. A
request that can't be read is refused without a word of it in a log.
"""

import logging
import re
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.logs import described

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/slack/events"
MAX_BODY_BYTES = 1024 * 1024  # a form with its window is a quarter of that at the most
_STAMP = re.compile(r"[0-9]{1,12}")
_log = logging.getLogger(__name__)


def mounted(app: App, pages: "WSGIApplication") -> "WSGIApplication":
    """The pages, with Slack's address in front of them."""
    handler = SlackRequestHandler(app, path=PATH)

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return pages(environ, start)
        if environ.get("REQUEST_METHOD") != "POST":
            return _refuse("405 Method Not Allowed", start)
        if not _could_be_signed(environ):
            return _refuse("401 Unauthorized", start)
        if not _is_readable(environ):
            _log.warning("A request of Slack's could not be read")
            return _refuse("400 Bad Request", start)
        try:
            return handler(environ, start)
        except Exception as error:  # an edge: a body that Bolt can't take apart
            _log.warning("A request of Slack's could not be read: %s", described(error))
            return _refuse("400 Bad Request", start)

    return answer


def _could_be_signed(environ: "WSGIEnvironment") -> bool:
    """Whether the two headers are shaped as Slack's are; the library stumbles over others."""
    stamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
    signature = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
    return bool(_STAMP.fullmatch(stamp)) and signature.isascii()


def _is_readable(environ: "WSGIEnvironment") -> bool:
    """Whether the body is short enough and text; it can be read again afterwards."""
    length = str(environ.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return False
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse(status: str, start: "StartResponse") -> Iterable[bytes]:
    start(status, [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
    return [status.encode()]
