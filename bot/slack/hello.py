"""Opens a connection of Socket Mode just long enough to be greeted by Slack.

While it is open Slack may send it what belongs to others, so it is closed with the first word.
"""

import json
import logging
import threading
from typing import Any

from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from campaigns.errors import RetryLaterError

_PATIENCE_SECONDS = 10.0
_library = logging.getLogger("bot.slack.hello")
_library.setLevel(logging.CRITICAL)  # its lines quote what came


def greeting(url: str) -> dict[str, Any]:
    """Slack's `hello` at that address. Raises RetryLaterError where none comes in ten seconds."""
    state = ConnectionState()  # type: ignore[no-untyped-call]
    heard: list[dict[str, Any]] = []

    def listen(text: str) -> None:
        heard.append(_read(text))
        state.terminated = True

    line = Connection(url, _library, on_message_listener=listen)
    patience = threading.Timer(_PATIENCE_SECONDS, setattr, (state, "terminated", True))
    patience.start()
    try:
        line.connect()
        if line.is_active():
            line.run_until_completion(state)
    finally:
        patience.cancel()
        line.close()
    if heard and heard[0].get("type") == "disconnect":
        raise RetryLaterError(
            "Slack ends a new socket at once: too many are open, ten at most. Stop what else runs "
            "with this app token, or make a new one; left-over ones go away within some hours."
        )
    if not heard or heard[0].get("type") != "hello":
        raise RetryLaterError(
            "Slack gave an address for the socket, and no greeting came there. Does a proxy or a "
            "firewall hold back WebSockets (wss)? Else try again in a minute."
        )
    return heard[0]


def _read(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
