"""Closed pulses and who left them unanswered: asked for rules alone, never for a page or a report.

Of answers this file reads only whether there is one. What it gives out must stay inside the flow
that writes the follow-ups: no list of silent people is ever shown, returned to a caller or logged.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Exists, exists, func, select, update

from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import overlaps
from campaigns.storage.runs import DONE
from campaigns.storage.tables import answers, deliveries, people, runs

# A row that waits for a person on pause is dropped at its close, so waiting must not hold us up.
_MAY_BE_ANSWERED = (State.PENDING, State.SENDING, State.DOUBTFUL, State.SENT)

_OPEN_WHILE = (
    *(people.c.away_from, people.c.away_until),
    *(deliveries.c.sent_at, deliveries.c.closes_at),
)


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


def last_closed(
    connection: Connection, campaign_id: int, person_ids: Collection[int], now: datetime
) -> dict[int, datetime]:
    """When the last pulse that is closed now had reached each of these people."""
    found = (
        select(deliveries.c.person_id, func.max(deliveries.c.sent_at).label("at"))
        .where(
            deliveries.c.campaign_id == campaign_id,
            deliveries.c.kind == Kind.PULSE,
            deliveries.c.state == State.SENT,
            deliveries.c.closes_at <= now,
            deliveries.c.person_id.in_(sorted(person_ids)),
        )
        .group_by(deliveries.c.person_id)
    )
    return {row.person_id: row.at for row in connection.execute(found)}


def silent_in_a_row(
    connection: Connection,
    campaign_id: int,
    person_ids: Collection[int],
    since: datetime,
    now: datetime,
) -> dict[int, int]:
    """How many closed pulses in a row, up to the last one, each person left unanswered.

    Of pulses sent before `since` nobody may know any more who answered them: they count for none.
    Nor does one that was open while its person was away.
    """
    rows = connection.execute(
        select(deliveries.c.person_id, _has_answer(), *_OPEN_WHILE)
        .join(people, people.c.id == deliveries.c.person_id)
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
    for person_id, answered, *open_while in rows:
        if answered:
            broken.add(person_id)
        elif person_id not in broken and not _was_away(*open_while):
            counts[person_id] += 1
    return counts


def were_here(connection: Connection, run_id: int, person_ids: Sequence[int]) -> list[int]:
    """Those of them who were not away on any day that the run's pulse was open to them."""
    found = (
        select(people.c.id, *_OPEN_WHILE)
        .join(deliveries, deliveries.c.person_id == people.c.id)
        .where(
            deliveries.c.run_id == run_id,
            deliveries.c.kind == Kind.PULSE,
            people.c.id.in_(person_ids),
            people.c.away_from.is_not(None),
        )
    )
    gone = {one.id for one in connection.execute(found) if _was_away(*one[1:])}
    return [person_id for person_id in person_ids if person_id not in gone]


def _was_away(
    away_from: date | None, away_until: date | None, sent_at: datetime, closes_at: datetime
) -> bool:
    return overlaps(away_from, away_until, sent_at.date(), closes_at.date())


def noticed(connection: Connection, run_id: int, now: datetime) -> None:
    """The run has been looked at and never will be again."""
    connection.execute(update(runs).where(runs.c.id == run_id).values(noticed_at=now))


def _has_answer() -> Exists:
    return exists().where(answers.c.delivery_id == deliveries.c.id)
