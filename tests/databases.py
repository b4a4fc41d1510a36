"""What tests do to a whole database."""

from sqlalchemy import text

from campaigns.storage.database import Database
from campaigns.storage.tables import metadata

# Thirty times as fast as TRUNCATE, where a test left little behind; without looking at references.
_EMPTY = "; ".join(
    [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {table.name}" for table in metadata.sorted_tables),
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
    ]
)


def empty(postgres: Database) -> None:
    """Nothing is left in its tables, and ids begin anew."""
    with postgres.write() as connection:
        connection.execute(text(_EMPTY))
