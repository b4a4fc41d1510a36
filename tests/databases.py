"""What tests do to a whole database."""

from sqlalchemy import text

from campaigns.storage.database import Database
from campaigns.storage.tables import metadata

_TABLES = ", ".join(table.name for table in metadata.sorted_tables)


def empty(postgres: Database) -> None:
    """Nothing is left in its tables, and ids begin anew."""
    with postgres.write() as connection:
        connection.execute(text(f"TRUNCATE {_TABLES} RESTART IDENTITY"))
