"""The app's Home page, made when somebody opens it and after a press on it; never for everybody.

Published with the hash of the page that was looked at: an older one never overwrites a newer.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.campaign_taps import belongs
from bot.slack.blocks import shortened
from bot.slack.client import calling
from bot.slack.people import FALLBACK, People
from bot.slack.rendering import Rendering
from bot.slack.talkers import Talkers
from campaigns.domain.lanes import Lane
from campaigns.domain.messages import Message
from campaigns.domain.wording import say
from campaigns.errors import DeliveryError
from campaigns.flows import greeting
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault

MOST_BLOCKS = 100
_log = logging.getLogger(__name__)


class Homes:
    """Makes and publishes Home pages, each from the person's role at that moment."""

    def __init__(
        self,
        client: WebClient,
        database: Database,
        vault: Vault,
        people: People,
        rendering: Rendering,
        comms_team: frozenset[str],
        lane: Lane | None,
        now: Callable[[], datetime],
        talkers: Talkers,
    ) -> None:
        self._client = client
        self._database = database
        self._vault = vault
        self._people = people
        self._rendering = rendering
        self._comms_team = comms_team
        self._lane = lane
        self._now = now
        self._talkers = talkers
        self._wanted: dict[str, str] = {}  # whose page is to be made anew → what they see
        self._in_hand: set[str] = set()
        self._lock = threading.Lock()

    def opened(self, content: Mapping[str, Any], _at: datetime) -> None:
        """Somebody opened the page; its messages are another tab."""
        if content.get("tab", "home") == "home":
            self.publish(str(content["user"]), str(content.get("hash") or ""))

    def messages(self, slack_id: str) -> list[Message]:
        """What the page says to that person, part by part; nothing for a stranger."""
        person = self._people.find(slack_id)
        if person is None:
            return []
        is_comms = belongs(person, self._comms_team)
        return greeting.home(self._database, self._vault, person, is_comms, self._lane, self._now())

    def publish(self, slack_id: str, seen: str = "") -> None:
        """The page reads in a moment as things stand then; where it can't, the next look makes it
        anew. One person's pages are made one after the other, so that the newest stays."""
        with self._lock:
            self._wanted[slack_id] = seen
            if slack_id in self._in_hand:
                return
            self._in_hand.add(slack_id)
        self._talkers.soon(self._make, slack_id)

    def _make(self, slack_id: str) -> None:
        while True:
            with self._lock:
                seen = self._wanted.pop(slack_id, None)
                if seen is None:
                    self._in_hand.discard(slack_id)
                    return
            try:
                self._make_once(slack_id, seen)
            except BaseException:
                with self._lock:
                    self._in_hand.discard(slack_id)
                raise

    def _make_once(self, slack_id: str, seen: str) -> None:
        view = {"type": "home", "blocks": self._blocks(slack_id)}
        try:
            with calling(repeatable=True):
                self._publish(slack_id, view, seen)
        except DeliveryError as error:
            _log.warning("A Home page was not published: %s", error)

    def _publish(self, slack_id: str, view: dict[str, Any], seen: str) -> None:
        try:
            self._client.views_publish(user_id=slack_id, view=view, hash=seen or None)
        except SlackApiError as error:
            if error.response.get("error") != "hash_conflict":
                raise
            # Somebody was faster, perhaps with what was true a moment ago: what is true now wins.
            self._client.views_publish(user_id=slack_id, view=view)

    def _blocks(self, slack_id: str) -> Sequence[Mapping[str, Any]]:
        person = self._people.find(slack_id)
        if person is None:
            text = {"type": "plain_text", "text": stranger(FALLBACK)}
            return [{"type": "section", "text": text}]
        blocks = [
            block
            for message in self.messages(slack_id)
            for block in self._rendering.blocks(person.id, message)
        ]
        return shortened(blocks, MOST_BLOCKS, person.language)


def stranger(language: str) -> str:
    """What somebody reads who is not in the staff directory."""
    return say(
        language,
        "Bellwether doesn’t know you yet: you are not in its staff directory. Please ask whoever "
        "runs it; nothing that you do here is kept.",
    )
