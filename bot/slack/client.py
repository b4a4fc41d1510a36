"""One way to the Slack Web API, and what its failures mean (D7).

The library's own retries are off: one of them would post a message a second time. An error names
Slack's own word for it, never what was sent.
"""

import http.client
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.settings import Settings
from campaigns.errors import (
    FinalDeliveryError,
    InDoubtError,
    PlatformClosedError,
    RetryLaterError,
)

TIMEOUT_SECONDS = 15
_CLOSED = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
_IN_DOUBT = frozenset({"fatal_error", "internal_error"})


def connect(settings: Settings) -> WebClient:
    """A client that asks once and waits 15 seconds."""
    return WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[],
    )


@contextmanager
def calling() -> Iterator[None]:
    """Within it, whatever Slack or the line does wrong is a DeliveryError."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error) from None
    except (SlackClientError, urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise InDoubtError(f"Slack did not answer ({type(error).__name__}).") from None


def _meaning(error: SlackApiError) -> Exception:
    name = str(error.response.get("error", ""))
    status = error.response.status_code
    if status == http.HTTPStatus.TOO_MANY_REQUESTS:
        wait = error.response.headers.get("Retry-After", "60")
        return RetryLaterError("Slack asks for a pause.", float(wait))
    if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR or name in _IN_DOUBT:
        return InDoubtError(f"Slack had a failure of its own ({name or status}).")
    if name in _CLOSED:
        return PlatformClosedError(f"Slack does not take our token ({name}).")
    return FinalDeliveryError(f"Slack refuses it ({name}).")
