"""What chance drew for whole teams, and what became of it, in sums; part of `tables`."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from campaigns.storage.columns import Id, metadata, new_id, ref
from campaigns.storage.moment import Moment

# Whether a team is held out of a rule's follow-ups after one pulse: drawn once, and kept.
team_draws = Table(
    "team_draws",
    metadata,
    new_id(),
    ref("run_id", "runs.id"),
    ref("team_id", "teams.id"),
    Column("rule", String(40), nullable=False),
    Column("held", Boolean, nullable=False),
    Column("p_held", Float, nullable=False),
    UniqueConstraint("run_id", "team_id", "rule"),
)

# How a rule's follow-ups did, in sums over people; what was counted is never counted again.
effects = Table(
    "effects",
    metadata,
    Column("campaign_id", Id, ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
    Column("rule", String(40), primary_key=True),
    Column("counted_until", Moment, nullable=False),  # decisions before this are in the sums
    Column("looked_at", Moment, nullable=False),  # the close it was last looked at
    Column("tally", Text, nullable=False),  # JSON of domain.experiments.Tally
)
