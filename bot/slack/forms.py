"""Opens a window within the three seconds that Slack gives, and takes in what was sent with it.

Whether the question is still asked is looked up before anybody types. Where a window can't be
opened in time, the person is told to press once more. The words go straight to where answers are
kept, and a form that could not be stored stays open with everything that was typed.
"""

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient

from bot import toasts
from bot.conversation import Conversation
from bot.logs import described
from bot.slack import modals, parsing
from bot.slack.client import calling
from bot.slack.home import Homes
from bot.slack.parsing import Press, Submission
from bot.slack.people import People
from bot.slack.rendering import Rendering
from bot.slack.speaking import Speaker
from bot.slack.talkers import Talkers
from bot.tokens import TokenError, Tokens
from campaigns.domain.messages import Action, Event, Note, TextBox
from campaigns.domain.wording import say
from campaigns.errors import DeliveryError
from campaigns.flows.answering import Refusal

TYPED = frozenset({Action.WRITE, Action.CLOSE, Action.ASK, Action.REPLY, Action.PUBLISH})
OPENS = TYPED | {Action.HELD, Action.COPY, Action.READ, Action.FAQ, Action.RESULTS}
_log = logging.getLogger(__name__)


class Forms:
    """Everything about windows; `talkers` do the slow calls, so that no press waits for them."""

    def __init__(
        self,
        client: WebClient,
        conversation: Conversation,
        tokens: Tokens,
        people: People,
        speaker: Speaker,
        rendering: Rendering,
        talkers: Talkers,
        homes: Homes,
    ) -> None:
        self._client = client
        self._conversation = conversation
        self._tokens = tokens
        self._people = people
        self._speaker = speaker
        self._rendering = rendering
        self._talkers = talkers
        self._homes = homes

    def open(self, found: Press) -> None:
        """A window for this press opens in a moment."""
        self._talkers.soon(self._open, found)

    def _open(self, found: Press) -> None:
        language = "en"
        try:
            language = self._people.language(found.user)
            event = parsing.opened(found, self._tokens)
            view = self._view(found, event, language)
            if view is not None:
                with calling():
                    self._client.views_open(trigger_id=found.trigger_id, view=view)
                return
            said = toasts.refused(language, Refusal.NOT_ASKED)
            self._show(found.response_url, found.user, event)
        except TokenError as error:
            said = toasts.unusable(language, error.kind)
        except DeliveryError as error:
            _log.warning("A window did not open: %s", error)
            said = say(language, "The window did not open in time. Please press once more.")
        except Exception as error:  # an edge: this thread has nobody above it
            _log.error("A window could not be made: %s", described(error))
            said = toasts.our_fault(language)
        self.tell(found, said)

    def tell(self, found: Press, words: str) -> None:
        """The person reads this in a moment: below what they pressed or, where that is the Home
        page, in a window over it, while the page is made anew."""
        if not words:
            return
        if found.response_url:
            self._speaker.whisper(found.response_url, {"text": words})
            return
        self._homes.publish(found.user)
        self._talkers.soon(self._say_in_window, found, words)

    def _say_in_window(self, found: Press, words: str) -> None:
        view = modals.telling(words, self._people_language(found.user))
        try:
            with calling():
                self._client.views_open(trigger_id=found.trigger_id, view=view)
        except DeliveryError as error:  # too late for a window: the page has been made anew
            _log.warning("A window did not open: %s", error)

    def _view(self, found: Press, event: Event, language: str) -> modals.View | None:
        """The window for that press; None where this is not asked (any more)."""
        person = self._people.find(found.user)
        if person is None or person.id != event.person_id:
            return None
        if event.tap.action in TYPED:
            box, notes = self._box(found, event)
            if box is None:
                return None
            token = self._tokens.seal(person.id, event.delivery_key, event.tap)
            return modals.writing(box, notes, language, token, found.response_url)
        outcome = self._conversation.do(event)
        if outcome.aside is not None:
            return modals.page(self._rendering.page(person.id, outcome.aside), language)
        return modals.telling(outcome.words or outcome.toast, language)

    def _box(self, found: Press, event: Event) -> tuple[TextBox | None, list[Note]]:
        """The field that this tap belongs to as it is asked now, and the small print around it.

        A question is no answer, and brings its own: what a pulse promises doesn't hold for it.
        """
        shown = self._conversation.look(event) if event.delivery_key else None
        for message in [shown] if shown else self._homes.messages(found.user):
            boxes = [one for one in message.parts if isinstance(one, TextBox)]
            box = next((one for one in boxes if one.tap == event.tap), None)
            if box is not None:
                notes = [one for one in message.parts if isinstance(one, Note)]
                return box, notes if event.tap.action is not Action.ASK else []
        return None, []

    def sent(self, found: Submission) -> Mapping[str, Any]:
        """What was typed is stored; gives what the window does next: nothing (it closes), or a page
        that says why it was not."""
        person = self._people.find(found.user)
        language = person.language if person else self._people.language(found.user)
        try:
            event = parsing.opened(found, self._tokens)
        except TokenError as error:
            return _instead(modals.telling(toasts.unusable(language, error.kind), language))
        if person is None or person.id != event.person_id:
            refused = toasts.refused(language, Refusal.UNKNOWN)
            return _instead(modals.telling(refused, language))
        outcome = self._conversation.do(event)
        self._talkers.soon(self._show, found.response_url, found.user, event)
        if outcome.refused:
            return _instead(modals.telling(outcome.toast, language))
        return {}

    def unsaved(self, found_user: str) -> Mapping[str, Any]:
        """What the window says where nothing could be stored: the words stay in it."""
        language = self._people_language(found_user)
        return {"response_action": "errors", "errors": {modals.WORDS: toasts.not_saved(language)}}

    def _people_language(self, slack_id: str) -> str:
        try:
            return self._people.language(slack_id)
        except Exception as error:  # the database is what is missing
            _log.warning("Nobody can be looked up: %s", described(error))
            return "en"

    def _show(self, url: str, user: str, event: Event) -> None:
        """The message under the window, or the Home page, reads as things stand now."""
        if not url and not event.delivery_key:
            self._homes.publish(user)
            return
        message = self._conversation.show(event, shows_itself=bool(url))
        if message is not None and url:
            content = self._rendering.message(event.person_id, message)
            self._speaker.show(url, content, lambda: self._conversation.show(event))
        if not url:
            self._homes.publish(user)


def _instead(view: modals.View) -> Mapping[str, Any]:
    return {"response_action": "update", "view": view}
