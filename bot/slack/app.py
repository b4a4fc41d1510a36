"""The Bolt app: one listener for each kind of thing that Slack sends, and none that does work.

One of the edges. Listeners run on the thread that a request came in on (`process_before_response`):
they share no small pool with anything slow, and the acknowledgement goes out once they are done and
what they took in is stored. Over a socket nobody waits for that: the line is given the future, and
presses don't come by here at all (`line`).
Whatever breaks, and whatever nobody here asked for, is acknowledged too; only an event that could
not be stored is not, because then Slack sends it again.
"""

import logging
import re
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from bot.logs import described
from bot.slack.hush import hushed
from bot.slack.receiving import NotStoredError, Receiving

STORED = "stored"  # in a request's context: the future that its acknowledgement waits for
_ANY = re.compile("")
_KINDS = re.compile(r"[a-z_]{1,40}")
_log = logging.getLogger(__name__)


def create(token: str, signing_secret: str, receiving: Receiving) -> App:
    """An app that takes in everything; nothing is called yet, and nothing connected."""
    app = App(
        client=WebClient(logger=hushed()),  # no listener calls anything
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token),
        signing_secret=signing_secret,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        ignoring_self_events_enabled=False,  # no event of ours is subscribed to
        attaching_function_token_enabled=False,
        listener_executor=ThreadPoolExecutor(1),  # Bolt wants one; no listener runs in it
        logger=hushed(),
    )
    app.error(_acknowledge)
    _listen(app, receiving)
    return app


def _listen(app: App, receiving: Receiving) -> None:
    @app.action(_ANY)
    def press(ack: Ack, body: dict[str, Any], request: BoltRequest) -> None:
        _wait(request, receiving.press(body))
        ack()

    @app.view_submission(_ANY)
    def form(ack: Ack, body: dict[str, Any]) -> None:
        ack(**receiving.form(body))

    @app.view_closed(_ANY)
    def closed(ack: Ack) -> None:
        ack()

    @app.command(_ANY)
    def command(ack: Ack, body: dict[str, Any], request: BoltRequest) -> None:
        _wait(request, receiving.command(body))
        ack()

    @app.event(_ANY)
    def event(ack: Ack, body: dict[str, Any], request: BoltRequest) -> None:
        _wait(request, receiving.event(body))
        ack()


def _wait(request: BoltRequest, stored: Future[None] | None) -> None:
    if request.mode == "socket_mode":
        request.context[STORED] = stored
    elif stored is not None:
        stored.result()


def _acknowledge(error: Exception, body: Mapping[str, Any]) -> BoltResponse:
    """Nothing that broke or that nobody knows keeps its acknowledgement from Slack."""
    if isinstance(error, NotStoredError):
        return BoltResponse(status=503)
    if isinstance(error, BoltUnhandledRequestError):
        _log.info("Something came that nobody here asked for: %s", _kind(body))
    else:
        _log.error("A listener broke off: %s", described(error))
    return BoltResponse(status=200)


def _kind(body: Mapping[str, Any]) -> str:
    kind = body.get("type")
    return kind if isinstance(kind, str) and _KINDS.fullmatch(kind) else "of no kind"
