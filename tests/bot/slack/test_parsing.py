"""Slack's payloads, as they come and as they must not come."""

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import parsing
from bot.slack.parsing import MalformedError
from bot.tokens import TokenError, Tokens
from campaigns.domain.messages import Action, Tap
from tests.bot.web.stage import Clock

GOLDEN = Path(__file__).parent / "payloads"
WORDS = "Nobody has time for this"


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def tokens(now: Any) -> Tokens:
    return Tokens(["s" * 40], 30, Clock(now))


def test_press_reads_a_button_of_a_message() -> None:
    found = parsing.press(payload("button"))
    assert found is not None
    assert (found.user, found.action) == ("U0P1", "answer")
    assert found.tokens == ("token-of-the-button", "b1")
    assert found.response_url == "https://hooks.slack.example/actions/1"
    assert not found.in_home


def test_press_reads_the_choice_of_a_menu_and_its_token() -> None:
    found = parsing.press(payload("menu"))
    assert found is not None
    assert (found.action, found.chosen, found.tokens) == ("not_now", "24", ("token-of-the-menu",))


def test_press_reads_a_person_that_was_picked() -> None:
    found = parsing.press(payload("person"))
    assert found is not None
    assert (found.action, found.chosen) == ("hand_over", "U0P2")


def test_press_knows_the_home_page_and_has_no_address_there() -> None:
    found = parsing.press(payload("home_button"))
    assert found is not None
    assert found.in_home
    assert found.response_url == ""


def test_press_wants_nothing_of_a_link() -> None:
    assert parsing.press(payload("link")) is None


def test_submission_reads_words_choice_and_what_the_window_carries() -> None:
    found = parsing.submission(payload("form"))
    assert (found.user, found.token, found.choice) == ("U0P1", "token-of-the-form", "named")
    assert found.text == "What is next?"
    assert found.response_url == "https://hooks.slack.example/actions/2"


def test_command_leaves_out_what_was_typed() -> None:
    found = parsing.command(payload("command"))
    assert found.user == "U0P1"
    assert "pause me" not in repr(found)


def test_happening_reads_its_id_and_kind() -> None:
    found = parsing.happening(payload("home_opened"))
    assert (found.key, found.kind) == ("Ev0A1", "app_home_opened")
    assert parsing.home_opened(found.event) == {"user": "U0P1", "tab": "home", "hash": "1.abc"}


def test_opened_gives_the_choice_to_an_answer_and_the_text_to_others(tokens: Tokens) -> None:
    press = parsing.press(payload("menu"))
    assert press is not None
    for action, value, text in ((Action.ANSWER, "24", None), (Action.NOT_NOW, "", "24")):
        token = tokens.seal(1, "f" * 32, Tap(action, "ready"))
        event = parsing.opened(replace(press, tokens=(token,)), tokens)
        assert (event.tap.value, event.text) == (value, text)


def test_opened_refuses_a_press_without_a_token_of_ours(tokens: Tokens) -> None:
    press = parsing.press(payload("button"))
    assert press is not None
    with pytest.raises(TokenError) as caught:
        parsing.opened(press, tokens)
    assert caught.value.kind == "forged"


READERS = {
    "press": parsing.press,
    "submission": parsing.submission,
    "command": parsing.command,
    "happening": parsing.happening,
}
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=10,
)


@pytest.mark.parametrize("reader", READERS)
@given(body=st.dictionaries(st.sampled_from(["actions", "user", "view", "event"]), _json))
def test_a_malformed_payload_is_refused_by_the_name_of_a_field(
    reader: str, body: dict[str, Any]
) -> None:
    with contextlib.suppress(MalformedError):  # nothing else may come out
        READERS[reader](body)


@pytest.mark.parametrize("bad", [None, 7, "", "x" * 300, "a\x00b", "ü", ["U1"], {"id": "U1"}])
def test_an_id_that_is_none_is_refused_without_a_word_of_it(bad: object) -> None:
    body = payload("button") | {"user": {"id": bad}}
    with pytest.raises(MalformedError) as caught:
        parsing.press(body)
    assert str(caught.value) == "A payload (press) had no usable id. It was left out."


def test_submission_cuts_what_a_forged_window_sends() -> None:
    body = payload("form")
    body["view"]["state"]["values"]["words"]["words"]["value"] = "\x00" + "x" * 40_000
    found = parsing.submission(body)
    assert 0 < len(found.text) <= parsing.MAX_TEXT
    assert "\x00" not in found.text


def test_submission_without_words_is_empty() -> None:
    body = payload("form")
    body["view"]["state"]["values"]["words"]["words"]["value"] = None
    assert parsing.submission(body).text == ""
