"""The table of what chance drew for whole teams; part of `tables`."""

from sqlalchemy import Boolean, Column, Float, String, Table, UniqueConstraint

from campaigns.storage.columns import metadata, new_id, ref

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
