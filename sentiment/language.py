"""Tells a text in another language from an English one that is short, misspelt or in dialect.

A model trained on English gives a German answer confident nonsense, so such a text must not be
scored; but every English answer refused here is a person not heard. Two witnesses have to agree:
a character model (py3langid) and the small words that no sentence does without.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING

from sentiment.small_words import ENGLISH, FOREIGN
from sentiment.text import words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Latin-script languages of likely workplaces. Fewer rivals, fewer false alarms on short English.
CANDIDATES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "sv", "da", "no", "fi", "cs",
              "sk", "ro", "hu", "hr", "lt", "lv", "et", "sl", "sq", "vi", "id")  # fmt: skip

MIN_WORDS = 3  # Below, the character model guesses; only known words count there.
MIN_PROBABILITY = 0.9  # Of the best foreign candidate, where no small word speaks for either side.
SHARE_SCRIPT = 0.5  # Of the letters in a script that is not Latin.
MAX_CHARACTERS = 2_000  # Two thousand characters tell a language as well as a hundred thousand.


def is_foreign(text: str, languages: Collection[str] = ("en",)) -> bool:
    """Whether a normalised text is in none of `languages` (ISO 639-1 codes the model can read).

    A text in another script is foreign where most letters are. In Latin script, small words of
    English clear a text and foreign ones accuse it; where neither side leads, the character model
    must be sure. A model that reads more than English leaves the verdict to the character model.
    """
    head = text[:MAX_CHARACTERS]
    letters = [c for c in head if c.isalpha()]
    if len(letters) < 2:
        return False
    if tuple(languages) != ("en",):
        return len(words(head)) >= MIN_WORDS and _guess(head, None)[0] not in languages
    if sum(not _is_latin(c) for c in letters) > SHARE_SCRIPT * len(letters):
        return True
    return _is_foreign_latin(head)


def _is_foreign_latin(text: str) -> bool:
    found = words(text)
    english = sum(word in ENGLISH for word in found)
    foreign = sum(word in FOREIGN for word in found)
    if len(found) < MIN_WORDS:
        return foreign == len(found) > 0
    if english > foreign or (english and english >= 0.25 * len(found)):
        return False
    language, probability = _guess(text, CANDIDATES)
    if foreign > english:
        return language != "en" or foreign >= 3
    return language != "en" and probability >= MIN_PROBABILITY and english == 0


def _guess(text: str, candidates: tuple[str, ...] | None) -> tuple[str, float]:
    language, probability = _identifier(candidates).classify(text.lower())
    return str(language), float(probability)


@cache
def _identifier(candidates: tuple[str, ...] | None) -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    if candidates:
        identifier.set_languages(list(candidates))
    return identifier


@cache
def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")
