"""What figures are made of, taken from answers before these go: numbers without a person.

What comes in here has no words and no moment, and its ids were drawn by chance, so that neither
their order nor anything beside them leads back. Nothing here knows how many people there were.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from campaigns.domain.periods import Span
from campaigns.storage.tables import answers, loose_answers, scores

_CHUNK = 2000
_READ = ("p_resistant", "p_ambivalent", "p_neutral", "barrier", "themes")


@dataclass(frozen=True, slots=True)
class Linked:
    """What one answer adds to the figures of a period, with whose it is still known."""

    person_id: int
    team_id: int
    question: str
    number: int | None = None
    choice: str | None = None
    p_resistant: float | None = None
    p_ambivalent: float | None = None
    p_neutral: float | None = None
    barrier: str | None = None
    themes: str | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    """The same without a person; `alias` is one person's in one period alone."""

    id: int
    team_id: int
    alias: int
    question: str
    number: int | None = None
    choice: str | None = None
    p_resistant: float | None = None
    p_ambivalent: float | None = None
    p_neutral: float | None = None
    barrier: str | None = None
    themes: str | None = None


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
    return [Linked(**dict(row._mapping)) for row in found]


def put(c: Connection, campaign_id: int, during: Span, rows: Iterable[Loose]) -> int:
    """These are kept for the period; how many. They must come in an order that says nothing."""
    where = {"campaign_id": campaign_id, "period_start": during.start}
    values = [where | {name: getattr(one, name) for name in Loose.__slots__} for one in rows]
    for start in range(0, len(values), _CHUNK):
        c.execute(insert(loose_answers), values[start : start + _CHUNK])
    return len(values)


def of_period(c: Connection, campaign_id: int, during: Span) -> list[Loose]:
    """What is kept for the period; empty while it is still known whose its answers are."""
    found = select(*(loose_answers.c[name] for name in Loose.__slots__)).where(
        loose_answers.c.campaign_id == campaign_id,
        loose_answers.c.period_start == during.start,
    )
    return [Loose(**dict(row._mapping)) for row in c.execute(found.order_by(loose_answers.c.id))]


def erase(c: Connection, campaign_id: int, before: datetime) -> int:
    """Nothing is kept for periods that began before that moment; how many answers these were."""
    old = delete(loose_answers).where(
        loose_answers.c.campaign_id == campaign_id, loose_answers.c.period_start < before
    )
    return c.execute(old).rowcount
