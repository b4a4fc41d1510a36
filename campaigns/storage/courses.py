"""What each person answered to pulse after pulse of an initiative, as numbers; no words.

For rules and for the weighing of their effects alone: nothing of it goes to a page, and whoever
asks for it must not keep it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from campaigns.domain.definition import Question
from campaigns.storage import aggregates
from campaigns.storage.loosening import Said
from campaigns.storage.tables import answers, campaigns, deliveries, scores
from sentiment.resistance import Evidence, together

_READ = ("p_resistant", "p_ambivalent", "p_neutral")


@dataclass(frozen=True, slots=True)
class Step:
    """One pulse that somebody answered: when it had reached them and when the last answer came,
    and what the answers say."""

    delivery_id: int
    sent_at: datetime
    answered_at: datetime
    evidence: Evidence


def of_people(
    c: Connection, campaign_id: int, person_ids: Collection[int], until: datetime
) -> dict[int, list[Step]]:
    """Person → the pulses of the campaign's initiative they answered by that moment, in the
    order in which these were sent; skipped questions, and texts that no model read, say nothing."""
    own = select(campaigns.c.initiative_id).where(campaigns.c.id == campaign_id).scalar_subquery()
    found = (
        select(
            *(answers.c[name] for name in ("person_id", "delivery_id", "campaign_id")),
            *(answers.c[name] for name in ("question", "number", "answered_at")),
            *(scores.c[name] for name in _READ),
            deliveries.c.sent_at,
        )
        .join(deliveries, deliveries.c.id == answers.c.delivery_id)
        .join(campaigns, campaigns.c.id == answers.c.campaign_id)
        .outerjoin(scores, and_(scores.c.answer_id == answers.c.id, scores.c.counts))
        .where(
            answers.c.person_id.in_(sorted(person_ids)),
            campaigns.c.initiative_id == own,
            answers.c.answered_at <= until,
            deliveries.c.sent_at.is_not(None),
            or_(answers.c.number.is_not(None), scores.c.answer_id.is_not(None)),
        )
        .order_by(deliveries.c.sent_at, deliveries.c.id, answers.c.id)
    )
    questions: dict[int, list[Question]] = {}
    courses: dict[int, dict[int, Step]] = {person_id: {} for person_id in person_ids}
    for row in c.execute(found):
        if row.campaign_id not in questions:
            questions[row.campaign_id] = aggregates.rules(c, row.campaign_id, until)[1]
        evidence = aggregates.evidence_of(_said(row), questions[row.campaign_id])
        if evidence is not None:
            _add(courses[row.person_id], row, evidence)
    return {person_id: list(steps.values()) for person_id, steps in courses.items()}


def _said(row: Any) -> Said:
    p = {name: getattr(row, name) for name in _READ}
    return Said(row.question, row.number, **p)


def _add(steps: dict[int, Step], row: Any, evidence: Evidence) -> None:
    known = steps.get(row.delivery_id)
    whole = together(known.evidence, evidence) if known else evidence
    latest = max(row.answered_at, known.answered_at) if known else row.answered_at
    steps[row.delivery_id] = Step(row.delivery_id, row.sent_at, latest, whole)
