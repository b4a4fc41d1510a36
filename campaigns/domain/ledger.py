"""The ledger "You said, we did": what a group said, what is done about it, who answers for that.

An entry can only be about a theme that was released of a group, at that group's level: a finer one
would tell more than was published, and a coarser one would leave out who said it. No word that
anybody wrote has a place in it; the texts are those of whoever decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from campaigns.domain.cells import Node
from campaigns.domain.confidentiality import Cell, Released
from campaigns.domain.texts import pick
from sentiment.labels import Theme

_DAY = timedelta(days=1)
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
    WRONG_DAY = "wrong_day"  # something to be done in the past, or done in the future
    NO_OWNER = "no_owner"
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
class Decision:
    """What is decided: its texts by language, and by when, or when it was done."""

    course: Course
    text: Mapping[str, str]
    due_on: date
    reason: Mapping[str, str] = field(default_factory=dict)

    def cleaned(self) -> "Decision":
        """The same without texts that are empty."""
        return replace(self, text=_cleaned(self.text), reason=_cleaned(self.reason))


def _cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in texts.items() if text.strip()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision in the ledger; `version` goes up with each change, `told_at` is when it was let
    go to the group."""

    id: int
    campaign_id: int
    voice: Voice
    decision: Decision
    owner_id: int
    version: int
    told_at: datetime | None = None


def refusal(decision: Decision, language: str, today: date) -> Refused | None:
    """What is wrong with a cleaned decision, as far as it shows in itself; `language` is the
    campaign's first."""
    if language not in decision.text:
        return Refused.NO_TEXT
    if decision.course is Course.DROPPED and language not in decision.reason:
        return Refused.NO_REASON
    texts = (*decision.text.values(), *decision.reason.values())
    if any(len(text) > LONGEST_TEXT for text in texts):
        return Refused.TOO_LONG
    return None if _fits(decision, today) else Refused.WRONG_DAY


def _fits(decision: Decision, today: date) -> bool:
    """What is planned is still to come, all else is over; it may be tomorrow elsewhere on earth."""
    if decision.course is Course.PLANNED:
        return decision.due_on >= today - _DAY
    return decision.due_on <= today + _DAY


def words(texts: Mapping[str, str], language: str, default: str) -> str:
    """The text for a reader of that language; "" where there is none."""
    return pick(dict(texts), language, default) if texts else ""
