"""New scores beside the old ones, until a version of the model has read every text.

No figure is made of these rows; they become scores all at once. Nothing here reads words: of those,
only whether they are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from campaigns.storage.once import insert_once
from campaigns.storage.score_rows import as_row
from campaigns.storage.tables import answers, rescores, scores
from sentiment.labels import Score, Status


@dataclass(frozen=True, slots=True)
class Swap:
    """New scores in place of old, how many of them have another stance, and old ones that stay."""

    n_new: int
    n_changed: int
    n_kept: int


def unread(model: str) -> ColumnElement[bool]:
    """Of answers joined with their scores: a text that this version has not read."""
    done = exists().where(rescores.c.answer_id == answers.c.id, rescores.c.model == model)
    return and_(answers.c.words.is_not(None), scores.c.model != model, ~done)


def versions(c: Connection) -> dict[str, int]:
    """Version → how many kept texts have their score from it."""
    found = (
        select(scores.c.model, func.count().label("n"))
        .join(answers, answers.c.id == scores.c.answer_id)
        .where(answers.c.words.is_not(None))
        .group_by(scores.c.model)
        .order_by(scores.c.model)
    )
    return {row.model: row.n for row in c.execute(found)}


def n_unread(c: Connection, model: str) -> int:
    """How many texts this version has still to read."""
    joined = select(func.count()).join_from(answers, scores, scores.c.answer_id == answers.c.id)
    return c.scalar(joined.where(unread(model))) or 0


def n_read(c: Connection, model: str) -> int:
    """How many texts this version has read whose old score is still in force."""
    found = select(func.count()).select_from(rescores).where(rescores.c.model == model)
    return c.scalar(found) or 0


def put(c: Connection, read: Mapping[int, Score]) -> int:
    """Each of these answers that is still there has this score to come; gives how many were new."""
    there = select(answers.c.id).where(answers.c.id.in_(sorted(read))).order_by(answers.c.id)
    kept = c.scalars(there.with_for_update(read=True, key_share=True)).all()
    rows = [{"answer_id": id_, **as_row(read[id_])} for id_ in kept]
    return insert_once(c, rescores, rows, ["answer_id", "model"])


def swap(c: Connection, model: str) -> Swap:
    """What this version said is in force now, and none of its scores is to come.

    When a text was scored, and whether it counts, stays as it was. So a text that counts keeps its
    old score where the new one has no probabilities, and any does where the model failed.
    """
    pair = and_(
        rescores.c.answer_id == scores.c.answer_id,
        rescores.c.model == model,
        scores.c.model != model,
    )
    usable = and_(
        rescores.c.status != Status.ERROR,
        or_(rescores.c.p_resistant.is_not(None), ~scores.c.counts),
    )
    changed = and_(usable, rescores.c.stance.is_distinct_from(scores.c.stance))
    n_all, n_new, n_changed = c.execute(
        select(func.count(), _number(usable), _number(changed)).where(pair)
    ).one()
    names = [column.name for column in rescores.c if column.name != "answer_id"]
    new = {name: rescores.c[name] for name in names}
    c.execute(update(scores).where(pair, usable).values(new))
    c.execute(delete(rescores).where(rescores.c.model == model))
    return Swap(n_new, n_changed, n_all - n_new)


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((which, 1)))
