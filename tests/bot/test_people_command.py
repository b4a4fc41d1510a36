"""`bellwether people import` tells what it did by ids, and a refusal names its place.

`bellwether people links` writes everybody's way into their own chat, for its writer's eyes alone.
"""

import csv
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner, Result

from bot.commands import people
from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import build
from campaigns.errors import (
    BellwetherError,
    ConfigurationError,
    InputError,
    PeopleFileError,
    StateError,
)
from campaigns.storage import directory, schema
from campaigns.storage.database import Database
from campaigns.storage.vault import new_key

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
    file.write_text("id,name,team\n[red]P1[red],Ada,[bold]A\n")
    result = run("import", file)
    assert "[red]P1[red]" in result.output
    assert "[bold]A" in result.output
    assert count(url) == 1


@pytest.mark.usefixtures("url")
def test_help_names_every_column() -> None:
    text = run("import", "--help").output
    for column in DEMO.read_text().splitlines()[0].split(","):
        assert column in text


STAFF = 'id,name,team\nP1,Ada,A\nP2,"Bea, of B",B\nP3,Cy,B\nP4,Di,B\n'


@pytest.fixture
def production(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation for real staff, of whom P4 has left; the file that links shall go to."""
    monkeypatch.setenv("BELLWETHER_ENVIRONMENT", "production")
    monkeypatch.setenv("BELLWETHER_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", new_key())
    monkeypatch.setenv("BELLWETHER_CONSOLE_PASSWORD", "p" * 20)
    monkeypatch.setenv("BELLWETHER_PUBLIC_URL", "https://change.example/")
    file = tmp_path / "staff.csv"
    for content in (STAFF, STAFF.rpartition("P4")[0]):
        file.write_text(content)
        assert run("import", file).exit_code == 0
    assert count(url) == 3
    return tmp_path / "links.csv"


def test_links_open_the_chat_of_everybody_who_works_here(production: Path) -> None:
    result = run("links", production)
    assert result.exit_code == 0, result.exception
    assert "3 links to https://change.example" in result.output
    assert "/chat/enter/" not in result.output
    with production.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["id"], row["name"]) for row in rows] == [
        ("P1", "Ada"),
        ("P2", "Bea, of B"),
        ("P3", "Cy"),
    ]
    application = build(Settings.load())
    for row in rows:
        assert row["link"].startswith("https://change.example/chat/enter/")
        client = create_app(application).test_client()
        entered = client.get(urlsplit(row["link"]).path, base_url="https://change.example")
        assert entered.location == f"/chat/{row['id']}"
    application.close()


def test_links_are_for_the_eyes_of_who_wrote_them(production: Path) -> None:
    run("links", production)
    assert stat.S_IMODE(production.stat().st_mode) == 0o600


def test_links_leave_a_file_alone_that_is_there(production: Path) -> None:
    production.write_text("mine")
    result = run("links", production)
    assert isinstance(result.exception, InputError)
    assert "exists already" in str(result.exception)
    assert production.read_text() == "mine"


def test_links_name_the_file_when_it_can_not_be_written(production: Path) -> None:
    result = run("links", production / "none" / "links.csv")
    assert isinstance(result.exception, InputError)
    assert "can't be written" in str(result.exception)


@pytest.mark.usefixtures("url")
def test_links_ask_for_the_staff_file_first(tmp_path: Path) -> None:
    result = run("links", tmp_path / "links.csv")
    assert isinstance(result.exception, StateError)
    assert "people import" in str(result.exception)
    assert not (tmp_path / "links.csv").exists()


@pytest.mark.usefixtures("url")
def test_coverage_shows_teams_without_anybody_first() -> None:
    staff = "id,name,team,agent_for,champion\nP1,Ada,Permits,Permits,no\nP2,Bo,Registry,,\n"
    staff += "P3,Cy,IT,,yes\n"
    Path("staff.csv").write_text(staff, encoding="utf-8")
    assert run("import", "staff.csv").exit_code == 0
    shown = run("coverage").output
    assert shown.index("Registry") < shown.index("IT") < shown.index("Permits")
    assert "not shown" in shown
