"""The ledger "You said, we did": what a group said, what is done about it, who answers for that.

An entry can only be about a theme that was released of a group, at that group's level: a finer one
would tell more than was published, and a coarser one would leave out who said it. No word that
anybody wrote has a place in it; the texts are those of whoever decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from campaigns.domain.cells import Node
from campaigns.domain.confidentiality import Cell, Released
from campaigns.domain.texts import pick
from sentiment.labels import Theme

LONGEST_TEXT = 1000  # fits into any chat with all that stands around it
SEPARATOR = "."


class Course(StrEnum):
    """What becomes of what was said."""

    PLANNED = "planned"
    DONE = "done"
    DROPPED = "dropped"


class Refused(StrEnum):
    """Why an entry was not written or told."""

    NOT_RELEASED = "not_released"  # no shown group has that theme, or it is not the author's group
    NO_TEXT = "no_text"
    NO_REASON = "no_reason"  # of what was dropped
    TOO_LONG = "too_long"
    NO_OWNER = "no_owner"
    NO_DATE = "no_date"
    CHANGED = "changed"  # by somebody else, since it was looked at
    GONE = "gone"
    STOPPED = "stopped"  # the campaign sends nothing any more
    TOLD = "told"  # before


@dataclass(frozen=True, slots=True)
class Voice:
    """A theme that a group was released with in a closed period; `node` None is everybody."""

    period: int
    node: Node
    theme: Theme

    @property
    def key(self) -> str:
        """What names it in a form."""
        return SEPARATOR.join((str(self.period), str(self.node or 0), self.theme))


def voices(period: int, cells: Mapping[Node, Cell]) -> Iterator[Voice]:
    """All that an entry about that period can be about."""
    for node, cell in cells.items():
        if isinstance(cell, Released):
            yield from (Voice(period, node, theme) for theme in cell.themes)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as it is typed; texts by language, `owner` is an id of the staff file."""

    voice: str
    course: Course
    text: Mapping[str, str]
    owner: str
    due_on: date | None
    reason: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger; `version` goes up with each change, `told_at` is when it was let go
    to the group."""

    id: int
    campaign_id: int
    voice: Voice
    course: Course
    text: Mapping[str, str]
    reason: Mapping[str, str]
    owner_id: int
    due_on: date
    version: int
    told_at: datetime | None = None


def cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts without those that are empty."""
    return {language: text.strip() for language, text in texts.items() if text.strip()}


def refusal(draft: Draft, language: str) -> Refused | None:
    """What is missing in a draft, as far as it shows in itself; `language` is the campaign's
    first."""
    texts, reasons = cleaned(draft.text), cleaned(draft.reason)
    if language not in texts:
        return Refused.NO_TEXT
    if draft.course is Course.DROPPED and language not in reasons:
        return Refused.NO_REASON
    if any(len(text) > LONGEST_TEXT for text in (*texts.values(), *reasons.values())):
        return Refused.TOO_LONG
    return Refused.NO_DATE if draft.due_on is None else None


def words(texts: Mapping[str, str], language: str, default: str) -> str:
    """The text for a reader of that language; "" where there is none."""
    return pick(dict(texts), language, default) if texts else ""
