"""The table of launches that another person has to approve; part of `tables`, known there."""

from sqlalchemy import Column, String, Table, Text, UniqueConstraint

from campaigns.storage.columns import metadata, new_id
from campaigns.storage.moment import Moment

# One row a content that somebody wished to launch; other content is another row. People stand
# here as the audit log names them.
approvals = Table(
    "approvals",
    metadata,
    new_id(),
    Column("campaign", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("definition", Text, nullable=False),  # JSON of domain.definition.Definition
    Column("asked_by", String(120), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("approved_by", String(120)),
    Column("approved_at", Moment),
    UniqueConstraint("campaign", "sha256"),
)
