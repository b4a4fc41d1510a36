"""One door to the database: read and write transactions, the same on SQLite and PostgreSQL (D4)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from campaigns.domain.audit import seal_key
from campaigns.errors import ConfigurationError

_TROUBLE = {
    "SQLITE_BUSY": "somebody else is changing the database: wait until that is done",
    "SQLITE_FULL": "the disk with the database is full: make room",
    "SQLITE_READONLY": "the database can't be written to: give this user the right to change it",
    "SQLITE_CORRUPT": "the database file is damaged: bring back the last backup",
    "SQLITE_NOTADB": "the file of BELLWETHER_DATABASE_URL is no database: name another",
    "SQLITE_CANTOPEN": "the database can't be opened: check its folder and who may change it",
    "SQLITE_IOERR": "the disk with the database does not answer: look after it",
    "53100": "the disk of the database server is full: make room",
    "25006": "the database server takes no changes now: connect to one that does",
    "42501": "the database user may not do this: give it the right to change the tables",
}


def trouble(error: Exception) -> str | None:
    """What is the matter with the database itself, and what to do; None for a bug of ours."""
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    if code is None and isinstance(error, OperationalError):  # a server that is gone
        return "Nothing was changed: the database can't be reached. Then try again."
    told = next((told for sign, told in _TROUBLE.items() if str(code).startswith(sign)), None)
    return told and f"Nothing was changed: {told}. Then try again."


# Planning a million sendings takes a tenth less time with the last two, and 34 MB more.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "cache_size=-32768",  # KiB, by need
    "wal_autocheckpoint=8000",  # pages of 4 KiB
)


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin ourselves, see _on_begin
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A deferred transaction that turns writer half-way can't wait for its turn: SQLite refuses it.
    write = connection.get_execution_options().get("bellwether_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


class Database:
    """The engine and its two kinds of transaction.

    `read` sees one state throughout; `write` commits when the block ends well and leaves nothing
    behind when it doesn't. `secrets` are what entries of the audit log are sealed with, newest
    first. Raises ConfigurationError for an address that can't be used.
    """

    def __init__(self, url: str, pool_size: int = 10, secrets: Sequence[str] = ("",)) -> None:
        self.seal_keys = [seal_key(secret) for secret in secrets]
        try:
            parsed = make_url(url)
            sqlite = parsed.get_backend_name() == "sqlite"
            options = {} if sqlite else {"pool_size": pool_size}
            self.engine: Engine = create_engine(parsed, hide_parameters=True, **options)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise ConfigurationError(
                "BELLWETHER_DATABASE_URL is not an address of a database; write for example "
                "sqlite:///var/bellwether.db or postgresql+psycopg://user@host/bellwether."
            ) from error
        self.is_sqlite = sqlite
        if sqlite:
            event.listen(self.engine, "connect", _on_connect)
            event.listen(self.engine, "begin", _on_begin)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that changes nothing."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed as a whole or not at all."""
        with self.engine.connect() as raw:
            connection = raw.execution_options(
                bellwether_write=True, bellwether_seal=self.seal_keys[0]
            )
            with connection.begin():
                yield connection

    def close(self) -> None:
        self.engine.dispose()
