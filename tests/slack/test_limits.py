"""The documented limits hold by the server's own clock, a window a minute."""

from contextlib import suppress
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack.limits import DOCUMENTED, Limiter
from tests.slack_server import Crowd, SlackServer


def wait_asked(call: Any, **args: Any) -> int | None:
    """Seconds that the server asks to wait; None where it takes the request."""
    with suppress(SlackApiError):
        call(**args)
        return None
    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        call(**args)
    return int(caught.value.response.headers["Retry-After"])


def test_method_is_limited_by_its_tier_when_a_minute_is_full() -> None:
    with SlackServer(["U1"], limits=DOCUMENTED) as slack:
        client = WebClient(slack.tokens.bot, base_url=slack.api_url, retry_handlers=[])
        slack.clock.set(1_800_000_000)
        sent = client.chat_postMessage(channel="U1", text="Hello")
        edit = {"channel": "D1", "ts": sent["ts"], "text": "Thanks"}
        for _ in range(50):
            assert wait_asked(client.chat_update, **edit) is None
            slack.clock.advance(1)
        assert wait_asked(client.chat_update, **edit) == 10
        assert wait_asked(client.users_info, user="U1") is None
        slack.clock.advance(10)
        assert wait_asked(client.chat_update, **edit) is None
        assert wait_asked(client.users_list, limit=10) is None
        assert wait_asked(client.users_list) == 60  # without pages it is tier 1


def test_posting_is_limited_by_channel_and_workspace_when_it_is_too_fast() -> None:
    with SlackServer(Crowd(400), limits=DOCUMENTED) as slack:
        client = WebClient(slack.tokens.bot, base_url=slack.api_url, retry_handlers=[])
        slack.clock.set(1_800_000_000)
        assert wait_asked(client.chat_postMessage, channel="U00000000", text="1") is None
        assert wait_asked(client.chat_postMessage, channel="U00000000", text="2") == 1
        people = [one.id for one in slack.workspace.directory.page(3, 400) if not one.deleted]
        for user_id in people[:299]:
            assert wait_asked(client.chat_postMessage, channel=user_id, text="1") is None
        assert wait_asked(client.chat_postMessage, channel=people[300], text="1") == 60
        assert {one.outcome for one in slack.calls()} == {"ok", "429"}


@pytest.mark.parametrize("per_minute", [200, 300])
def test_even_pace_is_never_refused_when_it_keeps_to_the_rate(per_minute: int) -> None:
    limiter, step = Limiter(DOCUMENTED), 60 / per_minute
    waits = [
        limiter.admit("chat.postMessage", 4, f"U{number}", 1_000.0 + number * step)
        for number in range(5 * per_minute)
    ]
    assert not any(waits)
