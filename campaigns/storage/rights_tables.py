"""The tables that keep a promise when answers are gone or nobody's any more; part of `tables`."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table

from campaigns.storage.columns import Id, metadata, ref
from campaigns.storage.moment import Moment

# Who was counted in a period's figures, to compare later ones with them; never what they answered.
counted = Table(
    "counted",
    metadata,
    Column("campaign_id", Id, ForeignKey("campaigns.id"), primary_key=True),
    Column("period", Integer, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True, index=True),
    ref("team_id", "teams.id"),
)

# What figures are made of, once nobody can tell any more whose it was: no words, no moment, and a
# team that is large enough. Ids and aliases are drawn by chance; an alias is one person's in one
# period alone.
loose_answers = Table(
    "loose_answers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    ref("campaign_id", "campaigns.id"),
    Column("period_start", Moment, nullable=False),
    ref("team_id", "teams.id"),
    Column("alias", Id, nullable=False),
    Column("question", String(40), nullable=False),
    Column("number", Integer),
    Column("choice", String(40)),
    Column("p_resistant", Float),
    Column("p_ambivalent", Float),
    Column("p_neutral", Float),
    Column("barrier", String(16)),
    Column("themes", String(200)),
    Index("ix_loose_answers_campaign_id_period_start", "campaign_id", "period_start"),
)
