"""Blocks are valid up to the documented counts and lengths, and not one beyond."""

from typing import Any

import pytest

from tests.slack.blockkit import problems, view_problems

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain()} | more


def option(**more: Any) -> Json:
    return {"text": plain(), "value": "v"} | more


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asked(**element: Any) -> Json:
    box = {"type": "plain_text_input"} | element
    return {"type": "input", "label": plain(), "element": box}


def section(**more: Any) -> Json:
    return {"type": "section", "text": plain()} | more


def image(**more: Any) -> Json:
    return {"type": "image", "alt_text": "x", "image_url": "https://example.org/x.png"} | more


def select(**more: Any) -> Json:
    return actions({"type": "static_select", "options": [option()]} | more)


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}

# The block with so much of something, and how much of it is the most.
LENGTHS = [
    (lambda n: section(text=plain("x" * n)), 3_000),
    (lambda n: section(fields=[plain()] * n), 10),
    (lambda n: section(fields=[plain("x" * n)]), 2_000),
    (lambda n: section(block_id="x" * n), 255),
    (lambda n: {"type": "header", "text": plain("x" * n)}, 150),
    (lambda n: {"type": "context", "elements": [plain()] * n}, 10),
    (lambda n: {"type": "alert", "text": plain("x" * n)}, 200),
    (lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    (lambda n: actions(*[button()] * n), 25),
    (lambda n: actions(button(text=plain("x" * n))), 75),
    (lambda n: actions(button(value="x" * n)), 2_000),
    (lambda n: actions(button(url="x" * n)), 3_000),
    (lambda n: actions(button(accessibility_label="x" * n)), 75),
    (lambda n: actions(button(action_id="x" * n)), 255),
    (lambda n: actions(button(confirm=CONFIRM | {"title": plain("x" * n)})), 100),
    (lambda n: actions(button(confirm=CONFIRM | {"text": plain("x" * n)})), 300),
    (lambda n: actions(button(confirm=CONFIRM | {"deny": plain("x" * n)})), 30),
    (lambda n: select(options=[option()] * n), 100),
    (lambda n: select(placeholder=plain("x" * n)), 150),
    (lambda n: select(options=[option(text=plain("x" * n))]), 75),
    (lambda n: select(options=[option(value="x" * n)]), 150),
    (lambda n: select(options=[option(description=plain("x" * n))]), 75),
    (lambda n: actions({"type": "radio_buttons", "options": [option()] * n}), 10),
    (lambda n: actions({"type": "checkboxes", "options": [option()] * n}), 10),
    (lambda n: actions({"type": "overflow", "options": [option()] * n}), 5),
    (lambda n: asked(max_length=n), 3_000),
    (lambda n: asked() | {"label": plain("x" * n)}, 2_000),
    (lambda n: asked() | {"hint": plain("x" * n)}, 2_000),
    (lambda n: image(alt_text="x" * n), 2_000),
    (lambda n: image(title=plain("x" * n)), 2_000),
    (lambda n: image(image_url="x" * n), 3_000),
]


@pytest.mark.parametrize(("block", "most"), LENGTHS)
def test_block_is_valid_up_to_its_limit(block: Any, most: int) -> None:
    assert problems([block(most)], "message") == []
    assert problems([block(most + 1)], "message") != []


@pytest.mark.parametrize(
    "block",
    [
        {"type": "sections", "text": plain()},
        {"type": "section"},
        section(colour="red"),
        section(accessory={"type": "plain_text_input"}),
        section(text={"type": "mrkdwn", "text": ""}),
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "context", "elements": []},
        {"type": "context", "elements": [button()]},
        actions(),
        actions(button(text={"type": "mrkdwn", "text": "x"})),
        actions(button(text=plain(""))),
        actions(button(style="loud")),
        actions(button(action_id="a"), button(action_id="a")),
        select(options=None, option_groups=None),
        select(initial_option=option(value="another")),
        {"type": "image", "image_url": "https://example.org/x.png"},
        image(alt_text=None),
        image(slack_file={"id": "F1"}),
        "a block",
        None,
    ],
)
def test_block_is_refused_when_it_is_malformed(block: Any) -> None:
    (problem, *_) = problems([block], "message")
    assert "[json-pointer:/blocks/0" in problem


def test_blocks_are_refused_when_they_are_too_many_or_share_an_id() -> None:
    divider = {"type": "divider"}
    assert problems([divider] * 50, "message") == []
    assert problems([divider] * 51, "message") != []
    assert problems([divider] * 100, "home") == []
    assert problems([divider] * 101, "modal") != []
    assert problems([divider | {"block_id": "b"}] * 2, "message") != []
    assert problems("blocks", "message") != []
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert problems([table], "message") == []
    assert problems([table], "home") != []
    assert problems([table, table], "message") != []


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"title": plain("x" * 24)}, True),
        ({"title": plain("x" * 25)}, False),
        ({"title": None}, False),
        ({"submit": plain("x" * 25)}, False),
        ({"submit": None}, False),
        ({"close": plain("x" * 25)}, False),
        ({"private_metadata": "x" * 3_000}, True),
        ({"private_metadata": "x" * 3_001}, False),
        ({"callback_id": "x" * 256}, False),
        ({"external_id": "x" * 256}, False),
        ({"blocks": []}, False),
        ({"colour": "red"}, False),
        ({"type": "home"}, False),
    ],
)
def test_view_is_valid_within_its_limits(change: Json, valid: bool) -> None:
    view = {"type": "modal", "title": plain(), "submit": plain(), "blocks": [asked()]}
    assert (view_problems(view | change) == []) is valid
