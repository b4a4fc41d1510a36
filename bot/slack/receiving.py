"""What happens to each thing that Slack sends: stored, then acknowledged, then worked off (D8).

A press and an event become a row; a form is stored at once, because only its window can tell that
it was not. Nothing slow is done here. What can't be read is logged by its kind and the field that
is wrong, never with what stood in it.
"""

import logging
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict
from functools import partial
from typing import Any

from bot import toasts
from bot.logs import described
from bot.slack import parsing
from bot.slack.forms import OPENS, Forms
from bot.slack.intake import Intake
from bot.slack.parsing import MalformedError
from bot.slack.people import FALLBACK
from bot.slack.speaking import Speaker

HOME_OPENED = "app_home_opened"
_log = logging.getLogger(__name__)

Body = Mapping[str, Any]


class NotStoredError(Exception):
    """An event could not be kept; Slack is to send it again."""


class Receiving:
    """Takes in what comes, on any thread; `about_people` are the events the directory wants.

    Where a future is given, the acknowledgement waits for it, and is left out where it fails.
    """

    def __init__(
        self,
        intake: Intake,
        forms: Forms,
        speaker: Speaker,
        about_people: frozenset[str],
    ) -> None:
        self._intake = intake
        self._forms = forms
        self._speaker = speaker
        self._wanted = about_people | {HOME_OPENED}

    def press(self, body: Body) -> Future[None] | None:
        """A press will be stored, or its window opens; never raises and never fails."""
        try:
            found = parsing.press(body)
        except MalformedError as error:
            _unusable(error)
            return None
        if found is None:
            return None
        if found.action in OPENS:
            self._forms.open(found)
            return None
        return self._keep(found.key, "press", asdict(found), found.response_url)

    def command(self, body: Body) -> Future[None] | None:
        """A command will be stored; never raises and never fails."""
        try:
            found = parsing.command(body)
        except MalformedError as error:
            _unusable(error)
            return None
        return self._keep(found.key, "command", asdict(found), found.response_url)

    def form(self, body: Body) -> Mapping[str, Any]:
        """What was typed is stored; gives what the window does next. Never raises."""
        try:
            found = parsing.submission(body)
        except MalformedError as error:
            _unusable(error)
            return {}
        try:
            return self._forms.sent(found)
        except Exception as error:  # an edge: the window keeps the words until they are stored
            _log.error("A form was not stored: %s", described(error))
            return self._forms.unsaved(found.user)

    def event(self, body: Body) -> Future[None] | None:
        """An event that somebody here wants will be stored; fails with NotStoredError."""
        try:
            found = parsing.happening(body)
            if found.kind not in self._wanted:
                return None
            content = parsing.home_opened(found.event) if found.kind == HOME_OPENED else found.event
        except MalformedError as error:
            _unusable(error)
            return None
        return self._intake.take(found.key, found.kind, content, _to_come_again)

    def _keep(self, key: str, kind: str, content: Body, url: str) -> Future[None]:
        return self._intake.take(key, kind, content, partial(self._lost, kind, url))

    def _lost(self, kind: str, url: str, error: Exception) -> None:
        """The person is told that it was not stored: Slack sends no press again."""
        _log.error("A %s was not stored: %s", kind, described(error))
        if url:
            self._speaker.whisper(url, {"text": toasts.our_fault(FALLBACK)})


def _unusable(error: MalformedError) -> None:
    _log.warning("A payload (%s) had no usable %s", error.kind, error.field)


def _to_come_again(error: Exception) -> None:
    _log.error("An event was not stored: %s", described(error))
    raise NotStoredError  # Slack sends an event again that is not acknowledged
