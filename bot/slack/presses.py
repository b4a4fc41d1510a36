"""What a press that was taken in does, and what the person reads then.

The pressed message is edited through the address that came with the press: that costs no call of
the Web API, which allows fewer edits a minute than people press. Only where it fails is the
message edited the slow way.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import campaign_taps, toasts
from bot.conversation import Conversation
from bot.slack import parsing
from bot.slack.parsing import Press
from bot.slack.people import People
from bot.slack.rendering import Rendering
from bot.slack.speaking import Speaker
from bot.tokens import TokenError, Tokens
from campaigns.domain.messages import Action, Event, Outcome
from campaigns.flows.answering import Refusal

# What these did shows nowhere in the message, so it is said.
_SAID = frozenset({Action.FEWER, Action.USUAL}) | campaign_taps.ACTIONS
_SAID_EVERYWHERE = frozenset({Action.FORGET})  # nor on the Home page


class Presses:
    """Does presses; `republish` brings the Home page of a Slack id up to date, and `tell` says a
    few words to whoever pressed."""

    def __init__(
        self,
        conversation: Conversation,
        tokens: Tokens,
        people: People,
        speaker: Speaker,
        rendering: Rendering,
        republish: Callable[[str], object],
        tell: Callable[[Press, str], object],
    ) -> None:
        self._conversation = conversation
        self._tokens = tokens
        self._people = people
        self._speaker = speaker
        self._rendering = rendering
        self._republish = republish
        self._tell = tell

    def do(self, content: Mapping[str, Any], at: datetime) -> None:
        """The press counts as of the moment it came, and its person reads what became of it."""
        found = Press(**{**content, "tokens": tuple(content["tokens"])})
        person = self._people.find(found.user)
        language = person.language if person else self._people.language(found.user)
        try:
            event = parsing.opened(found, self._tokens)
        except TokenError as error:
            self._tell(found, toasts.unusable(language, error.kind))
            return
        if person is None or person.id != event.person_id:
            self._tell(found, toasts.refused(language, Refusal.UNKNOWN))
            return
        event = self._with_our_id(event)
        itself = bool(found.response_url) and not found.in_home
        self._answer(found, event, self._conversation.handle(event, at, shows_itself=itself))

    def _with_our_id(self, event: Event) -> Event:
        """A person picked from Slack's list, by the id of the staff file."""
        if event.tap.action is not Action.HAND_OVER or not event.text:
            return event
        chosen = self._people.find(event.text)
        return replace(event, text=chosen.external_id) if chosen else event

    def _answer(self, found: Press, event: Event, outcome: Outcome) -> None:
        if found.in_home:
            self._republish(found.user)
            if outcome.refused or event.tap.action in _SAID_EVERYWHERE:
                self._tell(found, outcome.toast)
            return
        if outcome.message is not None and found.response_url:
            content = self._rendering.message(event.person_id, outcome.message)
            self._speaker.show(found.response_url, content, lambda: self._conversation.show(event))
        if outcome.refused or outcome.message is None or event.tap.action in _SAID:
            self._tell(found, outcome.toast)
