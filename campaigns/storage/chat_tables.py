"""What chats and their platforms bring along: post box, limits, inbox. Part of `tables`."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text, text

from campaigns.storage.columns import metadata, new_id, ref
from campaigns.storage.moment import Moment

# The browser chat's own post box, so that it can be asked like a foreign platform (D7).
chat_messages = Table(
    "chat_messages",
    metadata,
    new_id(),
    Column("delivery_key", String(32), nullable=False, unique=True),
    ref("person_id", "people.id"),
    Column("message", Text, nullable=False),  # JSON of domain.messages.Message
    Column("posted_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_chat_messages_person_id_changed_at", "person_id", "changed_at"),
)

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
