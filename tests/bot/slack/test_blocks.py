"""Every kind of message as Slack shows it: golden files, what Slack takes, nothing injected."""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks import MAX_ALL, MAX_BLOCKS, MAX_TEXT, render
from bot.slack.cutting import clean, cut, cut_escaped
from bot.tokens import Tokens
from campaigns.domain import content
from campaigns.domain.alert_message import moved
from campaigns.domain.definition import Pulse, Vision
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
    Tap,
    Text,
    TextBox,
)
from campaigns.domain.plain import plain_text
from campaigns.domain.question_message import Received, question
from campaigns.flows.previewing import render as every_message
from tests.campaigns.domain.test_alert_message import FINDING, OPEN, message
from tests.learning import catalogue, training
from tests.people import clerk
from tests.scene import definition
from tests.slack.blockkit import problems

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime.fromisoformat("2027-01-12T09:00:00+00:00")
PERSON = clerk("P1", 1)


def seal(tap: Tap) -> str:
    """A token that can be read, so that the golden files say what each button means."""
    return ":".join(("sealed", tap.action, tap.question, tap.value))


def of(*parts: Part, language: str = "en") -> Message:
    return Message("k1", plain_text(parts, language), language, parts)


def kinds() -> Iterator[tuple[str, Message]]:
    """One message of every kind, in every state it can have."""
    campaign = definition(learn_from_words=True)
    for one in every_message(campaign):
        if one.language == "en":
            name = "-".join(filter(None, (one.touchpoint, one.step)))
            yield name.replace(" ", "-"), one.message
    for one in every_message(catalogue(training("offer", link="https://learn.example/"))):
        if one.touchpoint == "course":
            yield one.step.replace(" ", "-"), one.message
    pulse = campaign.touchpoint("pulse")
    vision = campaign.touchpoint("vision")
    assert isinstance(pulse, Pulse)
    assert isinstance(vision, Vision)
    yield "pulse-moved", content.moved(campaign, pulse, PERSON, "k1")
    yield "vision-clear", content.vision(campaign, vision, PERSON, "k1", acknowledged=True)
    yield "paused", content.paused(campaign, PERSON, "k1", NOW + timedelta(days=28))
    yield "alert", message(OPEN, FINDING)
    yield "alert-moved", moved(FINDING, "en", "k1")
    unnamed, named = Received(None), Received(("Ada", "Permits"), answered_by="Grace", is_mine=True)
    yield "question", question(unnamed, campaign, "en", "k1")
    yield "question-answered", question(named, campaign, "en", "k1")
    yield "long-scale", of(Scale("q", "How likely?", 10, "Not at all", "Very"))
    yield "long-options", of(Choices("q", "Why?", (("a", "For a reason that is long to tell"),)))
    yield "link", of(Text("See"), Divider(), Actions((Link("Read more", "https://example.org/"),)))


KINDS = dict(kinds())


def counted(blocks: list[dict[str, Any]]) -> None:
    """Slack's numbers, counted by ourselves: the library overlooks some."""
    assert 1 <= len(blocks) <= MAX_BLOCKS
    ids = [
        one["action_id"] for block in blocks for one in block.get("elements", []) if len(one) > 3
    ]
    assert len(ids) == len(set(ids))
    for block in blocks:
        assert len(block.get("block_id", "")) <= 255
        match block["type"]:
            case "header":
                assert 1 <= len(block["text"]["text"]) <= 150
            case "section":
                texts = block["fields"] if "fields" in block else [block["text"]]
                assert len(texts) <= 10
                limit = 2000 if "fields" in block else 3000
                assert all(1 <= len(one["text"]) <= limit for one in texts)
            case "context":
                assert 1 <= len(block["elements"]) <= 10
            case "actions":
                assert 1 <= len(block["elements"]) <= 25
                for element in block["elements"]:
                    counted_element(element)
            case other:
                assert other == "divider"


def counted_element(element: dict[str, Any]) -> None:
    assert len(element["action_id"]) <= 255
    if element["type"] == "static_select":
        assert 1 <= len(element["options"]) <= 100
        for option in element["options"]:
            assert 1 <= len(option["text"]["text"]) <= 75
            assert len(option["value"]) <= 150
    if element["type"] in ("static_select", "users_select"):
        assert 1 <= len(element["placeholder"]["text"]) <= 150
        return
    assert 1 <= len(element["text"]["text"]) <= 75
    assert len(element.get("accessibility_label", "")) <= 75
    assert len(element.get("value", "")) <= 2000
    assert len(element.get("url", "")) <= 3000


def said(value: Any) -> Iterator[dict[str, Any]]:
    """Every text object in it."""
    if isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn"):
            yield value
        for inner in value.values():
            yield from said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner)


@pytest.mark.parametrize("name", KINDS)
def test_message_looks_as_in_the_golden_file(name: str) -> None:
    """Whoever changes a layout sees what Slack will get; UPDATE_GOLDEN=1 writes the files anew."""
    shown = json.dumps(render(KINDS[name], seal), indent=2, ensure_ascii=False) + "\n"
    file = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_message() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_message_is_taken_by_slack_with_real_tokens(name: str) -> None:
    tokens = Tokens(["s" * 40], 30, lambda: NOW)
    shown = render(KINDS[name], lambda tap: tokens.seal(10**9, "k" * 32, tap))
    assert problems(shown["blocks"], "message") == []
    counted(shown["blocks"])
    assert len(json.dumps(shown["blocks"], ensure_ascii=False)) <= MAX_ALL
    again = render(KINDS[name], lambda tap: tokens.seal(10**9, "k" * 32, tap))
    ids = [{b["block_id"] for b in one["blocks"] if "block_id" in b} for one in (shown, again)]
    assert not ids[0] & ids[1]  # each rendering has ids of its own


@pytest.mark.parametrize("name", KINDS)
def test_text_alone_has_the_whole_sense(name: str) -> None:
    shown = render(KINDS[name], seal)
    for part in KINDS[name].parts:
        if isinstance(part, Heading | Text | Note):
            assert part.text.replace("&", "&amp;") in shown["text"]
        if isinstance(part, Scale | Choices):
            assert part.prompt in shown["text"]
        if isinstance(part, TextBox):  # a folded one is told by its button
            assert (part.opener or part.prompt) in shown["text"]


def test_menu_carries_its_token_as_the_id_of_its_block() -> None:
    tap = Tap(Action.HAND_OVER, value="3")
    blocks = render(of(Picker("Hand over to", (("P2", "Robin"), ("P3", "")), tap)), seal)["blocks"]
    assert [block["block_id"] for block in blocks] == [seal(tap)]
    [menu] = blocks[0]["elements"]
    assert [one["value"] for one in menu["options"]] == ["P2", "P3"]
    assert problems(blocks, "message") == []


def test_right_to_left_text_and_pictures_stay_as_they_are() -> None:
    words = "هذا التغيير مهم 👩‍👩‍👧‍👦 :thumbsup:"
    [block] = render(of(Text(words)), seal)["blocks"]
    assert block["text"] == {"type": "plain_text", "text": words, "emoji": False}


def test_message_without_anything_to_show_has_no_empty_block() -> None:
    shown = render(of(Text(" \x00 "), Note(""), Facts(()), Picker("x", (), Tap(Action.TAKE))), seal)
    assert shown["blocks"] == []


# --- whatever people write


def no_sign_is_left(text: str) -> bool:
    """Whether every & begins an escape; without < and > nothing else has a meaning."""
    return all(rest.startswith(("amp;", "lt;", "gt;")) for rest in text.split("&")[1:])


NASTY = ("<!channel>", "<@U123>", "<https://evil.example|bank>", "@here", "&lt;!here&gt;", "*b*")
WORDS = st.one_of(
    st.text(max_size=200),
    st.sampled_from(NASTY),
    st.text(alphabet="ab <>&|!@#\x00\n", max_size=200),
    st.builds(
        lambda word, n: word * n,
        st.sampled_from(["word ", "x", "👍", "&", "<"]),
        st.integers(1, 14_000),
    ),
)


def parts(words: list[str]) -> tuple[Part, ...]:
    """A message that says these words wherever there is room for some."""
    first, *rest = words
    tap = Tap(Action.CLOSE, value="1")
    return (
        Heading(first),
        *(Text(word) for word in rest),
        Note(first),
        Facts(tuple((word, word) for word in words)),
        Scale("q", first, 5, first, first),
        Choices("q", first, tuple((str(n), word) for n, word in enumerate(words))),
        Actions((Button(first, tap, description=first),)),
        Picker(first, tuple((str(n), word) for n, word in enumerate(words)), tap),
        TextBox("", first, first, tap),
    )


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_nothing_can_be_injected_and_slack_takes_whatever_is_said(words: list[str]) -> None:
    shown = render(of(*parts(words)), seal)
    assert "<" not in shown["text"]
    assert ">" not in shown["text"]
    assert no_sign_is_left(shown["text"])
    assert len(shown["text"]) <= MAX_TEXT
    assert {one["type"] for one in said(shown["blocks"])} == {"plain_text"}
    assert problems(shown["blocks"], "message") == []
    counted(shown["blocks"])
    assert len(json.dumps(shown["blocks"], ensure_ascii=False)) <= MAX_ALL


@given(st.text(alphabet="ab \n", min_size=1, max_size=300), st.integers(40, 200))
def test_text_that_is_too_long_is_cut_at_a_word_and_says_so(text: str, most: int) -> None:
    found, whole = cut(text, most, "en"), clean(text).strip()
    assert len(found) <= most
    if len(whole) <= most:
        assert found == whole
        return
    kept = found.removesuffix("… (Shortened here.)")
    assert found != kept
    assert whole.startswith(kept)
    has_word_end = any(sign.isspace() for sign in whole[most // 2 + 1 : most - 20])
    assert whole[len(kept)].isspace() or not has_word_end


@given(st.text(alphabet="a&<> ", max_size=400), st.integers(40, 200))
def test_escape_is_never_cut_in_two(text: str, most: int) -> None:
    found = cut_escaped(text, most, "en")
    assert len(found) <= most
    assert no_sign_is_left(found)


def test_message_of_too_many_parts_ends_with_saying_so() -> None:
    blocks = render(of(*(Text(f"Part {n}") for n in range(80))), seal)["blocks"]
    assert len(blocks) == MAX_BLOCKS
    assert blocks[-1]["elements"][0]["text"] == "Shortened here."
