"""A database that is full, held or closed to changes: a sentence, no report of a bug."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from campaigns.errors import ConfigurationError
from campaigns.storage.database import Database, trouble
from campaigns.storage.schema import migrate

ROOT = Path(__file__).parents[2]


def bellwether(database: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    address = f"sqlite:///{database}"
    environment = {**os.environ, "BELLWETHER_DATABASE_URL": address, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(
        command, cwd=database.parent, env=environment, capture_output=True, text=True, check=False
    )


def failure(database: Database, statement: str) -> Exception:
    with pytest.raises(OperationalError) as caught, database.write() as connection:
        connection.execute(text(statement))
    return caught.value


def test_people_import_says_what_to_do_when_the_file_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "damaged.db"
    migrate(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'people'"
        page = connection.execute(query).fetchone()[0]
    with file.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"?" * size)
    (tmp_path / "staff.csv").write_text("id,name,team\nP1,Ada,A\n")
    result = bellwether(file, "people", "import", "staff.csv")
    assert result.returncode == 2
    assert "the database file is damaged: bring back the last backup" in result.stderr


def test_trouble_is_told_when_the_file_is_full_and_nothing_when_a_query_is_wrong(
    sqlite_database: Database,
) -> None:
    with sqlite_database.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with sqlite_database.write() as connection:
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(OperationalError) as caught:
            connection.execute(text("CREATE TABLE wide AS SELECT zeroblob(100000) AS x"))
    assert "disk with the database is full" in str(trouble(caught.value))
    assert trouble(failure(sqlite_database, "SELECT nothing FROM nowhere")) is None
    assert trouble(ValueError()) is None


def test_trouble_is_told_when_the_file_is_read_only(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(OperationalError) as caught:
            connection.execute(text("DELETE FROM people"))
        connection.rollback()
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    assert "can't be written to" in str(trouble(caught.value))


def test_trouble_is_told_when_the_server_is_gone() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(OperationalError) as caught, database.read():
        pass
    assert "can't be reached" in str(trouble(caught.value))


def test_address_of_a_database_that_we_have_no_driver_for_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="BELLWETHER_DATABASE_URL"):
        Database("mysql://nobody@127.0.0.1/none")
