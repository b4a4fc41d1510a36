"""What a person reads right after a press: through the address that came with it, five times.

Slack names no limit for these addresses, and they edit a message without a call of the Web API.
They are slow, though, so threads of their own post to them. Nothing here knows what was pressed.
"""

import http
import logging
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError

from bot.slack.connections import Connections, KeepingHook
from bot.slack.hush import hushed
from bot.slack.talkers import Talkers

TIMEOUT_SECONDS = 10
_log = logging.getLogger(__name__)

Content = Mapping[str, Any]


class Speaker:
    """Says things to whoever pressed; never raises, and never waits."""

    def __init__(self, talkers: Talkers) -> None:
        self._talkers = talkers
        self._connections = Connections()

    def show(self, url: str, content: Content, otherwise: Callable[[], object]) -> None:
        """The pressed message reads like this now; `otherwise` is done where that failed."""
        shown = {**content, "replace_original": True}
        self._talkers.soon(self._post, url, shown, otherwise)

    def whisper(self, url: str, content: Content) -> None:
        """Only this person reads it, and the pressed message stays as it is."""
        self.whisper_all(url, [content])

    def whisper_all(self, url: str, contents: Sequence[Content]) -> None:
        """Only this person reads them, one below the other."""
        self._talkers.soon(self._post_all, url, contents)

    def _post_all(self, url: str, contents: Sequence[Content]) -> None:
        for content in contents:
            said = {**content, "response_type": "ephemeral", "replace_original": False}
            self._post(url, said, lambda: None)

    def _post(self, url: str, body: dict[str, Any], otherwise: Callable[[], object]) -> None:
        try:
            client = KeepingHook(
                url,
                self._connections,
                timeout=TIMEOUT_SECONDS,
                retry_handlers=[],
                logger=hushed(),
            )
            status = client.send_dict(body).status_code
        except (OSError, HTTPException, SlackClientError, ValueError) as error:
            _log.warning("A reply did not get through: %s", type(error).__name__)
            otherwise()
            return
        if status != http.HTTPStatus.OK:
            _log.warning("A reply was not taken: %d", status)
            otherwise()
