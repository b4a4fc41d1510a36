"""What figures are made of, taken from answers before these go: numbers without a person.

What comes in here has no words and no moment, and its ids were drawn by chance, so that neither
their order nor anything beside them leads back. Nothing here knows how many people there were.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from campaigns.domain.periods import Span
from campaigns.storage.tables import answers, loose_answers, scores

_CHUNK = 2000
_READ = ("p_resistant", "p_ambivalent", "p_neutral", "barrier", "themes")


@dataclass(frozen=True, slots=True)
class Said:
    """What one answer adds to the figures of a period; None for what it is not made of."""

    question: str
    number: int | None = None
    choice: str | None = None
    p_resistant: float | None = None
    p_ambivalent: float | None = None
    p_neutral: float | None = None
    barrier: str | None = None
    themes: str | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """It with whose it is still known."""

    person_id: int
    team_id: int
    said: Said


@dataclass(frozen=True, slots=True)
class Loose:
    """It without a person; `alias` is one person's in one period alone."""

    id: int
    team_id: int
    alias: int
    said: Said


def linked(c: Connection, campaign_id: int, during: Span) -> list[Linked]:
    """All that counts in the period: scales and choices given in it, texts scored in it."""
    own = (answers.c.person_id, answers.c.team_id, answers.c.question)
    picked = select(*own, answers.c.number, answers.c.choice).where(
        answers.c.campaign_id == campaign_id,
        answers.c.kind.in_(("scale", "choice")),
        answers.c.answered_at >= during.start,
        answers.c.answered_at < during.end,
    )
    read = (
        select(*own, *(scores.c[name] for name in _READ))
        .join(scores, scores.c.answer_id == answers.c.id)
        .where(
            answers.c.campaign_id == campaign_id,
            answers.c.answered_at >= during.start - (during.end - during.start),
            answers.c.answered_at < during.end,
            scores.c.counts,
            scores.c.scored_at >= during.start,
            scores.c.scored_at < during.end,
        )
    )
    found = [*c.execute(picked), *c.execute(read)]
    return [Linked(row.person_id, row.team_id, _said(row)) for row in found]


def put(c: Connection, campaign_id: int, during: Span, rows: Iterable[Loose]) -> int:
    """These are kept for the period; how many. They must come in an order that says nothing."""
    where = {"campaign_id": campaign_id, "period_start": during.start}
    values = [where | asdict(one.said) | _whose(one) for one in rows]
    for start in range(0, len(values), _CHUNK):
        c.execute(insert(loose_answers), values[start : start + _CHUNK])
    return len(values)


def of_period(c: Connection, campaign_id: int, during: Span) -> list[Loose]:
    """What is kept for the period; empty while it is still known whose its answers are."""
    found = select(loose_answers).where(
        loose_answers.c.campaign_id == campaign_id,
        loose_answers.c.period_start == during.start,
    )
    rows = c.execute(found.order_by(loose_answers.c.id))
    return [Loose(row.id, row.team_id, row.alias, _said(row)) for row in rows]


def _whose(one: Loose) -> dict[str, int]:
    return {"id": one.id, "team_id": one.team_id, "alias": one.alias}


def _said(row: Row[tuple[Any, ...]]) -> Said:
    values: dict[str, Any] = {name: row._mapping.get(name) for name in Said.__slots__}
    return Said(**values)


def erase(c: Connection, campaign_id: int, before: datetime) -> int:
    """Nothing is kept for periods that began before that moment; how many answers these were."""
    old = delete(loose_answers).where(
        loose_answers.c.campaign_id == campaign_id, loose_answers.c.period_start < before
    )
    return c.execute(old).rowcount
