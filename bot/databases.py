"""The database as the settings say it: the one place in this package that opens it.

What is written to the audit log is sealed with a key of the settings; opened elsewhere, an entry
would be sealed with none and look forged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from campaigns.storage.database import Database


def database_of(settings: "Settings") -> "Database":
    """The database, not yet asked for anything. Raises ConfigurationError for a bad address."""
    from campaigns.storage.database import Database

    secrets = settings.data_keys.get_secret_value().split(",")
    return Database(settings.database_url, secrets=secrets)


@contextmanager
def ready_database(settings: "Settings | None" = None) -> Iterator["Database"]:
    """The database of these or of the loaded settings, ready to be used, until the block ends.

    Raises ConfigurationError.
    """
    from bot.settings import Settings
    from campaigns.storage.schema import require_current

    database = database_of(settings or Settings.load())
    try:
        require_current(database)
        yield database
    finally:
        database.close()


@contextmanager
def passing_database() -> Iterator["Database"]:
    """An empty database of its own that is gone when the block ends."""
    from campaigns.storage import schema
    from campaigns.storage.database import Database

    with TemporaryDirectory() as folder:
        made = Database(f"sqlite:///{folder}/passing.db")
        try:
            schema.upgrade(made)
            yield made
        finally:
            made.close()
