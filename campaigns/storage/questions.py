"""Questions of staff and their answers, and the campaign's FAQ: words come in and go out encrypted.

This file has no key. Nothing here gives out a list of who asked: whose a question is, is read with
that question alone, to bring its answer back. Only the flows about questions may import it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select, update

from campaigns.domain.asking import QuestionState
from campaigns.errors import NotFoundError
from campaigns.storage.once import insert_once
from campaigns.storage.tables import faq, questions


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to be kept; `id` was drawn by chance, `words` are encrypted."""

    id: int
    campaign_id: int
    asker_id: int
    team_id: int
    named: bool
    words: bytes
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A row; `agent_id` is who answered."""

    id: int
    campaign_id: int
    asker_id: int
    team_id: int
    named: bool
    state: QuestionState
    words: bytes
    due_at: datetime
    answer: bytes | None
    agent_id: int | None
    answered_at: datetime | None
    escalated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """One entry of a FAQ, encrypted."""

    question_id: int
    question: bytes
    answer: bytes
    published_at: datetime


def put(c: Connection, new: NewQuestion) -> None:
    """The question waits for its moment."""
    values = {name: getattr(new, name) for name in NewQuestion.__slots__}
    c.execute(insert(questions).values(**values, state=QuestionState.WAITING))


def by_id(c: Connection, question_id: int) -> Question:
    """The question with that id; NotFoundError where there is none (any more)."""
    row = c.execute(select(questions).where(questions.c.id == question_id)).first()
    if row is None:
        raise NotFoundError("There is no such question.")
    return _from(row)


def unanswered(c: Connection, asker_id: int) -> list[Question]:
    """What this person asked and nobody has answered yet."""
    return _all(c, questions.c.asker_id == asker_id, questions.c.state != QuestionState.ANSWERED)


def of_asker(c: Connection, asker_id: int) -> list[Question]:
    """What this person asked: for them alone."""
    return _all(c, questions.c.asker_id == asker_id)


def due(c: Connection, now: datetime) -> list[Question]:
    """What is to be passed on by now."""
    return _all(c, questions.c.state == QuestionState.WAITING, questions.c.due_at <= now)


def lying(c: Connection, before: datetime) -> list[Question]:
    """What was passed on by then, has no answer, and was seen by the team's agents alone."""
    return _all(
        c,
        questions.c.state == QuestionState.OPEN,
        questions.c.due_at <= before,
        questions.c.escalated_at.is_(None),
    )


def pass_on(c: Connection, question_id: int) -> bool:
    """The question is open from now on; False where it was taken back or passed on meanwhile."""
    return _change(c, question_id, QuestionState.WAITING, state=QuestionState.OPEN)


def escalate(c: Connection, question_id: int, now: datetime) -> bool:
    """More people may answer from now on; False where it has been answered meanwhile."""
    return _change(c, question_id, QuestionState.OPEN, escalated_at=now)


def answer(c: Connection, question_id: int, agent_id: int, words: bytes, now: datetime) -> bool:
    """The open question has this answer for good; False where another came first."""
    values = {"answer": words, "agent_id": agent_id, "answered_at": now}
    return _change(c, question_id, QuestionState.OPEN, state=QuestionState.ANSWERED, **values)


def withdraw(c: Connection, question_id: int) -> bool:
    """The question is gone, as if it had never been asked; False where it was passed on."""
    waits = questions.c.state == QuestionState.WAITING
    return c.execute(delete(questions).where(questions.c.id == question_id, waits)).rowcount == 1


def publish(
    c: Connection, of: Question, question: bytes, answer: bytes, agent_id: int, now: datetime
) -> None:
    """The answered question stands in the FAQ, once, in these words."""
    row = {
        "campaign_id": of.campaign_id,
        "question_id": of.id,
        "question": question,
        "answer": answer,
        "agent_id": agent_id,
        "published_at": now,
    }
    insert_once(c, faq, [row], ["question_id"])


def reword(c: Connection, before: Published, question: bytes, answer: bytes) -> bool:
    """The entry reads like this now; False where it was changed or taken out meanwhile."""
    same = update(faq).where(
        faq.c.question_id == before.question_id,
        faq.c.question == before.question,
        faq.c.answer == before.answer,
    )
    return c.execute(same.values(question=question, answer=answer)).rowcount == 1


def unpublish(c: Connection, question_id: int) -> None:
    """The FAQ has no entry of that question."""
    c.execute(delete(faq).where(faq.c.question_id == question_id))


def is_published(c: Connection, question_id: int) -> bool:
    """Whether the FAQ has an entry of that question."""
    return c.scalar(select(faq.c.id).where(faq.c.question_id == question_id)) is not None


def published(c: Connection, campaign_id: int) -> list[Published]:
    """The campaign's FAQ, in no order that means anything."""
    return [Published(*row) for row in c.execute(_entries(campaign_id))]


def entry(c: Connection, campaign_id: int, question_id: int) -> Published | None:
    """The entry of that question in the campaign's FAQ; None where it has none."""
    row = c.execute(_entries(campaign_id).where(faq.c.question_id == question_id)).first()
    return None if row is None else Published(*row)


def _entries(campaign_id: int) -> Select[int, bytes, bytes, datetime]:
    columns = (faq.c.question_id, faq.c.question, faq.c.answer, faq.c.published_at)
    return select(*columns).where(faq.c.campaign_id == campaign_id)


def _change(c: Connection, question_id: int, before: QuestionState, **values: Any) -> bool:
    this = update(questions).where(questions.c.id == question_id, questions.c.state == before)
    return c.execute(this.values(**values)).rowcount == 1


def _all(c: Connection, *which: ColumnElement[bool]) -> list[Question]:
    return [_from(row) for row in c.execute(select(questions).where(*which))]


def _from(row: Row[Any]) -> Question:
    return Question(**{**row._mapping, "state": QuestionState(row.state)})
