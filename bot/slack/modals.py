"""Windows of Slack: a form for words, and a page that is shown once and kept nowhere (D10).

Pure: values in, a view out. What a form carries is the sealed token of its button and the address
of the message under it; never an answer, a score or a group.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack.cutting import cut
from campaigns.domain.messages import Action, Note, TextBox
from campaigns.domain.wording import say

WORDS, CHOICE = "words", "choice"
LONGEST_TITLE = 24
LONGEST_LABEL = 2000
LONGEST_INPUT = 3000
LONGEST_NOTE = 2000
LONGEST_OPTION = 75
_MAY_BE_EMPTY = frozenset({Action.WRITE, Action.CLOSE})
_LINES = frozenset({"section", "context", "header", "divider"})

View = dict[str, Any]


def writing(box: TextBox, notes: Sequence[Note], language: str, token: str, url: str) -> View:
    """The form for this field, with the small print of its message again."""
    typed = {
        "type": "plain_text_input",
        "action_id": WORDS,
        "multiline": True,
        "max_length": min(box.max_length, LONGEST_INPUT),
        "focus_on_load": True,
    }
    field = _input(WORDS, box.prompt, typed, language)
    field["optional"] = box.tap.action in _MAY_BE_EMPTY
    small = [box.note, *(note.text for note in notes)]
    blocks = [
        field,
        *(_choice(box, language) if box.options else []),
        *(_small(text, language) for text in small if text),
    ]
    return _view(say(language, "In your own words"), blocks, language) | {
        "callback_id": WORDS,
        "private_metadata": json.dumps({"token": token, "url": url}),
        "submit": _plain(box.submit_label, LONGEST_TITLE, language),
        "close": _plain(say(language, "Cancel"), LONGEST_TITLE, language),
    }


def _choice(box: TextBox, language: str) -> list[View]:
    options: list[View] = [
        {"text": _plain(label, LONGEST_OPTION, language), "value": value}
        for value, label in box.options
    ]
    radio = {
        "type": "radio_buttons",
        "action_id": CHOICE,
        "options": options,
        "initial_option": options[0],
    }
    return [_input(CHOICE, box.options_label or box.prompt, radio, language)]


def _input(name: str, label: str, element: View, language: str) -> View:
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label, LONGEST_LABEL, language),
        "element": element,
    }


def telling(text: str, language: str) -> View:
    """A window with a few plain sentences."""
    return page([{"type": "section", "text": _plain(text, LONGEST_INPUT, language)}], language)


def page(blocks: Sequence[Mapping[str, Any]], language: str) -> View:
    """A window with the parts of a message that only tell something."""
    told = [block for block in blocks if block["type"] in _LINES or _leads_on(block)]
    return _view("Bellwether", told, language) | {
        "close": _plain(say(language, "Close"), LONGEST_TITLE, language)
    }


def _leads_on(block: Mapping[str, Any]) -> bool:
    """Whether it is a row of nothing but links."""
    return block["type"] == "actions" and all("url" in one for one in block["elements"])


def _view(title: str, blocks: Sequence[Mapping[str, Any]], language: str) -> View:
    heading = _plain(title, LONGEST_TITLE, language)
    return {"type": "modal", "title": heading, "blocks": list(blocks)}


def _small(text: str, language: str) -> View:
    return {"type": "context", "elements": [_plain(text, LONGEST_NOTE, language)]}


def _plain(text: str, limit: int, language: str) -> View:
    return {"type": "plain_text", "text": cut(text, limit, language), "emoji": False}
