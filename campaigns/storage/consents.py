"""Which answers their writers released to learn from; a row goes with its answer when that goes.

Nothing here reads words, and nothing gives out who has released any.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, literal, select, update

from campaigns.domain.consent import Asked, Consent
from campaigns.storage.tables import answers, consents, scores
from sentiment.labels import Status

_JUDGED = (Status.SCORED, Status.UNSURE, Status.OFF_TOPIC)


def usable() -> ColumnElement[bool]:
    """Of scores: the model could judge the text and flagged nothing in it."""
    return and_(scores.c.status.in_(_JUDGED), ~scores.c.safeguarding)


def put(c: Connection, delivery_id: int, question: str, state: Consent, now: datetime) -> None:
    """The answer of this delivery to this question, a new one, has that state."""
    its_answer = select(
        answers.c.id, literal(state.value), literal(now, consents.c.changed_at.type)
    )
    found = its_answer.where(answers.c.delivery_id == delivery_id, answers.c.question == question)
    c.execute(insert(consents).from_select(["answer_id", "state", "changed_at"], found))


def asked(c: Connection, delivery_id: int) -> list[Asked]:
    """What there is to ask about under this delivery, and how each stands."""
    found = (
        select(consents.c.state, usable().label("usable"))
        .join(answers, answers.c.id == consents.c.answer_id)
        .outerjoin(scores, scores.c.answer_id == answers.c.id)
        .where(answers.c.delivery_id == delivery_id)
    )
    return [
        Asked(Consent(row.state), None if row.usable is None else bool(row.usable))
        for row in c.execute(found)
    ]


def change(c: Connection, delivery_id: int, before: Consent, after: Consent, now: datetime) -> None:
    """All answers of this delivery that stood at `before` stand at `after` from now on."""
    its_answers = select(answers.c.id).where(answers.c.delivery_id == delivery_id)
    c.execute(
        update(consents)
        .where(consents.c.answer_id.in_(its_answers), consents.c.state == before)
        .values(state=after, changed_at=now)
    )
