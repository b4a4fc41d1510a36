"""Texts made to fit a field of Slack's: what can't be shown is left out, what is too long is cut at
a word and says so. Pure, and never longer than it was."""

import re

from campaigns.domain.wording import say

# Signs that show nothing and that a platform may stumble over; tab and new line stay.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def clean(text: str) -> str:
    """The text without signs that nobody sees."""
    return _UNSEEN.sub("", text)


def escaped(text: str) -> str:
    """The text as Slack reads it literally: no mention, no link, no channel."""
    for sign, written in _ESCAPES:
        text = text.replace(sign, written)
    return text


def cut(text: str, most: int, language: str) -> str:
    """The text, at most so many characters; one that was cut ends with a word and says so."""
    text = clean(text).strip()
    if len(text) <= most:
        return text
    told = f"… ({say(language, 'Shortened here.')})"
    told = told if len(told) < most // 2 else "…"
    kept = text[: most - len(told)]
    at_word = re.search(r"\s\S*$", kept)
    if at_word and not text[len(kept)].isspace() and at_word.start() > most // 2:
        kept = kept[: at_word.start()]
    return kept.rstrip() + told


def cut_escaped(text: str, most: int, language: str) -> str:
    """The same for the escaped text: no escape is cut in two."""
    room = most
    while len(found := escaped(cut(text, room, language))) > most:
        room -= max(1, (len(found) - most) // 5)
    return found
