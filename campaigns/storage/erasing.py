"""Takes away for good what is too old: rows are deleted, nothing is read and nothing is marked."""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, or_, select

from campaigns.domain.outbox import FINAL, Kind
from campaigns.storage.tables import answers, chat_messages, decisions, deliveries, scores

# What these sendings are shows what kind of answer they reply to.
_REPLIES = (Kind.FOLLOW_UP, Kind.HELP)


def erase(c: Connection, campaign_id: int, before: datetime) -> int:
    """No answer of the campaign from before that moment is left, nor what was made of it.

    Gives how many answers went. A reply stays as long as a younger answer to it is kept. Scores to
    come and consents go with the answer by themselves, even one that is written at this moment.
    """
    old = and_(answers.c.campaign_id == campaign_id, answers.c.answered_at < before)
    ids = select(answers.c.id).where(old)
    aged = and_(decisions.c.campaign_id == campaign_id, decisions.c.decided_at < before)
    c.execute(delete(decisions).where(or_(aged, decisions.c.answer_id.in_(ids))))
    c.execute(delete(scores).where(scores.c.answer_id.in_(ids)))
    n_erased = c.execute(delete(answers).where(old)).rowcount
    _erase_replies(c, campaign_id, before)
    return n_erased


def _erase_replies(c: Connection, campaign_id: int, before: datetime) -> None:
    replies = and_(
        deliveries.c.campaign_id == campaign_id,
        deliveries.c.kind.in_(_REPLIES),
        deliveries.c.state.in_(FINAL),
        deliveries.c.due_at < before,
        ~exists().where(answers.c.delivery_id == deliveries.c.id),
        ~exists().where(decisions.c.delivery_id == deliveries.c.id),
    )
    keys = select(deliveries.c.key).where(replies)
    c.execute(delete(chat_messages).where(chat_messages.c.delivery_key.in_(keys)))
    c.execute(delete(deliveries).where(replies))
