"""A neutral message as Slack takes it, with its buttons sealed for the one who reads it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack.blocks import EVENT_TYPE, IN_WINDOW, MAX_ALL, MAX_BLOCKS, MAX_TEXT, Seal, render
from bot.tokens import Tokens
from campaigns.domain.messages import Message, Tap

Content = dict[str, Any]


class Rendering:
    """Joins the pure renderer with the seal; stateless."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def message(self, person_id: int, message: Message) -> Content:
        """Text and blocks; the delivery's own key goes along, so that it can be found again."""
        content: Content = render(message, self._seal(person_id, message.key))
        if message.key:
            payload = {"key": message.key}
            content["metadata"] = {"event_type": EVENT_TYPE, "event_payload": payload}
        return content

    def together(self, person_id: int, messages: Sequence[Message]) -> list[Content]:
        """Several messages in as few as Slack takes them, each with its own seal."""
        found: list[Content] = []
        for one in messages:
            shown = self.message(person_id, one)
            more = {name: shown[name] for name in ("text", "blocks")}
            joined = _joined(found[-1], more) if found else more
            if found and _fits(joined):
                found[-1] = joined
            else:
                found.append(more)
        return found

    def page(self, person_id: int, message: Message) -> Sequence[Mapping[str, Any]]:
        """The blocks for a window, which has more room than a message."""
        found: Sequence[Mapping[str, Any]] = render(
            message, self._seal(person_id, message.key), IN_WINDOW
        )["blocks"]
        return found

    def blocks(self, person_id: int, message: Message) -> list[Content]:
        """The blocks alone, for a Home page."""
        found: list[Content] = self.message(person_id, message)["blocks"]
        return found

    def _seal(self, person_id: int, key: str) -> Seal:
        def seal(tap: Tap) -> str:
            return self._tokens.seal(person_id, key, tap)

        return seal


def _joined(first: Content, second: Content) -> Content:
    return {
        "text": f"{first['text']}\n\n{second['text']}",
        "blocks": [*first["blocks"], *second["blocks"]],
    }


def _fits(content: Content) -> bool:
    n_characters = len(json.dumps(content["blocks"], ensure_ascii=False))
    few = len(content["blocks"]) <= MAX_BLOCKS and n_characters <= MAX_ALL
    return few and len(content["text"]) <= MAX_TEXT
