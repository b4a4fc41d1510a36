"""`/bellwether`: the same as the Home page, for those who like typing. No word typed is read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.slack.home import stranger
from bot.slack.people import FALLBACK, People
from bot.slack.rendering import Content, Rendering
from bot.slack.speaking import Speaker
from campaigns.domain.messages import Message
from campaigns.domain.wording import say

MOST_ANSWERS = 5  # to one command


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
        answers = self._rendering.together(person.id, self._home(user))
        self._speaker.whisper_all(url, _few(answers, person.language))


def _few(answers: Sequence[Content], language: str) -> Sequence[Content]:
    """As many as the address takes; the last one says where the rest is."""
    if len(answers) <= MOST_ANSWERS:
        return answers
    rest = say(language, "There is more on the Home page of this app.")
    return [*answers[: MOST_ANSWERS - 1], {"text": rest}]
