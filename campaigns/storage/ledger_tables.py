"""The table of "You said, we did"; part of `tables`, known there."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, false

from campaigns.storage.columns import Id, metadata, new_id, ref
from campaigns.storage.moment import Moment

# What was decided about a released theme. Once told, `cursor` is the last person whom it was
# written out for (D5), and `spread` says that this was everybody.
ledger = Table(
    "ledger",
    metadata,
    new_id(),
    ref("campaign_id", "campaigns.id", index=True),
    Column("period", Integer, nullable=False),
    ref("team_id", "teams.id", nullable=True),  # none: all, where the tree has several roots
    Column("theme", String(20), nullable=False),
    Column("course", String(10), nullable=False),  # domain.ledger.Course
    Column("text", Text, nullable=False),  # JSON, by language
    Column("reason", Text, nullable=False),  # the same, of what was dropped
    ref("owner_id", "people.id", index=True),
    Column("due_on", Date, nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Column("told_at", Moment),
    Column("cursor", Id, nullable=False, default=0),
    Column("spread", Boolean, nullable=False, server_default=false()),
    Index("ix_ledger_spread_told_at", "spread", "told_at"),
)
