"""A neutral message as Slack takes it, with its buttons sealed for the one who reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack.blocks import EVENT_TYPE, MAX_BLOCKS, Seal, render
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

    def together(self, person_id: int, messages: Sequence[Message]) -> Content:
        """Several messages as one, each with its own seal."""
        shown = [self.message(person_id, one) for one in messages]
        blocks = [block for one in shown for block in one["blocks"]]
        return {"text": "\n\n".join(one["text"] for one in shown), "blocks": blocks[:MAX_BLOCKS]}

    def blocks(self, person_id: int, message: Message) -> Sequence[Mapping[str, Any]]:
        """The blocks alone, for a window or a Home page."""
        found: Sequence[Mapping[str, Any]] = self.message(person_id, message)["blocks"]
        return found

    def _seal(self, person_id: int, key: str) -> Seal:
        def seal(tap: Tap) -> str:
            return self._tokens.seal(person_id, key, tap)

        return seal
