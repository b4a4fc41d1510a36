"""Takes away for good what is too old, or whose person wants it gone: rows are deleted, nothing is
read and nothing is marked."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, or_, select

from campaigns.domain.outbox import FINAL, Kind, State
from campaigns.domain.periods import Span
from campaigns.domain.rights import Gone
from campaigns.storage.tables import (
    answers,
    chat_messages,
    decisions,
    deliveries,
    faq,
    questions,
    scores,
)

# What these sendings are shows what kind of answer they reply to.
_REPLIES = (Kind.FOLLOW_UP, Kind.HELP)
_CHUNK = 5000
_FLYING = (State.SENDING, State.DOUBTFUL)


def erase(c: Connection, campaign_id: int, before: datetime) -> int:
    """No answer of the campaign from before that moment is left, nor what was made of it.

    Gives how many answers and questions went. A reply stays as long as a younger answer to it is
    kept. Scores to come and consents go with the answer by themselves, even one that is written at
    this moment.
    """
    old = and_(answers.c.campaign_id == campaign_id, answers.c.answered_at < before)
    n_erased = _erase_answers(c, campaign_id, select(answers.c.id).where(old), before)
    return n_erased + _erase_questions(c, campaign_id, before)


def erase_counted(c: Connection, campaign_id: int, during: Span) -> int:
    """No answer from before the end of that period is left with its person, nor what was made of
    it, save a text that counts in the next one; how many went."""
    return _erase_answers(c, campaign_id, _counted(campaign_id, during), during.end)


def any_counted(c: Connection, campaign_id: int, during: Span) -> bool:
    """Whether there is an answer that `erase_counted` would take away."""
    return c.scalar(_counted(campaign_id, during).limit(1)) is not None


def _counted(campaign_id: int, during: Span) -> Select[tuple[int]]:
    next_end = during.end + (during.end - during.start)
    later = and_(scores.c.counts, scores.c.scored_at >= during.end, scores.c.scored_at < next_end)
    return select(answers.c.id).where(
        answers.c.campaign_id == campaign_id,
        answers.c.answered_at < during.end,
        ~exists().where(scores.c.answer_id == answers.c.id, later),
    )


def _erase_answers(
    c: Connection, campaign_id: int, ids: Select[tuple[int]], before: datetime
) -> int:
    aged = and_(decisions.c.campaign_id == campaign_id, decisions.c.decided_at < before)
    c.execute(delete(decisions).where(or_(aged, decisions.c.answer_id.in_(ids))))
    # Scores first, and with them what tells these answers apart: so their ids are fetched before.
    found = list(c.scalars(ids))
    n_erased = 0
    for start in range(0, len(found), _CHUNK):
        some = found[start : start + _CHUNK]
        c.execute(delete(scores).where(scores.c.answer_id.in_(some)))
        n_erased += c.execute(delete(answers).where(answers.c.id.in_(some))).rowcount
    _erase_replies(c, campaign_id, before)
    return n_erased


def _erase_questions(c: Connection, campaign_id: int, before: datetime) -> int:
    """Questions of that time with their answers, and all messages about them; what was published
    at that time, too."""
    old = and_(faq.c.campaign_id == campaign_id, faq.c.published_at < before)
    c.execute(delete(faq).where(old))
    aged = and_(questions.c.campaign_id == campaign_id, questions.c.due_at < before)
    return _take_out(c, aged)


def _take_out(c: Connection, which: ColumnElement[bool]) -> int:
    """Those questions are gone, with all messages about them; how many they were."""
    found = c.execute(select(questions.c.id, questions.c.campaign_id).where(which)).all()
    for question_id, campaign_id in found:
        _take_back(c, _about(question_id, campaign_id))
        c.execute(delete(questions).where(questions.c.id == question_id))
    return len(found)


def _about(question_id: int, campaign_id: int) -> ColumnElement[bool]:
    # Found by what makes each unique: no index leads to what a message is about.
    own = (f"asked:{question_id}", f"reply:{question_id}", f"help:question:{question_id}")
    passed_on = and_(
        deliveries.c.campaign_id == campaign_id,
        deliveries.c.kind == Kind.QUESTION,
        deliveries.c.subject_id == question_id,
    )
    return or_(deliveries.c.once.in_(own), passed_on)


def forget(c: Connection, person_id: int) -> Gone | None:
    """Nothing is left of what the person answered and asked, nor of what followed from it.

    None, and nothing has changed, while a message that would have to go is on its way: whoever
    sends it would put back a trace. What the figures count stays in `counted`, without answers.
    """
    own = and_(deliveries.c.person_id == person_id, deliveries.c.kind.in_(_REPLIES))
    replies = or_(own, deliveries.c.once.in_(_requests(c, own)))
    asked = c.execute(select(questions.c.id, questions.c.campaign_id).where(_asked_by(person_id)))
    going = or_(replies, *[_about(*one) for one in asked])
    flying = select(deliveries.c.id).where(going, deliveries.c.state.in_(_FLYING)).limit(1)
    if c.scalar(flying) is not None:
        return None
    theirs = answers.c.person_id == person_id
    ids = select(answers.c.id).where(theirs)
    c.execute(delete(decisions).where(decisions.c.person_id == person_id))
    c.execute(delete(scores).where(scores.c.answer_id.in_(ids)))
    n_answers = c.execute(delete(answers).where(theirs)).rowcount
    n_questions = _take_out(c, _asked_by(person_id))
    return Gone(n_answers, n_questions, _take_back(c, replies))


def _take_back(c: Connection, which: ColumnElement[bool]) -> int:
    """Those sendings are gone, out of the browser chat as well; how many they were."""
    keys = select(deliveries.c.key).where(which)
    c.execute(delete(chat_messages).where(chat_messages.c.delivery_key.in_(keys)))
    return c.execute(delete(deliveries).where(which)).rowcount


def _requests(c: Connection, which: ColumnElement[bool]) -> list[str]:
    """What makes those requests to be contacted unique that were made under these messages."""
    helped = select(deliveries.c.id).where(which, deliveries.c.kind == Kind.HELP)
    return [f"contact:{delivery_id}" for delivery_id in c.scalars(helped)]


def _asked_by(person_id: int) -> ColumnElement[bool]:
    return questions.c.asker_id == person_id


def _erase_replies(c: Connection, campaign_id: int, before: datetime) -> None:
    replies = and_(
        deliveries.c.campaign_id == campaign_id,
        deliveries.c.kind.in_(_REPLIES),
        deliveries.c.state.in_(FINAL),
        deliveries.c.due_at < before,
        ~exists().where(answers.c.delivery_id == deliveries.c.id),
        ~exists().where(decisions.c.delivery_id == deliveries.c.id),
    )
    _take_back(c, deliveries.c.once.in_(_requests(c, replies)))
    _take_back(c, replies)
