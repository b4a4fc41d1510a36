"""The steps lead to exactly the tables that the program works with, once, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, make_url, text

from campaigns.errors import ConfigurationError
from campaigns.storage import directory, schema
from campaigns.storage.database import Database
from campaigns.storage.tables import metadata


@pytest.fixture(params=["sqlite", "postgres"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/bare.db")
    else:
        database = Database(_anew(request.getfixturevalue("postgres_url"), "bare"))
    yield database
    database.close()


def _anew(postgres_url: str, name: str) -> str:
    """The address of a database on that server that was made a moment ago."""
    server = make_url(postgres_url)
    with psycopg.connect(
        server.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return server.set(database=name).render_as_string(hide_password=False)


def _drop_all(database: Database) -> None:
    metadata.drop_all(database.engine)
    with database.write() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


def test_steps_lead_to_the_tables_when_run_from_nothing(bare: Database) -> None:
    assert schema.upgrade(bare)
    with bare.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_steps_leave_out_no_part_of_an_index_or_key(bare: Database) -> None:
    schema.upgrade(bare)
    by_steps = shape(bare)
    _drop_all(bare)
    metadata.create_all(bare.engine)
    assert by_steps == shape(bare)


def shape(database: Database) -> dict[str, str]:
    """Every table as the database describes it."""
    found = inspect(database.engine)
    tables = {}
    for name in sorted(metadata.tables):
        columns = [{**one, "type": str(one["type"])} for one in found.get_columns(name)]
        parts = (
            columns,
            found.get_pk_constraint(name),
            sorted(str({k: _told(v) for k, v in one.items()}) for one in found.get_indexes(name)),
            sorted(found.get_foreign_keys(name), key=str),
            sorted(found.get_unique_constraints(name), key=str),
        )
        tables[name] = str(parts)
    return tables


def _told(value: object) -> object:
    """The value, with SQL in it as text."""
    return {k: str(v) for k, v in value.items()} if isinstance(value, dict) else value


def test_upgrade_changes_nothing_when_run_again(bare: Database) -> None:
    schema.upgrade(bare)
    with bare.write() as connection:
        directory.put_team(connection, "Permits")
    assert not schema.upgrade(bare)
    schema.require_current(bare)
    with bare.read() as connection:
        assert len(directory.tree(connection).teams) == 1


def test_upgrade_happens_once_when_two_processes_start_together(bare: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: schema.upgrade(bare), range(4)))
    assert sorted(done) == [False, False, False, True]


def test_check_asks_for_migrate_when_there_are_no_tables(bare: Database) -> None:
    with pytest.raises(ConfigurationError, match="bellwether migrate"):
        schema.require_current(bare)


def test_schema_refuses_a_database_when_a_newer_version_changed_it(bare: Database) -> None:
    schema.upgrade(bare)
    with bare.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (schema.require_current, schema.upgrade):
        with pytest.raises(ConfigurationError, match="newer version"):
            act(bare)


def test_steps_can_be_taken_back_when_asked(bare: Database) -> None:
    schema.upgrade(bare)
    config = schema.config()
    with bare.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert schema.current(bare) is None
    assert schema.upgrade(bare)


def test_second_step_counts_what_was_scored_when_there_are_scores(bare: Database) -> None:
    config = schema.config()
    with bare.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("DROP TABLE scores"))  # one that needs no answers
        connection.execute(text("CREATE TABLE scores (status VARCHAR(30))"))
        for status in ("scored", "unscored: unsure"):
            connection.execute(text("INSERT INTO scores VALUES (:status)"), {"status": status})
    schema.upgrade(bare)
    with bare.read() as connection:
        counted = connection.execute(text("SELECT status, counts FROM scores")).all()
    assert {status: bool(counts) for status, counts in counted} == {
        "scored": True,
        "unscored: unsure": False,
    }


def test_migrate_makes_a_closed_folder_when_there_is_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/var/bellwether.db"
    assert schema.migrate(url)
    assert not schema.migrate(url)
    assert (tmp_path / "new" / "var").stat().st_mode & 0o077 == 0


def test_migrate_says_what_to_check_when_the_database_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for url in (
        f"sqlite:///{tmp_path}/file/bellwether.db",
        f"sqlite:///{tmp_path}",
        "postgresql+psycopg://user:s3cret@127.0.0.1:1/none",
    ):
        with pytest.raises(ConfigurationError, match="BELLWETHER_DATABASE_URL") as caught:
            schema.migrate(url)
        assert "s3cret" not in str(caught.value)


def test_writing_is_refused_in_words_when_the_database_is_read_only(
    bare: Database, tmp_path: Path
) -> None:
    schema.upgrade(bare)
    schema.require_writable(bare)
    url = bare.engine.url
    closed = (
        f"sqlite:///file:{tmp_path}/bare.db?mode=ro&uri=true"
        if bare.is_sqlite
        else url.update_query_dict(
            {"options": "-c default_transaction_read_only=on"}
        ).render_as_string(hide_password=False)
    )
    database = Database(closed)
    schema.require_current(database)
    with pytest.raises(ConfigurationError, match="not written to"):
        schema.require_writable(database)
    database.close()
