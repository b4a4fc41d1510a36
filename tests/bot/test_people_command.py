"""`bellwether people import` tells what it did by ids, and a refusal names its place."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import people
from campaigns.errors import BellwetherError, ConfigurationError, PeopleFileError
from campaigns.storage import directory, schema
from campaigns.storage.database import Database

DEMO = Path(__file__).parents[2] / "bot" / "demo" / "staff.csv"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database that is ready, which the commands will use."""
    address = f"sqlite:///{tmp_path}/people.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", address)
    monkeypatch.setenv("COLUMNS", "120")
    schema.migrate(address)
    return address


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(people.app, [str(each) for each in arguments])


def count(url: str) -> int:
    database = Database(url)
    with database.read() as connection:
        found = directory.count(connection)
    database.close()
    return found


def test_import_tells_counts_and_ids_and_no_names(url: str) -> None:
    result = run("import", DEMO)
    assert result.exit_code == 0, result.exception
    assert "398" in result.output
    assert "P0001" in result.output
    assert "and 348 more" in result.output
    assert "Erkoç" not in result.output
    assert count(url) == 398
    assert "Nothing to change" in run("import", DEMO).output


def test_import_changes_nothing_when_it_is_a_dry_run(url: str) -> None:
    result = run("import", DEMO, "--dry-run")
    assert "nothing was changed" in result.output
    assert count(url) == 0


def test_import_lists_what_it_left_out(url: str, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("id,name,team,time_zone\nP1,Ada,A,Mars\nP2,Bea,A,UTC\nP3\n")
    result = run("import", file, "--skip-bad")
    assert "2 rows were left out" in result.output
    assert 'line 2, column "time_zone": expected a time zone' in result.output
    assert "nobody is marked as left" in result.output
    assert count(url) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id,name,team\nP1,Ada,\n", 'line 2, column "team"'),
        (b"", "The file is empty"),
        (b"\x89PNG\0", "not text"),
    ],
)
def test_import_refuses_a_bad_file_by_place(
    url: str, tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "staff.csv"
    file.write_bytes(content)
    result = run("import", file)
    assert isinstance(result.exception, PeopleFileError)
    assert told in str(result.exception)
    assert count(url) == 0


def test_import_refuses_what_is_not_there(url: str, tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        result = run("import", path)
        assert isinstance(result.exception, BellwetherError)
        assert "can't be read" in str(result.exception)
    assert count(url) == 0


def test_import_asks_for_migrate_when_there_is_no_database(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    result = run("import", DEMO)
    assert isinstance(result.exception, ConfigurationError)
    assert "bellwether migrate" in str(result.exception)
    assert not (tmp_path / "other.db").exists()
    assert count(url) == 0


def test_import_shows_ids_as_text_when_they_look_like_markup(url: str, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("id,name,team\n[red]P1[/red],Ada,[bold]A\n")
    result = run("import", file)
    assert "[red]P1[/red]" in result.output
    assert "[bold]A" in result.output
    assert count(url) == 1


def test_help_names_every_column(url: str) -> None:
    assert url
    text = run("import", "--help").output
    for column in DEMO.read_text().splitlines()[0].split(","):
        assert column in text
