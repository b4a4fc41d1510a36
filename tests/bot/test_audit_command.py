"""`audit verify` and `audit export`: whole or where it breaks, and all of it as a file."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.commands import audit
from bot.databases import database_of
from bot.settings import Settings
from campaigns.domain.audit import Deed
from campaigns.flows import auditing
from campaigns.storage import schema
from campaigns.storage.database import Database
from campaigns.storage.vault import new_key


def run(*arguments: str) -> Result:
    return CliRunner().invoke(audit.app, arguments)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", f"sqlite:///{tmp_path}/bellwether.db")
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", new_key())
    schema.migrate(Settings.load().database_url)
    return database_of(Settings.load())


def test_verify_says_that_all_is_whole_and_gives_a_mark(here: Database, now: datetime) -> None:
    assert "no entry yet" in run("verify").output
    for _ in range(3):
        auditing.note(here, "console", Deed.SAW_DASHBOARD, now)
    told = run("verify")
    assert told.exit_code == 0
    assert "All 3 entries are as they were written." in told.output
    mark = told.output.split()[-1]
    auditing.note(here, "console", Deed.SAW_DASHBOARD, now)
    assert run("verify", "--noted", mark).exit_code == 0
    assert run("verify", "--noted", "3-0123456789abcdef").exit_code == 1


def test_verify_names_the_entry_that_was_touched(here: Database, now: datetime) -> None:
    for _ in range(3):
        auditing.note(here, "console", Deed.SAW_DASHBOARD, now)
    with here.write() as c:
        c.execute(text("DROP TRIGGER audit_no_delete"))
        c.execute(text("DELETE FROM audit WHERE number = 2"))
    told = run("verify")
    assert told.exit_code == 1
    assert "breaks at entry 2" in told.output


def test_export_writes_a_private_file(here: Database, now: datetime, tmp_path: Path) -> None:
    auditing.note(here, "console", Deed.SAW_DASHBOARD, now, "portal")
    assert "1 entries" in run("export", "log.csv").output
    file = tmp_path / "log.csv"
    assert file.stat().st_mode & 0o077 == 0
    assert "console,saw dashboard,portal" in file.read_text()
