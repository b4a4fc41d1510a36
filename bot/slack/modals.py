"""Windows of Slack: a form for words, and a page that is shown once and kept nowhere (D10).

Pure: values in, a view out. What a form carries is the sealed token of its button and the address
of the message under it; never an answer, a score or a group.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.domain.messages import Action, Note, TextBox
from campaigns.domain.wording import say

WORDS = "words"
LONGEST_TITLE = 24
LONGEST_LABEL = 2000
LONGEST_INPUT = 3000
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
    field = {
        "type": "input",
        "block_id": WORDS,
        "label": _plain(box.prompt, LONGEST_LABEL),
        "element": typed,
        "optional": box.tap.action in _MAY_BE_EMPTY,
    }
    blocks = [field, *(_small(note.text) for note in notes)]
    return _view(say(language, "In your own words"), blocks) | {
        "callback_id": WORDS,
        "private_metadata": json.dumps({"token": token, "url": url}),
        "submit": _plain(box.submit_label, LONGEST_TITLE),
        "close": _plain(say(language, "Cancel"), LONGEST_TITLE),
    }


def telling(text: str, language: str) -> View:
    """A window with a few plain sentences."""
    return page([{"type": "section", "text": _plain(text, LONGEST_INPUT)}], language)


def page(blocks: Sequence[Mapping[str, Any]], language: str) -> View:
    """A window with the parts of a message that only tell something."""
    told = [block for block in blocks if block["type"] in _LINES]
    return _view("Bellwether", told) | {"close": _plain(say(language, "Close"), LONGEST_TITLE)}


def _view(title: str, blocks: Sequence[Mapping[str, Any]]) -> View:
    return {"type": "modal", "title": _plain(title, LONGEST_TITLE), "blocks": list(blocks)}


def _small(text: str) -> Mapping[str, Any]:
    return {"type": "context", "elements": [_plain(text, LONGEST_INPUT)]}


def _plain(text: str, limit: int) -> Mapping[str, Any]:
    """Plain text, cut at a word where it is too long for its place."""
    if len(text) > limit:
        cut = text[: limit - 1]
        at = cut.rfind(" ")
        text = f"{cut[: at if at > 0 else None].rstrip()}…"
    return {"type": "plain_text", "text": text, "emoji": False}
