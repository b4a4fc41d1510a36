"""The tables of what a chat platform allows and told us; part of `tables`, known there."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, text

from campaigns.storage.columns import metadata, new_id
from campaigns.storage.moment import Moment

# A platform's limits: one row a workspace and method (D6). `next_us` is when the next call would be
# due at an even pace, in microseconds since 1970, so that one UPDATE can reckon with it.
lanes = Table(
    "lanes",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("next_us", BigInteger, nullable=False),
)

# What a chat platform told us, each thing once; `content` is encrypted, and gone once it is done.
inbox = Table(
    "inbox",
    metadata,
    new_id(),
    Column("key", String(255), nullable=False, unique=True),  # the platform's own id of it
    Column("kind", String(60), nullable=False),
    Column("content", LargeBinary),
    Column("received_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Index(
        "ix_inbox_open",
        "id",
        sqlite_where=text("content IS NOT NULL"),
        postgresql_where=text("content IS NOT NULL"),
    ),
)
