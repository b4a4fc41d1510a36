"""What goes wrong on demand goes wrong as it does at Slack's."""

from contextlib import suppress

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack_server import SlackServer


def test_message_is_there_when_the_line_breaks_after_it(
    slack: SlackServer, client: WebClient
) -> None:
    slack.faults.add("chat.postMessage", "reset_after_accept")
    with pytest.raises(ConnectionResetError):
        client.chat_postMessage(channel="U1", text="Hello")
    assert len(slack.messages("U1")) == 1


def test_message_is_there_twice_when_the_library_retries_by_itself(slack: SlackServer) -> None:
    slack.faults.add("chat.postMessage", "reset_after_accept")
    client = WebClient(slack.tokens.bot, base_url=slack.api_url)
    client.chat_postMessage(channel="U1", text="Hello")
    assert len(slack.messages("U1")) == 2


@pytest.mark.parametrize(
    ("kind", "n_messages"),
    [
        ("503", 0),
        ("502_after_storing", 1),
        ("internal_error", 0),
        ("internal_error_after_storing", 1),
        ("429", 0),
    ],
)
def test_message_is_there_or_not_when_the_answer_is_an_error(
    slack: SlackServer, client: WebClient, kind: str, n_messages: int
) -> None:
    slack.faults.add("chat.postMessage", kind, seconds=7)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="U1", text="Hello")
    assert len(slack.messages("U1")) == n_messages
    status, _, _ = kind.partition("_")
    if status.isdecimal():
        assert caught.value.response.status_code == int(status)
    if kind == "429":
        assert caught.value.response.headers["Retry-After"] == "7"
    client.chat_postMessage(channel="U1", text="Hello")  # once is once


def test_message_is_there_when_the_answer_is_too_slow(slack: SlackServer) -> None:
    client = WebClient(slack.tokens.bot, base_url=slack.api_url, retry_handlers=[], timeout=1)
    slack.faults.add("chat.postMessage", "slow")
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel="U1", text="Hello")
    assert len(slack.messages("U1")) == 1


def test_fault_meets_a_share_of_requests_when_it_is_told_to(
    slack: SlackServer, client: WebClient
) -> None:
    slack.faults.add("auth.test", "500", None, share=0.5)
    for _ in range(40):
        with suppress(SlackApiError):
            client.auth_test()
    outcomes = [call.outcome for call in slack.calls("auth.test")]
    assert 10 < outcomes.count("500") < 30
    slack.faults.clear()
    assert client.auth_test()["ok"]
