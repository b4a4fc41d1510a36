"""`/bellwether`: the same as the Home page, for those who like typing. No word typed is read."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.slack.home import stranger
from bot.slack.people import FALLBACK, People
from bot.slack.rendering import Rendering
from bot.slack.speaking import Speaker
from campaigns.domain.messages import Message


class Commands:
    """Answers the command; only the one who typed it sees the answer."""

    def __init__(
        self,
        people: People,
        speaker: Speaker,
        rendering: Rendering,
        home: Callable[[str], list[Message]],
    ) -> None:
        self._people = people
        self._speaker = speaker
        self._rendering = rendering
        self._home = home

    def do(self, content: Mapping[str, Any], _at: datetime) -> None:
        """The person reads what there is for them, with the same buttons as on the Home page."""
        user, url = str(content["user"]), str(content["response_url"])
        person = self._people.find(user)
        if person is None:
            self._speaker.whisper(url, {"text": stranger(FALLBACK)})
            return
        self._speaker.whisper(url, self._rendering.together(person.id, self._home(user)))
