"""Calls of Slack's Web API, and what a failed one means for the message that it was about.

The library's own retries are off: after a broken line they would post twice (D7). No payload and
no answer is ever quoted in an error or a log line; of Slack's only the code of the error is.
"""

import logging
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.settings import Settings
from bot.slack.connections import KeepingClient
from campaigns.errors import (
    DeliveryError,
    FinalDeliveryError,
    InDoubtError,
    PlatformClosedError,
    RetryLaterError,
)

TIMEOUT_SECONDS = 15
HURRIED_SECONDS = 2  # for what is asked while messages wait, and need not be known
BUSY_SECONDS = 30.0  # where Slack says "later" and not when

_FINAL = frozenset(
    {"user_disabled", "user_not_found", "user_not_visible", "user_is_bot", "user_is_restricted"}
    | {"cannot_dm_bot", "channel_not_found", "is_archived", "messages_tab_disabled"}
    | {"invalid_user_combination", "not_in_channel", "restricted_action", "message_not_found"}
    | {"cant_update_message", "edit_window_closed", "as_user_not_supported", "no_text"}
    | {"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long"}
    | {"metadata_too_large", "metadata_must_be_sent_from_app", "invalid_metadata_format"}
)
_UNKNOWN = frozenset({"internal_error", "fatal_error", "service_unavailable"})
_LATER = frozenset({"ratelimited", "rate_limited", "team_added_to_org"})
_TOKEN = frozenset(
    {"token_revoked", "token_expired", "account_inactive", "invalid_auth", "not_authed"}
    | {"access_denied", "accesslimited", "team_access_not_granted", "org_login_required"}
    | {"enterprise_is_restricted", "ekm_access_denied", "two_factor_setup_required"}
)
_SCOPE = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})
_NEVER_LEFT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
_CODE = re.compile(r"[a-z][a-z0-9_]{1,60}")

_library = logging.getLogger("bot.slack.calls")
_library.setLevel(logging.CRITICAL)  # its lines quote what was sent and what came back


def connect(settings: Settings, timeout_seconds: int = TIMEOUT_SECONDS) -> WebClient:
    """A client for the workspace that the bot's token is for; nothing is called yet."""
    return KeepingClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url.rstrip("/") + "/",
        timeout=timeout_seconds,
        retry_handlers=[],
        logger=_library,
    )


@contextmanager
def calling(*, repeatable: bool = False) -> Iterator[None]:
    """One call of the Web API; whatever goes wrong with it leaves as a DeliveryError.

    A `repeatable` one, which reads or edits, is never in doubt: it is made again later.
    """
    try:
        yield
    except SlackApiError as error:
        meant = _meaning(error.response)
    except (SlackClientError, HTTPException, OSError, ValueError) as error:
        meant = _broken(error)
    else:
        return
    if repeatable and isinstance(meant, InDoubtError):
        meant = RetryLaterError(str(meant), BUSY_SECONDS)
    raise meant


def said(value: object) -> str:
    """The value, if it is the text that every good answer of Slack's has there."""
    if not isinstance(value, str) or not value:
        raise ValueError("Slack's answer lacks what it should say.")
    return value


def _broken(error: Exception) -> DeliveryError:
    """What a call means that brought no answer."""
    reason = error.reason if isinstance(error, URLError) else error
    kind = type(reason).__name__
    if isinstance(reason, _NEVER_LEFT):
        return RetryLaterError(f"Slack can't be reached: {kind}.", BUSY_SECONDS)
    return InDoubtError(f"The line to Slack broke: {kind}.")


def _meaning(response: SlackResponse | dict[str, object]) -> DeliveryError:
    """What an answer means that says no, or that nobody can read."""
    if isinstance(response, dict):
        return InDoubtError("Slack's answer can't be read.")
    status, code = int(response.status_code), str(response.get("error", ""))
    if not _CODE.fullmatch(code):  # no answer of Slack's own, and nothing to quote
        code = ""
    if status == 429 or code in _LATER:
        return RetryLaterError("Slack asks for a pause.", _seconds(response))
    if status >= 500 or code in _UNKNOWN:
        return InDoubtError(f"Slack failed: {code or status}.")
    if code in _TOKEN:
        return PlatformClosedError(
            f"Slack takes nothing from the bot any more ({code}). Put a valid token into "
            "BELLWETHER_SLACK_BOT_TOKEN, start Bellwether again, then resume."
        )
    if code in _SCOPE:
        return PlatformClosedError(
            f"The Slack app lacks a permission ({code}). Bring it up to slack-manifest.yaml, "
            "install it again, then resume."
        )
    if code in _FINAL:
        return FinalDeliveryError(f"Slack refused it: {code}.")
    if not code and status < 400:
        return InDoubtError("Slack's answer can't be read.")
    if not code:
        return RetryLaterError(f"Something before Slack refused it: {status}.", BUSY_SECONDS)
    return DeliveryError(f"Slack refused it: {code}.")


def _seconds(response: SlackResponse) -> float:
    said = str(response.headers.get("Retry-After", ""))
    return max(1.0, float(said)) if said.isascii() and said.isdigit() else BUSY_SECONDS
