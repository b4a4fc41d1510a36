"""What a check has to say about one place of a campaign file."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from campaigns.domain.placed_yaml import Path

MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about the value at `path`."""

    path: Path
    message: str
    severity: Literal["error", "warning"]


def error(path: Path, message: str) -> Remark:
    """The campaign can't be launched like this."""
    return Remark(path, message, "error")


def warning(path: Path, message: str) -> Remark:
    """Worth a look; stops nothing."""
    return Remark(path, message, "warning")


def closest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?`, or the few there are to choose from, to go behind an error."""
    choices = list(known)
    by_folded = {choice.casefold(): choice for choice in choices}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    if near:
        return f'; did you mean "{by_folded[near[0]]}"?'
    if 0 < len(choices) <= MOST_CHOICES:
        return f"; expected one of {', '.join(choices)}"
    return ""
