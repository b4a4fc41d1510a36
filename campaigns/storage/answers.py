"""Answers and their scores: the one module that reads what a person wrote.

Words come in and go out encrypted; this file has no key. Only `flows.answering`, `flows.scoring`,
`flows.rescoring`, `flows.releasing` and `flows.copying` may import it, and nothing here gives out a
list of who answered.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from campaigns.domain.consent import Consent
from campaigns.storage.consents import usable
from campaigns.storage.once import insert_once
from campaigns.storage.rescores import unread
from campaigns.storage.score_rows import as_row
from campaigns.storage.tables import answers, consents, deliveries, people, scores
from sentiment.labels import Score, Status


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """One answer to be kept; `words` are encrypted, `scoring` is "pending" where a model reads."""

    delivery_id: int
    campaign_id: int
    person_id: int
    team_id: int
    question: str
    kind: str
    answered_at: datetime
    number: int | None = None
    choice: str | None = None
    words: bytes | None = None
    scoring: str = ""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was given to one question, without the words of a text."""

    question: str
    kind: str
    number: int | None
    choice: str | None


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """An encrypted text that waits for its reader; `attempts` counts those at its first score."""

    id: int
    delivery_id: int
    campaign_id: int
    person_id: int
    question: str
    words: bytes
    attempts: int


# Asked once a message: built once, for that takes longer than to ask.
_GIVEN = (
    select(answers.c.question, answers.c.kind, answers.c.number, answers.c.choice)
    .where(answers.c.delivery_id == bindparam("delivery_id"))
    .order_by(answers.c.id)
)


def put(connection: Connection, answer: NewAnswer) -> bool:
    """The first answer of this delivery to this question is kept; whether it was this one."""
    return insert_once(connection, answers, [asdict(answer)], ["delivery_id", "question"]) == 1


def given(connection: Connection, delivery_id: int) -> list[GivenAnswer]:
    """What was answered under this delivery, in the order it came in."""
    rows = connection.execute(_GIVEN, {"delivery_id": delivery_id})
    return [GivenAnswer(*row) for row in rows]


def claim(
    connection: Connection, now: datetime, lease_until: datetime, limit: int
) -> list[WaitingAnswer]:
    """Texts without a score that are this caller's alone until `lease_until`.

    First those that nobody tried yet; then one that somebody did, alone, so that a text which
    takes its reader down takes no other along.
    """
    free = (
        select(answers.c.id, answers.c.attempts)
        .where(
            answers.c.scoring == "pending",
            or_(answers.c.lease_until.is_(None), answers.c.lease_until <= now),
        )
        .order_by(answers.c.attempts, answers.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(free).all()
    ids = [row.id for row in found if row.attempts == 0] or [row.id for row in found[:1]]
    rows = connection.execute(
        update(answers)
        .where(answers.c.id.in_(ids))
        .values(lease_until=lease_until, attempts=answers.c.attempts + 1)
        .returning(*(answers.c[name] for name in WaitingAnswer.__slots__))
    )
    return sorted((WaitingAnswer(*row) for row in rows), key=lambda answer: answer.id)


def give_back(
    connection: Connection, answer_ids: Collection[int], free_at: datetime, *, counted: bool = True
) -> None:
    """These texts may be claimed again from `free_at` on; not `counted`, as if never tried."""
    connection.execute(
        update(answers)
        .where(answers.c.id.in_(list(answer_ids)), answers.c.scoring == "pending")
        .values(lease_until=free_at, attempts=answers.c.attempts - (0 if counted else 1))
    )


def settle(connection: Connection, answer_id: int, score: Score, now: datetime) -> bool:
    """The answer has this score for good; False (and nothing changed) where it had one already."""
    taken = connection.execute(
        update(answers)
        .where(answers.c.id == answer_id, answers.c.scoring == "pending")
        .values(scoring="done", lease_until=None)
    )
    if taken.rowcount == 0:
        return False
    counts = score.status is Status.SCORED
    row = {"answer_id": answer_id, "scored_at": now, "counts": counts, **as_row(score)}
    connection.execute(insert(scores).values(row))
    return True


def to_read_again(
    connection: Connection, model: str, after_id: int, limit: int
) -> list[WaitingAnswer]:
    """The next scored texts by id that this version of the model has not read; nobody's alone."""
    found = (
        select(*(answers.c[name] for name in WaitingAnswer.__slots__))
        .join(scores, scores.c.answer_id == answers.c.id)
        .where(unread(model), answers.c.id > after_id)
        .order_by(answers.c.id)
        .limit(limit)
    )
    return [WaitingAnswer(*row) for row in connection.execute(found)]


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """One answer as its person gets it back, with what a model read in it; `words` encrypted."""

    campaign_id: int
    version_id: int | None
    question: str
    kind: str
    number: int | None
    choice: str | None
    words: bytes | None
    answered_at: datetime
    consent: str | None
    model: str | None
    stance: str | None
    sentiment: str | None
    barrier: str | None
    themes: str | None
    safeguarding: bool | None


def of_person(connection: Connection, person_id: int) -> list[OwnAnswer]:
    """All that is kept of this person's answers, oldest first: for them alone."""
    read = (scores.c[name] for name in ("model", *_READ))
    found = (
        select(
            answers.c.campaign_id,
            deliveries.c.version_id,
            *(answers.c[name] for name in _GIVEN_BACK),
            consents.c.state.label("consent"),
            *read,
        )
        .outerjoin(deliveries, deliveries.c.id == answers.c.delivery_id)
        .outerjoin(scores, scores.c.answer_id == answers.c.id)
        .outerjoin(consents, consents.c.answer_id == answers.c.id)
        .where(answers.c.person_id == person_id)
        .order_by(answers.c.answered_at, answers.c.id)
    )
    return [OwnAnswer(**dict(row._mapping)) for row in connection.execute(found)]


_GIVEN_BACK = ("question", "kind", "number", "choice", "words", "answered_at")
_READ = ("stance", "sentiment", "barrier", "themes", "safeguarding")


def released(connection: Connection) -> list[WaitingAnswer]:
    """Texts that their writers let a model learn from, read before and with nothing flagged.

    Who has left can't take anything back any more, so theirs are not among them.
    """
    found = (
        select(*(answers.c[name] for name in WaitingAnswer.__slots__))
        .join(consents, consents.c.answer_id == answers.c.id)
        .join(scores, scores.c.answer_id == answers.c.id)
        .join(people, people.c.id == answers.c.person_id)
        .where(consents.c.state == Consent.GIVEN, usable(), people.c.active)
        .where(answers.c.words.is_not(None))
    )
    return [WaitingAnswer(*row) for row in connection.execute(found)]
