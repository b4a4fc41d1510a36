"""`bellwether people sync slack` tells what it did by ids, and changes nothing in a dry run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import people
from bot.slack import directory
from campaigns.errors import ConfigurationError, InputError, PlatformClosedError, StateError
from campaigns.flows.enrolling import import_people
from campaigns.storage import accounts, schema
from campaigns.storage.database import Database
from tests.slack_server import Member, SlackServer

STAFF = "id,name,team,email\nP1,Ada,Agency,ada@agency.example\nP2,Bea,Agency,bea@agency.example\n"
PEOPLE = [
    Member("U1", "Ada Lovelace", "Ada@agency.example"),
    Member("U2", "Bea", "bea@agency.example"),
    Member("U3", "Twin", "BEA@agency.example"),
    Member("U4", "Gone", deleted=True),
    Member("U5", "Guest", is_restricted=True),
    Member("U6", "Eve", "eve@agency.example"),
]


@pytest.fixture
def slack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    """A workspace, and a database with two people, both of which the commands will use."""
    url = f"sqlite:///{tmp_path}/people.db"
    schema.migrate(url)
    database = Database(url)
    import_people(database, STAFF)
    database.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "120")
    with SlackServer(PEOPLE, groups={"Phones": ["U6"]}) as server:
        monkeypatch.setenv("BELLWETHER_SLACK_BOT_TOKEN", server.tokens.bot)
        monkeypatch.setenv("BELLWETHER_SLACK_API_URL", server.api_url)
        yield server


def run(*arguments: str) -> Result:
    return CliRunner().invoke(people.app, ["sync", "slack", *arguments])


def n_reached(tmp_path: Path) -> int:
    database = Database(f"sqlite:///{tmp_path}/people.db")
    with database.read() as connection:
        found = accounts.n_reached(connection)
    database.close()
    return found


def row(result: Result, label: str) -> list[str]:
    """The cells of the table's row with that label."""
    [line] = [line for line in result.output.splitlines() if label in line]
    return [cell.strip() for cell in line.strip("│ ").split("│")]


@pytest.mark.usefixtures("slack")
def test_sync_tells_counts_and_ids_and_no_names(tmp_path: Path) -> None:
    result = run()
    assert result.exit_code == 0, result.exception
    assert row(result, "with a new account")[1:] == ["1", "P1"]
    assert row(result, "not theirs alone")[1:] == ["2", "U2; U3"]
    assert row(result, "not in the staff directory")[1:] == ["1", "U6"]
    assert "Left out: 2 a bot, 1 a guest, 1 deactivated." in result.output
    assert not any(name in result.output for name in ("Lovelace", "@agency", "xoxb"))
    assert n_reached(tmp_path) == 1
    assert "Nothing to change: 1 people are as Slack says" in run().output


@pytest.mark.usefixtures("slack")
def test_sync_changes_nothing_when_it_is_a_dry_run(tmp_path: Path) -> None:
    result = run("--dry-run", "--team-group", "phones")
    assert "What would change (nothing was changed)" in result.output
    assert row(result, "people added")[1:] == ["1", "slack:U6"]
    assert row(result, "teams added")[1:] == ["1", "Phones"]
    assert n_reached(tmp_path) == 0


@pytest.mark.usefixtures("slack")
def test_sync_adds_the_members_of_a_group_when_it_is_a_team(tmp_path: Path) -> None:
    assert row(run("--team-group", "@phones"), "people added")[1:] == ["1", "slack:U6"]
    assert n_reached(tmp_path) == 2


def test_sync_names_the_groups_there_are_when_one_is_not(slack: SlackServer) -> None:
    result = run("--role-group", "fones")
    assert isinstance(result.exception, InputError)
    assert "known: phones" in str(result.exception)
    assert not slack.calls("users.list")


@pytest.mark.usefixtures("slack")
def test_sync_asks_for_a_token_when_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELLWETHER_SLACK_BOT_TOKEN", "")
    result = run()
    assert isinstance(result.exception, ConfigurationError)
    assert "BELLWETHER_SLACK_BOT_TOKEN" in str(result.exception)


def test_nothing_is_changed_when_slack_breaks_off_half_way(
    slack: SlackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PAGE", 4)
    slack.faults.add("users.list", "slow", 1, seconds=0)  # the first page comes
    slack.faults.add("users.list", "token_revoked")
    result = run()
    assert isinstance(result.exception, PlatformClosedError)
    assert n_reached(tmp_path) == 0


def test_sync_refuses_when_most_would_lose_their_account(
    slack: SlackServer, tmp_path: Path
) -> None:
    run()
    slack.workspace.directory.change("U1", deleted=True)
    assert isinstance(run().exception, StateError)
    assert n_reached(tmp_path) == 1
    assert "will refuse" in run("--dry-run").output
    assert run("--allow-mass-leave").exit_code == 0
    assert n_reached(tmp_path) == 0


def test_sync_hints_at_the_scope_when_slack_shows_no_address(slack: SlackServer) -> None:
    for member in PEOPLE:
        slack.workspace.directory.change(member.id, email=None)
    assert "users:read.email" in run().output
