"""A neutral message as Slack shows it: blocks for those who see, one text for those who listen.

Pure. Every word goes out as `plain_text`, or escaped in the one text that has no such form, so that
nothing that somebody wrote can call a channel, name a person or hide a link. No block has an id of
ours but a menu's, which is its sealed token: so each rendering has fresh ones, as Slack asks.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.slack.cutting import clean, cut, cut_escaped
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Choices,
    Divider,
    Facts,
    Heading,
    Link,
    Message,
    Note,
    Part,
    Picker,
    Scale,
    Sealed,
    Tap,
    Text,
    TextBox,
)
from campaigns.domain.wording import say

Json = dict[str, Any]
Seal = Callable[[Tap], str]

EVENT_TYPE = "bellwether_delivery"  # of a message's metadata, beside its opaque key
MAX_BLOCKS = 50
MAX_TEXT = 4000  # of the whole as one text: an edit takes no more
MAX_ALL = 12_500  # of all blocks as JSON; Slack was seen to refuse 13,200
_HEADER, _SECTION, _FIELD, _NOTE, _LABEL = 150, 3000, 2000, 2000, 75
_CONFIRM, _CONFIRM_TITLE = 300, 100
_N_FIELDS, _N_BUTTONS, _N_OPTIONS = 10, 25, 100
_ANSWERS = (Action.WRITE, Action.REPLY)  # their button opens a window, and sends nothing yet
_SHORT = 30  # a longer label is cut on a phone


@dataclass(frozen=True, slots=True)
class Room:
    """How many blocks, and how many characters of JSON in all of them, a place takes."""

    blocks: int = MAX_BLOCKS
    characters: int = MAX_ALL


IN_MESSAGE = Room()
IN_WINDOW = Room(100, 200_000)


def render(message: Message, seal: Seal, room: Room = IN_MESSAGE) -> Json:
    """`text` and `blocks` of the message; `seal` makes a button's value of what it means."""
    renderer = _Renderer(message.language, seal)
    blocks = [block for part in message.parts for block in renderer.part(part)]
    text = cut_escaped(message.fallback_text, MAX_TEXT, message.language)
    return {"text": text, "blocks": _fitting(blocks, room, message.language)}


class _Renderer:
    """Renders the parts of one message; action ids are numbered through it."""

    def __init__(self, language: str, seal: Seal) -> None:
        self._language, self._seal = language, seal
        self._numbers = count(1)

    def part(self, part: Part) -> Iterator[Json]:
        """The blocks of one part; an empty text has none."""
        match part:
            case Heading(text):
                yield from self._words("header", text, _HEADER)
            case Text(text):
                yield from self._words("section", text, _SECTION)
            case Note(text):
                note = self._plain(text, _NOTE)
                yield from [{"type": "context", "elements": [note]}] if note["text"] else []
            case Facts(facts):
                told = [self._plain(f"{name}\n{value}", _FIELD) for name, value in facts]
                fields = [one for one in told if one["text"]]
                yield from [{"type": "section", "fields": fields[:_N_FIELDS]}] if fields else []
            case Divider():
                yield {"type": "divider"}
            case Actions(items):
                yield from self._row([self._item(item) for item in items])
            case _:
                yield from self._question(part)

    def _question(self, part: Scale | Choices | TextBox | Picker | Sealed) -> Iterator[Json]:
        match part:
            case Scale():
                yield from self._words("section", part.prompt, _SECTION)
                yield from self._row(self._points(part))
            case Choices():
                yield from self._choices(part)
            case TextBox(opener=opener) if opener:
                yield from self._row([self._button(opener, part.tap)])
            case TextBox():
                yield from self._words("section", part.prompt, _SECTION)
                answers = part.tap.action in _ANSWERS
                label = say(self._language, "Write an answer") if answers else part.submit_label
                yield from self._row([self._button(label, part.tap)])
            case Sealed():
                yield from self._row([self._button(part.label, part.tap)])
            case Picker():
                yield from [self._menu(part)] if part.options else []

    def _points(self, scale: Scale) -> Iterator[Json]:
        """A button a point; the two ends say what they mean, and each of how many it is."""
        ends = {1: scale.low_label, scale.points: scale.high_label}
        for point in range(1, scale.points + 1):
            label = f"{point} · {ends[point]}" if point in ends else str(point)
            told = say(self._language, "{n} of {total}", n=point, total=scale.points)
            tap = Tap(Action.ANSWER, scale.question, str(point))
            yield self._button(label, tap, told)

    def _choices(self, part: Choices) -> Iterator[Json]:
        """A button an option; options too long for one are spelled out above, by number."""
        prompt, labels = part.prompt, [label for _, label in part.options]
        if any(len(label) > _SHORT for label in labels):
            numbered = [f"{n}. {label}" for n, label in enumerate(labels, 1)]
            prompt = "\n".join([prompt, *numbered])
            labels = [str(n) for n in range(1, len(labels) + 1)]
        yield from self._words("section", prompt, _SECTION)
        yield from self._row(
            self._button(label, Tap(Action.ANSWER, part.question, key), told)
            for label, (key, told) in zip(labels, part.options, strict=True)
        )

    def _menu(self, part: Picker) -> Json:
        """A menu; its token is the id of its block, for an option has not room enough for one."""
        menu: Json = {
            "type": "users_select",
            "action_id": self._id(part.tap.action),
            "placeholder": self._label(part.label),
        }
        if part.chooses == "option":
            found = [{"text": self._label(label), "value": value} for value, label in part.options]
            menu |= {"type": "static_select", "options": found[:_N_OPTIONS]}
        return {"type": "actions", "block_id": self._seal(part.tap), "elements": [menu]}

    def _item(self, item: Button | Link) -> Json:
        if isinstance(item, Button):
            return self._button(item.label, item.tap, item.description, item.style) | (
                {"confirm": self._confirm(item)} if item.ask else {}
            )
        label = self._label(item.label)
        return {"type": "button", "action_id": self._id("link"), "text": label, "url": item.url}

    def _button(self, label: str, tap: Tap, told: str = "", style: str = "") -> Json:
        button = {
            "type": "button",
            "action_id": self._id(tap.action),
            "text": self._label(label),
            "value": self._seal(tap),
        }
        if label_read_aloud := cut(told, _LABEL, self._language):
            button["accessibility_label"] = label_read_aloud
        return button | ({"style": style} if style else {})

    def _confirm(self, item: Button) -> Json:
        return {
            "title": self._plain(item.label, _CONFIRM_TITLE),
            "text": self._plain(item.ask, _CONFIRM),
            "confirm": self._plain(item.yes, _SHORT),
            "deny": self._plain(say(self._language, "Cancel"), _SHORT),
        }

    def _row(self, elements: Iterator[Json] | Sequence[Json]) -> Iterator[Json]:
        found = list(elements)
        for start in range(0, len(found), _N_BUTTONS):
            yield {"type": "actions", "elements": found[start : start + _N_BUTTONS]}

    def _words(self, kind: str, text: str, most: int) -> Iterator[Json]:
        said = self._plain(text, most)
        if said["text"]:
            yield {"type": kind, "text": said}

    def _plain(self, text: str, most: int) -> Json:
        return {"type": "plain_text", "text": cut(text, most, self._language), "emoji": False}

    def _label(self, text: str) -> Json:
        """What stands on a button or in a menu, where Slack takes no empty text."""
        return self._plain(text if clean(text).strip() else "–", _LABEL)

    def _id(self, name: str) -> str:
        return f"{name}_{next(self._numbers)}"


def _fitting(blocks: list[Json], room: Room, language: str) -> list[Json]:
    """The blocks as far as Slack takes them: the longest texts are cut, then the longest menus."""
    while len(json.dumps(blocks, ensure_ascii=False)) > room.characters and _shrunk(
        blocks, language
    ):
        pass
    return shortened(blocks, room.blocks, language)


def shortened(blocks: list[Json], most: int, language: str) -> list[Json]:
    """So many of the blocks; where some are left out, the last one says so."""
    if len(blocks) <= most:
        return blocks
    note = {"type": "plain_text", "text": say(language, "Shortened here."), "emoji": False}
    return [*blocks[: most - 1], {"type": "context", "elements": [note]}]


def _shrunk(blocks: list[Json], language: str) -> bool:
    """Whether something could be made shorter, and is; buttons stay."""
    texts = [text for block in blocks for text in _texts(block)]
    longest = max(texts, key=lambda text: len(text["text"]), default={"text": ""})
    if (length := len(longest["text"])) > _LABEL:
        longest["text"] = cut(longest["text"], length * 2 // 3, language)
        return True
    menus = [one for block in blocks for one in block.get("elements", []) if "options" in one]
    menu: Json = max(menus, key=lambda one: len(one["options"]), default={"options": []})
    if (n := len(menu["options"])) > 1:
        menu["options"] = menu["options"][: n * 2 // 3]
        return True
    return False


def _texts(block: Json) -> list[Json]:
    """The block's texts that are no label."""
    match block["type"]:
        case "section":
            return list(block.get("fields") or [block["text"]])
        case "context":
            return list(block["elements"])
        case _:
            return []
