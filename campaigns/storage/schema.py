"""Brings the tables to what this version of the program needs, and tells whether they are.

Two processes may start at once: the second waits for the first. Nothing else here may change the
database, and no other file calls Alembic.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from campaigns.errors import ConfigurationError
from campaigns.storage.database import Database

# Any number will do, as long as no other program takes the same advisory lock in this database.
_LOCK = 0x62656C6C
_OUT_OF_REACH = (
    "The database can't be reached or written to: check BELLWETHER_DATABASE_URL, and whether the "
    "folder or the server it names is there."
)


def migrate(database_url: str) -> bool:
    """The database at that address exists, with the tables of this version; whether that was new.

    A folder for a SQLite file is made, open to nobody else. Raises ConfigurationError for an
    address that can't be used, or where a newer version has been at work.
    """
    database = Database(database_url)
    try:
        if file := _file(database):
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return upgrade(database)
    except (OSError, DatabaseError):
        raise ConfigurationError(_OUT_OF_REACH) from None
    finally:
        database.close()


def upgrade(database: Database) -> bool:
    """The tables are as this version needs them; whether anything had to change.

    Raises ConfigurationError where a newer version has been at work.
    """
    steps = config()
    head = newest()
    with database.write() as connection:
        if not database.is_sqlite:  # there, the write transaction itself is the lock
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        at = MigrationContext.configure(connection).get_current_revision()
        if at == head:
            return False
        _refuse_newer(at)
        steps.attributes["connection"] = connection
        command.upgrade(steps, "head")
    return True


def current(database: Database) -> str | None:
    """The step the tables are at; None before the first."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The step this version of the program needs."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None  # noqa: S101 - the steps come along with the program
    return head


def require_current(database: Database) -> None:
    """Raises ConfigurationError unless the tables are at the step that this version needs."""
    at = None if _is_missing(database) else _reached(database)
    if at == newest():
        return
    _refuse_newer(at)
    raise ConfigurationError(
        "The database has no tables yet: run `bellwether migrate`."
        if at is None
        else "The database is from an earlier version: run `bellwether migrate`."
    )


def require_writable(database: Database) -> None:
    """Raises ConfigurationError unless a row can be written."""
    try:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    except DatabaseError:
        raise ConfigurationError(
            "The database can be read and not written to: give the user that runs Bellwether the "
            "right to change it."
        ) from None


def _is_missing(database: Database) -> bool:
    """Whether connecting would only make an empty SQLite file in a wrong place."""
    file = _file(database)
    return file is not None and not file.exists()


def _file(database: Database) -> Path | None:
    name = database.engine.url.database
    plain = database.is_sqlite and name and name != ":memory:" and not name.startswith("file:")
    return Path(str(name)) if plain else None


def _reached(database: Database) -> str | None:
    try:
        return current(database)
    except DatabaseError:
        raise ConfigurationError(_OUT_OF_REACH) from None


def _refuse_newer(at: str | None) -> None:
    known = {step.revision for step in ScriptDirectory.from_config(config()).walk_revisions()}
    if at is not None and at not in known:
        raise ConfigurationError(
            "The database was changed by a newer version of Bellwether: install that version."
        )


def config() -> Config:
    """What Alembic needs to find the steps, wherever the program is installed."""
    found = Config()
    found.set_main_option("script_location", "campaigns:migrations")
    return found
