"""Words that name a danger outright, so that a flag does not hang on the model alone.

The model learned safeguarding from about a hundred answers, so it can miss a plain sentence. What
is listed here is flagged whatever the model says; it is short, because every entry is also said
in jest. It never clears an answer that the model flags.
"""

from __future__ import annotations

import re

# Each alternative is a danger to the writer, a threat, an assault, abuse, fraud or faked safety.
# "fraud" and "kill me" are missing on purpose: in answers on changes they are nearly all harmless.
_NAMED = re.compile(
    r"""\b(?:
    suicid\w* | self[ -]?harm\w* | (?:kill|hurt|harm|cut(?:ting)?)(?:ing)?\ my\ ?self
    | end(?:ing)?\ (?:my|his|her|their)\ (?:own\ )?life | end\ it\ all | better\ off\ dead
    | (?:don't|do\ not|didn't|doesn't)\ want\ to\ (?:live|wake\ up|be\ alive)
    | no\ (?:reason|point)\ (?:to|in)\ (?:live|living) | want(?:s|ed)?\ to\ die
    | (?:hurt|kill|beat|stab|shoot)\ (?:him|her|them|someone|somebody)\b(?!\ with)
    | (?:grabbed|groped|punched|slapped|shoved|choked|touched|threatened)\ (?:me|him|her)\b
    | (?:sexual(?:ly)?|racial(?:ly)?)\ \w+ | harass\w* | bull(?:ied|ying)\ (?:me|him|her|by|since)
    | being\ bullied | racist | racism | homophob\w+ | discriminat\w+
    | brib\w+ | kickbacks? | embezzl\w+ | forg(?:ed|ing)\ \w+
    | falsif\w+ | fak(?:ed|ing)\ (?:the\ )?(?:\w+\ )?(?:checks?|inspections?|signatures?|readings?)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def names_danger(text: str) -> bool:
    """Whether a normalised text holds one of the listed wordings."""
    return _NAMED.search(text) is not None
