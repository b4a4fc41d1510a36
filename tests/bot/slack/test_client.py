"""What becomes of a failed call: never, later, nobody knows, or nothing at all any more."""

import socket
import time

import pytest

from bot.settings import Settings
from bot.slack.client import calling, connect
from campaigns.errors import (
    DeliveryError,
    FinalDeliveryError,
    InDoubtError,
    PlatformClosedError,
    RetryLaterError,
)
from tests.bot.slack.desk import settings
from tests.slack_server import SlackServer

POST = "chat.postMessage"


def call(given: Settings, *, repeatable: bool = False, timeout: int = 15) -> None:
    client = connect(given)
    client.timeout = timeout
    with calling(repeatable=repeatable):
        client.chat_postMessage(channel="U1", text="Good morning")


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ("user_disabled", FinalDeliveryError),
        ("channel_not_found", FinalDeliveryError),
        ("messages_tab_disabled", FinalDeliveryError),
        ("invalid_user_combination", FinalDeliveryError),
        ("msg_blocks_too_long", FinalDeliveryError),
        ("429", RetryLaterError),
        ("ratelimited", RetryLaterError),
        ("500", InDoubtError),
        ("502", InDoubtError),
        ("503_after_storing", InDoubtError),
        ("internal_error_after_storing", InDoubtError),
        ("fatal_error", InDoubtError),
        ("reset_after_accept", InDoubtError),
        ("reset_before_accept", InDoubtError),
        ("token_revoked", PlatformClosedError),
        ("account_inactive", PlatformClosedError),
        ("invalid_auth", PlatformClosedError),
        ("missing_scope", PlatformClosedError),
        ("a_code_of_next_year", DeliveryError),
        ("403", RetryLaterError),
    ],
)
def test_failure_means_what_it_means_for_the_message(
    fault: str, meaning: type[DeliveryError]
) -> None:
    with SlackServer(["U1"]) as slack:
        slack.faults.add(POST, fault, 2, seconds=7)
        with pytest.raises(DeliveryError) as found:
            call(settings(slack))
        assert type(found.value) is meaning
        assert "Good morning" not in str(found.value)
        assert len(slack.calls(POST)) == 1  # the library's own retries are off
        with pytest.raises(DeliveryError) as again:
            call(settings(slack), repeatable=True)
        assert type(again.value) is (RetryLaterError if meaning is InDoubtError else meaning)


def test_pause_is_as_long_as_slack_says() -> None:
    with SlackServer(["U1"]) as slack:
        slack.faults.add(POST, "429", seconds=37)
        with pytest.raises(RetryLaterError) as found:
            call(settings(slack))
    assert found.value.after_seconds == 37


def test_slow_answer_leaves_it_in_doubt() -> None:
    with SlackServer(["U1"]) as slack:
        slack.faults.add(POST, "slow", seconds=3)
        began = time.monotonic()
        with pytest.raises(InDoubtError):
            call(settings(slack), timeout=1)
        assert time.monotonic() - began < 2.9
        assert len(slack.messages("U1")) == 1


def test_server_that_does_not_answer_is_asked_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    given = settings(None).model_copy(update={"slack_api_url": f"http://127.0.0.1:{port}/api"})
    with pytest.raises(RetryLaterError):
        call(given)


def test_token_is_shown_nowhere() -> None:
    with SlackServer(["U1"]) as slack:
        given = settings(slack)
        slack.tokens.bot = "xoxb-another"
        with pytest.raises(PlatformClosedError) as found:
            call(given)
    assert "xoxb" not in str(found.value) + repr(given)
    assert len(str(found.value)) <= 200  # what a campaign's row takes
