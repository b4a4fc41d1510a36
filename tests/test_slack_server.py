"""The Slack of the tests does what Slack's documentation says, with Slack's own libraries."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from tests.slack_server import SlackServer

BUTTON = {"type": "button", "action_id": "yes.1", "value": "sealed"}
BLOCKS: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "plain_text", "text": "Are you well?"}},
    {"type": "actions", "elements": [BUTTON | {"text": {"type": "plain_text", "text": "Yes"}}]},
]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(people=["U1", "U2"]) as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    return WebClient(slack.tokens.bot, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def app(slack: SlackServer, client: WebClient) -> Iterator[App]:
    """An unmodified Bolt app over Socket Mode, with its own listeners still to come."""
    app = App(client=client)
    handler = SocketModeHandler(app, slack.tokens.app)
    handler.connect()
    slack.connected()
    yield app
    handler.close()


def test_tap_reaches_an_unmodified_app_when_it_listens(
    slack: SlackServer, client: WebClient, app: App
) -> None:
    @app.action("yes.1")
    def taken(ack: Ack, respond: Respond) -> None:
        ack()
        respond(text="Good.", replace_original=True)

    client.chat_postMessage(channel="U1", text="Are you well?", blocks=BLOCKS)
    message = slack.messages("U1")[0]
    sent = slack.tap("U1", message.ts, "yes.1")
    assert sent.acked
    slack.until(lambda: slack.messages("U1")[0].text == "Good.")
