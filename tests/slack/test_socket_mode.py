"""Socket Mode as Slack's own libraries see it, and what may become of a connection."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from tests.slack_server import SlackServer


class Listener:
    """Slack's own connection, and what came over it."""

    def __init__(self, slack: SlackServer) -> None:
        self.came: list[dict[str, Any]] = []
        state: Any = ConnectionState
        self._state, self._arrived = state(), threading.Condition()
        app_client = WebClient(slack.tokens.app, base_url=slack.api_url)
        url = app_client.apps_connections_open(app_token=slack.tokens.app)["url"]
        self.connection = Connection(
            url, logging.getLogger("slack"), on_message_listener=self._take, ping_interval=60
        )
        self.connection.connect()
        run = self.connection.run_until_completion
        self._thread = threading.Thread(target=run, args=(self._state,), daemon=True)
        self._thread.start()

    def _take(self, text: str) -> None:
        with self._arrived:
            self.came.append(json.loads(text))
            self._arrived.notify_all()

    def end(self) -> None:
        """Leaves nothing open."""
        self._state.terminated = True
        self._thread.join()
        self.connection.close()

    def expect(self, n: int) -> list[dict[str, Any]]:
        """What came, once it is so much."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.came) >= n, 5), self.came
        return self.came


@pytest.fixture
def listen(slack: SlackServer) -> Iterator[Callable[[], Listener]]:
    """Opens a connection that only listens."""
    opened: list[Listener] = []

    def start() -> Listener:
        opened.append(Listener(slack))
        return opened[-1]

    yield start
    slack.sockets.stop()
    for one in opened:
        one.end()


def test_tap_reaches_an_unmodified_app_when_it_listens(
    slack: SlackServer, client: WebClient, app: App, blocks: list[dict[str, Any]]
) -> None:
    @app.action("yes.1")
    def taken(ack: Ack, respond: Respond, action: dict[str, Any]) -> None:
        ack()
        respond(text=f"You said {action['text']['text']}.", replace_original=True)

    client.chat_postMessage(channel="U1", text="Are you well?", blocks=blocks)
    assert slack.tap("U1", slack.messages("U1")[0].ts, "Yes").acked
    slack.until(lambda: slack.messages("U1")[0].text == "You said Yes.")


def test_tap_is_an_error_to_the_person_when_nobody_acknowledges_it(
    slack: SlackServer, client: WebClient, app: App, blocks: list[dict[str, Any]]
) -> None:
    assert app
    client.chat_postMessage(channel="U1", text="Are you well?", blocks=blocks)
    sent = slack.tap("U1", slack.messages("U1")[0].ts, "yes.1", wait=False).wait(0.3)
    assert not sent.acked
    assert len(slack.messages("U1")) == 1


def test_event_is_told_again_when_it_is_not_acknowledged(
    slack: SlackServer, listen: Callable[[], Listener]
) -> None:
    slack.retry_seconds = 0.05
    listener = listen()
    slack.connected()
    assert not slack.event("team_join", user={"id": "U3"}).acked
    hello, *told = listener.expect(5)
    assert hello["num_connections"] == 1
    assert [one["retry_attempt"] for one in told] == [0, 1, 2, 3]
    assert [one["retry_reason"] for one in told] == ["", "timeout", "timeout", "timeout"]
    assert len({one["payload"]["event_id"] for one in told}) == 1
    assert len({one["envelope_id"] for one in told}) == 4


def test_event_is_told_once_when_it_is_acknowledged(slack: SlackServer, app: App) -> None:
    came = []
    app.event("team_join")(lambda body: came.append(body))
    assert slack.event("team_join", user={"id": "U3"}).acked
    slack.until(lambda: bool(came))
    assert len(came) == 1


def test_event_comes_twice_when_it_is_duplicated(slack: SlackServer, app: App) -> None:
    came: list[dict[str, Any]] = []

    @app.event("team_join")
    def joined(body: dict[str, Any]) -> None:
        came.append(body)
        slack.workspace.notice()

    slack.faults.add("events_api", "duplicated")
    slack.event("team_join", user={"id": "U3"})
    slack.until(lambda: len(came) == 2)
    assert came[0]["event_id"] == came[1]["event_id"]


def test_tap_is_lost_when_the_line_loses_it(
    slack: SlackServer, client: WebClient, app: App, blocks: list[dict[str, Any]]
) -> None:
    app.action("yes.1")(lambda ack: ack())
    client.chat_postMessage(channel="U1", text="Are you well?", blocks=blocks)
    slack.faults.add("interactive", "lost")
    ts = slack.messages("U1")[0].ts
    assert not slack.tap("U1", ts, "yes.1").acked
    assert slack.tap("U1", ts, "yes.1").acked


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
def test_app_connects_anew_when_it_is_told_to(slack: SlackServer, app: App, reason: str) -> None:
    app.event("team_join")(lambda: None)
    before = slack.sockets.connections[0]
    slack.disconnect(reason)
    slack.until(lambda: slack.sockets.connections not in ([], [before]))
    slack.connected(1)
    assert slack.event("team_join", user={"id": "U3"}).acked


def test_app_connects_anew_when_the_line_is_cut(slack: SlackServer, app: App) -> None:
    before = slack.sockets.connections[0]
    slack.sockets.drop()
    slack.until(lambda: slack.sockets.connections not in ([], [before]))
    assert len(slack.calls("apps.connections.open")) == 2
    assert app.client.auth_test()["ok"]


def test_eleventh_connection_is_turned_away_when_ten_are_open(
    slack: SlackServer, listen: Callable[[], Listener]
) -> None:
    slack.sockets.ghosts = 9
    assert listen().expect(1)[0]["num_connections"] == 10
    assert listen().expect(1)[0]["reason"] == "too_many_websockets"


def test_ghost_takes_what_is_sent_when_it_is_chosen(
    slack: SlackServer, listen: Callable[[], Listener]
) -> None:
    slack.retry_seconds = 0.01
    listener = listen()
    slack.sockets.ghosts = 3
    for _ in range(10):
        slack.event("team_join", user={"id": "U3"})
    assert 5 <= len(listener.expect(6)) <= 25


@pytest.mark.usefixtures("app")
def test_ping_stays_unanswered_when_pongs_are_withheld(slack: SlackServer) -> None:
    slack.until(lambda: slack.sockets.n_pongs > 0)  # without any, the client never misses them
    before = slack.sockets.connections[0]
    slack.withhold_pongs()
    # 0.5 s between pings; the client gives up after four of them without an answer.
    slack.until(lambda: slack.sockets.connections not in ([], [before]), seconds=10)


def test_socket_is_refused_when_its_address_was_used(slack: SlackServer) -> None:
    slack.faults.add("apps.connections.open", 503)
    client = WebClient(slack.tokens.app, base_url=slack.api_url, retry_handlers=[])
    with pytest.raises(SlackApiError):
        client.apps_connections_open(app_token=slack.tokens.app)
    bot = WebClient(slack.tokens.bot, base_url=slack.api_url, retry_handlers=[])
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        bot.apps_connections_open(app_token=slack.tokens.bot)


def test_malformed_envelope_breaks_no_connection_when_it_comes(
    slack: SlackServer, app: App
) -> None:
    app.event("team_join")(lambda: None)
    slack.sockets.raw('{"type": "interactive", "envelope_id"')
    slack.sockets.raw('{"type": "interactive"}')
    assert slack.event("team_join", user={"id": "U3"}).acked
