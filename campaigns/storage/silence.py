"""Closed pulses and who left them unanswered: asked for rules alone, never for a page or a report.

Of answers this file reads only whether there is one. What it gives out must stay inside the flow
that writes the follow-ups: no list of silent people is ever shown, returned to a caller or logged.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Exists, exists, select, update

from campaigns.domain.outbox import Kind, State
from campaigns.storage.runs import DONE
from campaigns.storage.tables import answers, deliveries, people, runs

# A row that waits for a person on pause is dropped at its close, so waiting must not hold us up.
_MAY_BE_ANSWERED = (State.PENDING, State.SENDING, State.DOUBTFUL, State.SENT)


def closed_runs(
    connection: Connection,
    campaign_id: int,
    pulses: Collection[str],
    since: datetime,
    now: datetime,
) -> list[int]:
    """Runs of these pulses since `since` that are closed for all and were not looked at yet."""
    still_open = exists().where(
        deliveries.c.run_id == runs.c.id,
        deliveries.c.kind == Kind.PULSE,
        deliveries.c.state.in_(_MAY_BE_ANSWERED),
        deliveries.c.closes_at > now,
    )
    found = select(runs.c.id).where(
        runs.c.campaign_id == campaign_id,
        runs.c.touchpoint.in_(sorted(pulses)),
        runs.c.state == DONE,
        runs.c.noticed_at.is_(None),
        runs.c.starts_at > since,
        ~still_open,
    )
    return list(connection.scalars(found.order_by(runs.c.starts_at, runs.c.id)))


def unanswered(connection: Connection, run_id: int, after_id: int, limit: int) -> list[int]:
    """The next active people by id whom the run's pulse reached and who left it unanswered."""
    found = (
        select(deliveries.c.person_id)
        .join(people, people.c.id == deliveries.c.person_id)
        .where(
            deliveries.c.run_id == run_id,
            deliveries.c.kind == Kind.PULSE,
            deliveries.c.state == State.SENT,
            deliveries.c.person_id > after_id,
            people.c.active,
            ~_has_answer(),
        )
    )
    return list(connection.scalars(found.order_by(deliveries.c.person_id).limit(limit)))


def silent_in_a_row(
    connection: Connection,
    campaign_id: int,
    person_ids: Collection[int],
    since: datetime,
    now: datetime,
) -> dict[int, int]:
    """How many closed pulses in a row, up to the last one, each person left unanswered.

    Of pulses sent before `since` nobody may know any more who answered them: they count for none.
    """
    rows = connection.execute(
        select(deliveries.c.person_id, _has_answer())
        .where(
            deliveries.c.campaign_id == campaign_id,
            deliveries.c.kind == Kind.PULSE,
            deliveries.c.state == State.SENT,
            deliveries.c.closes_at <= now,
            deliveries.c.sent_at >= since,
            deliveries.c.person_id.in_(sorted(person_ids)),
        )
        .order_by(deliveries.c.person_id, deliveries.c.sent_at.desc(), deliveries.c.id.desc())
    )
    counts = dict.fromkeys(person_ids, 0)
    broken: set[int] = set()
    for person_id, answered in rows:
        if answered:
            broken.add(person_id)
        elif person_id not in broken:
            counts[person_id] += 1
    return counts


def noticed(connection: Connection, run_id: int, now: datetime) -> None:
    """The run has been looked at and never will be again."""
    connection.execute(update(runs).where(runs.c.id == run_id).values(noticed_at=now))


def _has_answer() -> Exists:
    return exists().where(answers.c.delivery_id == deliveries.c.id)
