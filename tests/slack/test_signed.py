"""HTTP mode against an unmodified app: signatures, retries, answers in the response."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from werkzeug.serving import make_server

from tests.slack.signed import SignedRequests
from tests.slack_server import SlackServer

Json = dict[str, Any]


@pytest.fixture
def signed_app(slack: SlackServer, client: WebClient) -> Iterator[App]:
    """An app behind an address of its own."""
    app = App(client=client, signing_secret=slack.tokens.signing_secret)
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    slack.listen_at(f"http://127.0.0.1:{server.server_port}/slack/events")
    yield app
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sender(slack: SlackServer, signed_app: App) -> SignedRequests:
    """The server's way to that app."""
    assert signed_app
    assert isinstance(slack.wire, SignedRequests)
    return slack.wire


def test_app_takes_taps_commands_and_events_when_they_are_signed(
    slack: SlackServer, client: WebClient, signed_app: App, blocks: list[Json]
) -> None:
    @signed_app.action("yes.1")
    def taken(ack: Ack, respond: Respond) -> None:
        ack()
        respond(text="Good.", replace_original=True)

    signed_app.command("/bellwether")(lambda ack: ack("Here you are."))
    signed_app.event("team_join")(lambda: None)
    client.chat_postMessage(channel="U1", text="Are you well?", blocks=blocks)
    assert slack.tap("U1", slack.messages("U1")[0].ts, "yes.1").acked
    slack.until(lambda: slack.messages("U1")[0].text == "Good.")
    assert slack.command("U1").response == {"text": "Here you are."}
    assert slack.event("team_join", user={"id": "U3"}).acked


@pytest.mark.parametrize(("secret", "age", "taken"), [(None, 200, True), (None, 400, False)])
def test_request_is_taken_only_when_it_is_fresh(
    slack: SlackServer, signed_app: App, sender: SignedRequests, secret: Any, age: int, taken: bool
) -> None:
    signed_app.event("team_join")(lambda: None)
    sender.secret, sender.age_seconds = secret, age
    assert slack.event("team_join", user={"id": "U3"}).acked is taken


def test_request_is_refused_when_another_secret_signed_it(
    slack: SlackServer, sender: SignedRequests
) -> None:
    sender.secret = "not this one"
    sent = slack.event("team_join", user={"id": "U3"})
    assert (sent.acked, sent.error) == (False, "http_error")


def test_retries_carry_number_and_reason_when_the_app_fails(
    slack: SlackServer, signed_app: App
) -> None:
    came: list[tuple[Any, Any]] = []

    @signed_app.middleware
    def fails(req: Any, resp: Any) -> Any:
        headers = req.headers
        came.append((headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")))
        resp.status = 500
        return resp

    assert not slack.event("team_join", user={"id": "U3"}).acked
    assert came[0] == (None, None)
    assert came[1:] == [([str(number)], ["http_error"]) for number in (1, 2, 3)]


def test_address_is_verified_when_it_is_entered(sender: SignedRequests) -> None:
    assert "a challenge" in sender.verify("a challenge")
