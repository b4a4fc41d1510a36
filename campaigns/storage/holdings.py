"""How much is kept about one person, in counts, for that person alone; reads no answer."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from campaigns.domain.consent import Consent
from campaigns.domain.holdings import Holdings
from campaigns.domain.outbox import Kind
from campaigns.storage import audit, counted
from campaigns.storage.tables import (
    alerts,
    answers,
    consents,
    decisions,
    deliveries,
    questions,
    scores,
)


def of_person(c: Connection, person_id: int, named: Collection[str] = ()) -> Holdings:
    """What there is about the person besides the staff directory; `named` is how the audit log
    may name them."""
    kinds = (
        select(answers.c.kind, func.count().label("n"))
        .where(answers.c.person_id == person_id)
        .group_by(answers.c.kind)
    )
    by_kind = {row.kind: row.n for row in c.execute(kinds)}
    sent = select(func.count()).where(
        deliveries.c.person_id == person_id, deliveries.c.sent_at.is_not(None)
    )
    read = (
        select(func.count())
        .select_from(scores)
        .join(answers, answers.c.id == scores.c.answer_id)
        .where(answers.c.person_id == person_id)
    )
    released = (
        select(func.count())
        .select_from(consents)
        .join(answers, answers.c.id == consents.c.answer_id)
        .where(answers.c.person_id == person_id, consents.c.state == Consent.GIVEN)
    )
    chosen = select(func.count()).where(decisions.c.person_id == person_id)
    taken = select(func.count()).where(alerts.c.agent_id == person_id)
    asked = select(func.count()).where(questions.c.asker_id == person_id)
    return Holdings(
        n_messages=c.scalar(sent) or 0,
        n_chosen=c.scalar(chosen) or 0,
        n_picked=by_kind.get("scale", 0) + by_kind.get("choice", 0),
        n_written=by_kind.get("text", 0),
        n_read=c.scalar(read) or 0,
        n_released=c.scalar(released) or 0,
        n_thanked=by_kind.get("ack", 0) + by_kind.get("accept", 0),
        n_skipped=by_kind.get("skip", 0),
        n_asked=c.scalar(asked) or 0,
        n_contacts=_contacts(c, person_id),
        n_counted=counted.n_of(c, person_id),
        n_alerts=c.scalar(taken) or 0,
        n_logged=sum(audit.n_of(c, who) for who in named),
    )


def _contacts(c: Connection, person_id: int) -> int:
    asked = select(func.count()).where(
        deliveries.c.kind == Kind.CONTACT, deliveries.c.subject_id == person_id
    )
    return c.scalar(asked) or 0
