"""Alive is not ready: the second also needs the database, with its tables."""

from pathlib import Path

from flask.testing import FlaskClient

from campaigns.storage.database import Database
from campaigns.storage.schema import upgrade
from tests.bot.web.stage import Stage


def test_live_answers_whatever_else_is_wrong(stage: Stage, client: FlaskClient) -> None:
    stage.database = Database("sqlite:////nowhere/at/all.db")
    assert client.get("/health/live").json == {"status": "ok"}


def test_ready_names_missing_migrations(client: FlaskClient) -> None:
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "failing": "migrations"}


def test_ready_names_an_unreachable_database(stage: Stage, client: FlaskClient) -> None:
    stage.database = Database("sqlite:////nowhere/at/all.db")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "failing": "database"}


def test_ready_says_ok_when_migrated(stage: Stage, client: FlaskClient, tmp_path: Path) -> None:
    stage.database = Database(f"sqlite:///{tmp_path}/ready.db")
    upgrade(stage.database)
    assert client.get("/health/ready").json == {"status": "ok"}
    stage.database.close()


def test_ready_names_what_keeps_a_chat_from_working(
    stage: Stage, client: FlaskClient, tmp_path: Path
) -> None:
    stage.database = Database(f"sqlite:///{tmp_path}/ready.db")
    upgrade(stage.database)
    stage.trouble = "slack socket: not connected"
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "failing": "slack socket: not connected"}
    assert client.get("/health/live").status_code == 200
    stage.database.close()
