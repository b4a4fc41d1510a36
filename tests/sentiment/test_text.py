"""One form for the same words, however typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.text import MAX_CHARACTERS, for_model, is_empty, normalise, words


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  no\r\n\tthanks  ", "no thanks"),
        ("a\x00b", "ab"),
        ("\u202eabc\u202c", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("I\u2019m \u201cfine\u201d", 'I\'m "fine"'),
        ("\uff2e\uff2f", "NO"),
        ("half \ud83d pair", "half pair"),
    ],
)
def test_normalise_gives_one_form(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@given(st.text(max_size=300))
def test_normalise_is_idempotent(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_normalise_caps_the_length_even_of_characters_that_grow() -> None:
    assert len(normalise("\ufdfa" * MAX_CHARACTERS)) <= MAX_CHARACTERS


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", "-", "\u202e", "\x00"])
def test_is_empty_when_nothing_can_be_judged(text: str) -> None:
    assert is_empty(normalise(text))


@pytest.mark.parametrize("text", ["no", "7", "\U0001f44d", "\u2764\ufe0f"])
def test_is_not_empty_with_a_letter_a_digit_or_an_emoji(text: str) -> None:
    assert not is_empty(normalise(text))


def test_for_model_names_emoji() -> None:
    assert for_model("ok \U0001f44d").split() == ["ok", "thumbs", "up", "sign"]


def test_words_keep_their_apostrophe() -> None:
    assert words("I won't, C3PO!") == ["i", "won't", "c", "po"]
