"""`migrate`, `doctor` and `secrets` say what is so, and how to mend what is not."""

import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.commands import service
from bot.settings import Settings
from campaigns.storage import schema
from campaigns.storage.database import Database
from campaigns.storage.vault import new_key

app = typer.Typer()
app.command()(service.migrate)
app.command()(service.doctor)
app.command(name="secrets")(service.secrets)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(autouse=True)
def _ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", f"sqlite:///{tmp_path}/var/bellwether.db")
    monkeypatch.setenv("BELLWETHER_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", new_key())
    monkeypatch.setenv("BELLWETHER_CONSOLE_PASSWORD", "p" * 20)
    monkeypatch.setenv("BELLWETHER_PORT", str(free_port()))


def test_migrate_makes_the_database_and_says_when_it_was_there() -> None:
    assert "is ready (step" in run("migrate").output
    assert "ready already" in run("migrate").output


def test_doctor_is_content_when_all_is_set_up() -> None:
    run("migrate")
    result = run("doctor", "--quick")
    assert result.exit_code == 0, result.output
    assert "All is well." in result.output
    assert "nobody yet: `bellwether people import FILE`" in result.output


def test_doctor_asks_for_migrate_when_there_is_no_database(tmp_path: Path) -> None:
    result = run("doctor", "--quick")
    assert result.exit_code == 1
    assert "WRONG Database: The database has no tables yet: run `bellwether migrate`" in (
        result.output
    )
    assert not (tmp_path / "var").exists()


def test_doctor_finds_each_thing_that_is_wrong_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run("migrate")
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", "not-a-key")
    monkeypatch.setenv("BELLWETHER_CONSOLE_PASSWORD", "change-me")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken.settimeout(0)
        monkeypatch.setenv("BELLWETHER_PORT", str(taken.getsockname()[1]))
        monkeypatch.setattr(service, "_ANSWER_SECONDS", 0.2)
        result = run("doctor", "--quick")
    assert result.exit_code == 1
    assert "3 of 7 need mending" in result.output
    assert "BELLWETHER_CONSOLE_PASSWORD not set: `bellwether secrets`" in result.output
    assert "WRONG Data keys: BELLWETHER_DATA_KEYS must be" in result.output
    assert "set BELLWETHER_PORT to a free one" in result.output
    assert "not-a-key" not in result.output


def test_doctor_names_the_setting_when_it_can_not_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BELLWETHER_PORT", "many")
    result = run("doctor", "--quick")
    assert result.exit_code == 1
    assert "WRONG Settings: BELLWETHER_PORT" in result.output


def test_doctor_says_what_to_restore_when_the_model_folder_is_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("migrate")
    (tmp_path / "model").mkdir()
    monkeypatch.setenv("BELLWETHER_MODEL", str(tmp_path / "model"))
    result = run("doctor")
    assert result.exit_code == 1
    assert "WRONG Model: " in result.output
    assert "Traceback" not in result.output


def test_doctor_reads_a_sentence_with_the_model_that_comes_along() -> None:
    run("migrate")
    result = run("doctor")
    assert "ok   Model: " in result.output
    assert result.exit_code == 0, result.output


def test_doctor_notices_when_the_tables_are_of_another_version() -> None:
    run("migrate")
    database = Database(Settings.load().database_url)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Exception, match="newer version"):
        schema.require_current(database)
    database.close()
    assert "newer version" in run("doctor", "--quick").output


def test_secrets_are_fresh_and_good_enough_for_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = run("secrets").output, run("secrets").output
    lines = dict(line.split("=", 1) for line in first.splitlines())
    assert not set(lines.values()) & {line.split("=", 1)[1] for line in second.splitlines()}
    for name, value in lines.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BELLWETHER_ENVIRONMENT", "production")
    assert Settings.load().secret_key.get_secret_value() == lines["BELLWETHER_SECRET_KEY"]


def test_secrets_are_read_from_the_file_they_are_put_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SECRET_KEY", "DATA_KEYS", "CONSOLE_PASSWORD"):
        monkeypatch.delenv(f"BELLWETHER_{name}")
    (tmp_path / ".env").write_text(run("secrets").output)
    run("migrate")
    assert "ok   Settings: for development, no placeholder left" in run("doctor", "--quick").output
