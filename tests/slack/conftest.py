"""A running server, a client of it, and an app that nobody changed, for the server's own tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from tests.slack_server import SlackServer


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """Two people, no limits."""
    with SlackServer(people=["U1", "U2"]) as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    """Slack's own client, its retries off."""
    return WebClient(slack.tokens.bot, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def app(slack: SlackServer, client: WebClient) -> Iterator[App]:
    """An unmodified Bolt app, connected over Socket Mode; its listeners are still to come."""
    app = App(client=client)
    handler: Any = SocketModeHandler(app, slack.tokens.app, ping_interval=0.5)
    handler.connect()
    slack.connected()
    yield app
    # With the lock, no reconnecting is under way that would leave a socket open.
    with handler.client.connect_operation_lock:
        handler.client.auto_reconnect_enabled = False
    slack.sockets.stop()  # or the closing would wait for three seconds
    # Not under the lock: an acknowledgement that finds no connection asks for it too.
    try:
        handler.close()
    except AttributeError:  # the client noticed the end by itself, just then
        handler.close()


@pytest.fixture
def blocks() -> list[dict[str, Any]]:
    """A question with a button."""
    yes = {"type": "button", "action_id": "yes.1", "value": "sealed"}
    return [
        {"type": "section", "text": {"type": "plain_text", "text": "Are you well?"}},
        {"type": "actions", "elements": [yes | {"text": {"type": "plain_text", "text": "Yes"}}]},
    ]
