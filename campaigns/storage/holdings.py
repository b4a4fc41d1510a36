"""How much is kept about one person, in counts, for that person alone; reads no answer."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, Table, func, select

from campaigns.domain.consent import Consent
from campaigns.domain.holdings import Holdings
from campaigns.storage import audit, counted, ledger, offers, outbox
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
    chosen = select(func.count()).where(decisions.c.person_id == person_id, ~decisions.c.held)
    left_out = select(func.count()).where(decisions.c.person_id == person_id, decisions.c.held)
    taken = select(func.count()).where(alerts.c.agent_id == person_id)
    asked = select(func.count()).where(questions.c.asker_id == person_id)
    return Holdings(
        n_messages=c.scalar(sent) or 0,
        n_chosen=c.scalar(chosen) or 0,
        n_left_out=c.scalar(left_out) or 0,
        n_picked=by_kind.get("scale", 0) + by_kind.get("choice", 0),
        n_written=by_kind.get("text", 0),
        n_read=_made_of(c, scores, person_id),
        n_released=_made_of(c, consents, person_id, consents.c.state == Consent.GIVEN),
        n_thanked=by_kind.get("ack", 0) + by_kind.get("accept", 0),
        n_skipped=by_kind.get("skip", 0),
        n_offered=len(offers.of_person(c, person_id)),
        n_trained=by_kind.get("training", 0),
        n_asked=c.scalar(asked) or 0,
        n_contacts=len(outbox.contacts_of(c, person_id)),
        n_counted=counted.n_of(c, person_id),
        n_alerts=c.scalar(taken) or 0,
        n_owned=ledger.n_of_owner(c, person_id),
        n_logged=sum(audit.n_of(c, who) for who in named),
    )


def _made_of(c: Connection, table: Table, person_id: int, *where: ColumnElement[bool]) -> int:
    """How many rows of that table belong to answers of the person."""
    own = table.join(answers, answers.c.id == table.c.answer_id)
    found = select(func.count()).select_from(own).where(answers.c.person_id == person_id, *where)
    return c.scalar(found) or 0
