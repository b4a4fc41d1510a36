"""The tables of what staff ask and of what was published of it; part of `tables`, known there."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, String, Table

from campaigns.storage.columns import Id, metadata, new_id, ref
from campaigns.storage.moment import Moment

# What staff ask. An id is drawn by chance and the moment of asking is kept nowhere, so that neither
# tells an agent who asked: of an unnamed one there is only the full hour at which it is passed on.
questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    ref("campaign_id", "campaigns.id"),
    ref("asker_id", "people.id", index=True),
    ref("team_id", "teams.id"),  # the asker's when they asked
    Column("named", Boolean, nullable=False),
    Column("state", String(10), nullable=False),  # domain.asking.QuestionState
    Column("words", LargeBinary, nullable=False),  # encrypted
    Column("due_at", Moment, nullable=False),  # when it is passed on to the agents
    Column("answer", LargeBinary),  # encrypted
    ref("agent_id", "people.id", nullable=True),  # who answered
    Column("answered_at", Moment),
    Column("escalated_at", Moment),
    Index("ix_questions_state_due_at", "state", "due_at"),
    Index("ix_questions_campaign_id_due_at", "campaign_id", "due_at"),
)

# Questions and answers that everybody in the campaign can read, the question in an agent's words.
faq = Table(
    "faq",
    metadata,
    new_id(),
    ref("campaign_id", "campaigns.id", index=True),
    Column("question_id", Id, nullable=False, unique=True),  # it may be erased before
    Column("question", LargeBinary, nullable=False),  # encrypted
    Column("answer", LargeBinary, nullable=False),  # encrypted
    ref("agent_id", "people.id"),
    Column("published_at", Moment, nullable=False),
)
