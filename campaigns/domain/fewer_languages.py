"""A campaign file in fewer languages: the texts of the others go, line by line, and all else stays.

It works on lines, because a comment of the author's must survive and no text may be laid out anew.
"""

import re
from collections.abc import Iterator, Sequence

from campaigns.domain.definition import Definition
from campaigns.domain.placed_yaml import Places
from campaigns.domain.texts import leaves
from campaigns.errors import InputError


def keep_languages(source: str, definition: Definition, places: Places, kept: Sequence[str]) -> str:
    """The source of that definition with the texts in `kept` alone, the first for everybody else.

    Raises InputError where the campaign isn't written in one of them.
    """
    known = definition.campaign.languages
    if missing := [language for language in kept if language not in known]:
        raise InputError(f"It is written in {', '.join(known)}, not in {', '.join(missing)}.")
    if (wanted := tuple(dict.fromkeys(kept))) == known:
        return source
    lines = source.splitlines(keepends=True)
    gone = {line for start in _starts(definition, places, kept) for line in _block(lines, start)}
    listed = places.position(("campaign", "languages"))[0] - 1
    lines[listed] = re.sub(r"\[.*?\]", f"[{', '.join(wanted)}]", lines[listed])
    return "".join(line for number, line in enumerate(lines) if number not in gone)


def _starts(definition: Definition, places: Places, kept: Sequence[str]) -> Iterator[int]:
    """The lines, counted from 0, on which the text in another language begins."""
    for path, words in leaves(definition, ()):
        for language in words if isinstance(words, dict) else ():
            if language and language not in kept:
                yield places.position((*path, language))[0] - 1


def _block(lines: Sequence[str], start: int) -> range:
    """The lines of the entry that begins on `start`, without the blank ones behind it."""
    end = start + 1
    while end < len(lines) and (
        not lines[end].strip() or _indent(lines[end]) > _indent(lines[start])
    ):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return range(start, end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
