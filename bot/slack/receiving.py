"""What happens to each thing that Slack sends: stored, then acknowledged, then worked off (D8).

A press and an event become a row; a form is stored at once, because only its window can tell that
it was not. Nothing slow is done here. What can't be read is logged by its kind and the field that
is wrong, never with what stood in it.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
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
    """Takes in what comes, on any thread; `about_people` are the events the directory wants."""

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

    def press(self, body: Body) -> None:
        """A press is stored, or its window opens; never raises."""
        try:
            found = parsing.press(body)
            if found is None:
                return
            if found.action in OPENS:
                self._forms.open(found)
            else:
                self._keep(found.key, "press", asdict(found), found.response_url)
        except MalformedError as error:
            _log.warning("A %s had no usable %s", error.kind, error.field)

    def command(self, body: Body) -> None:
        """A command is stored; never raises."""
        try:
            found = parsing.command(body)
            self._keep(found.key, "command", asdict(found), found.response_url)
        except MalformedError as error:
            _log.warning("A %s had no usable %s", error.kind, error.field)

    def form(self, body: Body) -> Mapping[str, Any]:
        """What was typed is stored; gives what the window does next. Never raises."""
        try:
            found = parsing.submission(body)
        except MalformedError as error:
            _log.warning("A %s had no usable %s", error.kind, error.field)
            return {}
        try:
            return self._forms.sent(found)
        except Exception as error:  # an edge: the window keeps the words until they are stored
            _log.error("A form was not stored: %s", described(error))
            return self._forms.unsaved(found.user)

    def event(self, body: Body) -> None:
        """An event that somebody here wants is stored. Raises NotStoredError."""
        try:
            found = parsing.happening(body)
            if found.kind not in self._wanted:
                return
            content = parsing.home_opened(found.event) if found.kind == HOME_OPENED else found.event
        except MalformedError as error:
            _log.warning("A %s had no usable %s", error.kind, error.field)
            return
        try:
            self._intake.take(found.key, found.kind, content)
        except Exception as error:  # an edge: Slack sends an event again that is not acknowledged
            _log.error("An event was not stored: %s", described(error))
            raise NotStoredError from None

    def _keep(self, key: str, kind: str, content: Body, url: str) -> None:
        """Stored, or the person is told that it was not: Slack sends no press again."""
        try:
            self._intake.take(key, kind, content)
        except Exception as error:  # an edge: the press is acknowledged all the same
            _log.error("A %s was not stored: %s", kind, described(error))
            if url:
                self._speaker.whisper(url, {"text": toasts.our_fault(FALLBACK)})
