"""What happens to a text before anything reads it: one form for the same words, however typed.

Pure string work. Training and scoring both go through `normalise` and `for_model`, so the model
never meets a form in use that it could not have met in training.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 100_000  # A chat box takes 3,000; beyond this a text is an accident or an attack.

# Controls, soft hyphen, zero-width, bidi, tags, variation selectors, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e01ef]"
)
_WHITESPACE = re.compile(r"\s+")
_EMOJI = re.compile("[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_QUOTES = str.maketrans(
    "\u2018\u2019\u201a\u201b\u2032\u00b4`\u201c\u201d\u201e\u00ab\u00bb", "'''''''" + '"""""'
)
_MAX_NAMED_EMOJI = 20  # After twenty the tone is clear, and a name is up to eight tokens long.


def normalise(text: str) -> str:
    """The text in NFKC, without invisible characters, with straight quotes and single spaces.

    At most `MAX_CHARACTERS` long. Idempotent for any text that NFKC does not lengthen past the cap.
    """
    visible = _INVISIBLE.sub("", text[:MAX_CHARACTERS])
    folded = unicodedata.normalize("NFKC", visible)[:MAX_CHARACTERS].translate(_QUOTES)
    return _WHITESPACE.sub(" ", _INVISIBLE.sub("", folded)).strip()


def is_empty(text: str) -> bool:
    """Whether a normalised text holds nothing to judge: no letter, no digit, no emoji."""
    return not any(c.isalnum() for c in text) and _EMOJI.search(text) is None


def for_model(text: str) -> str:
    """A normalised text as the encoder should read it: emoji as their Unicode names in words.

    The encoder's vocabulary has no emoji, so a bare thumb would be one unknown token.
    """
    return _EMOJI.sub(_name, text, count=_MAX_NAMED_EMOJI)


def words(text: str) -> list[str]:
    """The words of a text in lower case; an apostrophe inside a word stays."""
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text.lower())


def _name(match: re.Match[str]) -> str:
    return f" {unicodedata.name(match.group(), 'symbol').lower()} "
