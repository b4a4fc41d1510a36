"""Whether Slack would take these blocks: counts, lengths, and what may stand where.

Our own rules go by the documented limits, word for word where Slack has words; what passes them is
shown to slack_sdk's models too, which were written by others.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION, PICTURE, has_one_picture
from tests.slack.members import Json
from tests.slack.rules import (
    anything,
    both,
    flag,
    listed,
    one_of,
    plain,
    shape,
    string,
    text,
    typed,
    wrong,
)

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MARKDOWN = 12_000
IN_MESSAGES_ONLY = ("markdown", "table", "context_actions")

_ID = {"block_id": string(255)}
_SMALL = typed({"plain_text": plain(3_000), "mrkdwn": text(3_000), "image": IMAGE})
_CELL = typed({"raw_text": anything, "raw_number": anything, "rich_text": anything})
_ICON = typed({"feedback_buttons": anything, "icon_button": anything})


def _says_something(value: Any, place: str) -> Iterator[str]:
    if not value.get("text") and not value.get("fields"):
        yield wrong("missing required field: text or fields", place)


_SECTION = {"text": text(3_000), "fields": listed(text(2_000), 1, 10), "accessory": IN_SECTION}
_PICTURE = shape({"alt_text": string(2_000)}, _ID | PICTURE | {"title": plain(2_000)})
_INPUT = {"hint": plain(2_000), "optional": flag, "dispatch_action": flag}
_LEVEL = one_of("default", "info", "warning", "error", "success")
BLOCK = typed(
    {
        "section": both(shape({}, _ID | _SECTION | {"expand": flag}), _says_something),
        "header": shape({"text": plain(150)}, _ID),
        "divider": shape({}, _ID),
        "context": shape({"elements": listed(_SMALL, 1, 10)}, _ID),
        "actions": shape({"elements": listed(IN_ACTIONS, 1, 25)}, _ID),
        "context_actions": shape({"elements": listed(_ICON, 1, 5)}, _ID),
        "input": shape({"label": plain(2_000), "element": IN_INPUT}, _ID | _INPUT),
        "image": both(_PICTURE, has_one_picture),
        "alert": shape({"text": text(200)}, _ID | {"level": _LEVEL}),
        "markdown": shape({"text": string(MARKDOWN)}, _ID),
        "rich_text": shape({"elements": anything}, _ID),
        "table": shape(
            {"rows": listed(listed(_CELL, 1, 20), 1, 100)}, _ID | {"column_settings": anything}
        ),
    }
)
_VIEW = {"blocks": anything, "private_metadata": string(3_000, 0), "callback_id": string(255)}
_VIEW |= {"external_id": string(255)}
_CLOSING = {"close": plain(24), "clear_on_close": flag, "notify_on_close": flag}
_MODAL = shape({"title": plain(24), "blocks": anything}, _VIEW | _CLOSING | {"submit": plain(24)})
_HOME = shape({"blocks": anything}, _VIEW)


def problems(blocks: Any, surface: Surface) -> list[str]:
    """What is wrong with them, by place; nothing for valid ones."""
    least = 0 if surface == "message" else 1
    found = list(listed(BLOCK, least, MOST_BLOCKS[surface])(blocks, "/blocks"))
    return found or [*_together(blocks, surface), *_by_the_sdk(blocks)]


def view_problems(view: Json) -> list[str]:
    """The same for a whole window or Home page."""
    modal = view["type"] == "modal"
    found = list((_MODAL if modal else _HOME)(view, "/view"))
    found += problems(view.get("blocks"), "modal" if modal else "home")
    if found:
        return found
    asks = any(block["type"] == "input" for block in view["blocks"])
    if modal and asks and not view.get("submit"):
        return [wrong("a view with inputs needs submit", "/view/submit")]
    return _sdk_errors(lambda: View(**view).validate_json(), "/view")


def with_ids(blocks: list[Json]) -> list[Json]:
    """Copies in which every block and everything that can be tapped has an id."""
    return [{"block_id": secrets.token_hex(3)} | _with_action_ids(block) for block in blocks]


def _with_action_ids(block: Json) -> Json:
    named = dict(block)
    for key in ("accessory", "element"):
        if key in named:
            named[key] = _with_action_id(named[key])
    if named["type"] == "actions":
        named["elements"] = [_with_action_id(one) for one in named["elements"]]
    return named


def _with_action_id(element: Json) -> Json:
    taps = element["type"] != "image"
    return ({"action_id": secrets.token_hex(3)} if taps else {}) | element


def _together(blocks: list[Json], surface: Surface) -> Iterator[str]:
    """What no single block can show."""
    kinds = Counter(block["type"] for block in blocks)
    if kinds["table"] > 1:
        yield wrong("only one table allowed", "/blocks")
    if sum(len(one["text"]) for one in blocks if one["type"] == "markdown") > MARKDOWN:
        yield wrong(f"more than {MARKDOWN} characters of markdown", "/blocks")
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    for block_id in (one for one, times in ids.items() if times > 1):
        yield wrong(f"block_id {block_id} already exists", "/blocks")
    for number, block in enumerate(blocks):
        place = f"/blocks/{number}"
        if surface != "message" and block["type"] in IN_MESSAGES_ONLY:
            yield wrong(f"unsupported type: {block['type']}", f"{place}/type")
        yield from _twice(block, place)


def _twice(block: Json, place: str) -> Iterator[str]:
    inside = block.get("elements", []) if block["type"] == "actions" else []
    ids = Counter(one["action_id"] for one in inside if "action_id" in one)
    for action_id in (one for one, times in ids.items() if times > 1):
        yield wrong(f"action_id {action_id} already exists", place)


def _by_the_sdk(blocks: list[Json]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if (parsed := Block.parse(block)) is not None:
            yield from _sdk_errors(parsed.validate_json, f"/blocks/{number}")


def _sdk_errors(validate: Any, place: str) -> list[str]:
    try:
        validate()
    except SlackObjectFormationError as error:
        return [wrong(str(error), place)]
    return []
