"""A neutral message as Slack takes it, with its buttons sealed for the one who reads it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.tokens import Tokens
from campaigns.domain.messages import Message, Tap

EVENT_TYPE = "bellwether_delivery"
MOST_BLOCKS = 50  # of a message; a Home page takes more

Content = dict[str, Any]
Seal = Callable[[Tap], str]
Render = Callable[[Message, Seal], Mapping[str, Any]]


class Rendering:
    """Joins the pure renderer with the seal; stateless."""

    def __init__(self, render: Render, tokens: Tokens) -> None:
        self._render = render
        self._tokens = tokens

    def message(self, person_id: int, message: Message) -> Content:
        """Text and blocks; the delivery's own key goes along, so that it can be found again."""
        content: Content = dict(self._render(message, self._seal(person_id, message.key)))
        if message.key:
            payload = {"key": message.key}
            content["metadata"] = {"event_type": EVENT_TYPE, "event_payload": payload}
        return content

    def together(self, person_id: int, messages: Sequence[Message]) -> Content:
        """Several messages as one, each with its own seal."""
        shown = [self.message(person_id, one) for one in messages]
        blocks = [block for one in shown for block in one["blocks"]]
        return {"text": "\n\n".join(one["text"] for one in shown), "blocks": blocks[:MOST_BLOCKS]}

    def blocks(self, person_id: int, message: Message) -> Sequence[Mapping[str, Any]]:
        """The blocks alone, for a window or a Home page."""
        found: Sequence[Mapping[str, Any]] = self.message(person_id, message)["blocks"]
        return found

    def _seal(self, person_id: int, key: str) -> Seal:
        def seal(tap: Tap) -> str:
            return self._tokens.seal(person_id, key, tap)

        return seal
