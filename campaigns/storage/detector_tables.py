"""Tables of what the detector carries from close to close; numbers only."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from campaigns.storage.columns import Id, metadata, ref

# A team: when its evidence began, how long it has been calm, its word in the order.
detector_states = Table(
    "detector_states",
    metadata,
    ref("campaign_id", "campaigns.id"),
    ref("team_id", "teams.id"),
    Column("state", Text, nullable=False),
    UniqueConstraint("campaign_id", "team_id"),
)

# A person, under a name that only the initiative's secret leads to.
detector_people = Table(
    "detector_people",
    metadata,
    ref("campaign_id", "campaigns.id"),
    Column("pseudonym", String(32), nullable=False),
    ref("team_id", "teams.id"),
    Column("numbers", LargeBinary, nullable=False),  # twelve of them, sentiment.fading
    UniqueConstraint("campaign_id", "pseudonym"),
)

# The organisation: weeks closed, and sums over everybody.
detector_weeks = Table(
    "detector_weeks",
    metadata,
    Column("campaign_id", Id, ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
    Column("weeks", Integer, nullable=False),
    Column("state", Text, nullable=False),
)
