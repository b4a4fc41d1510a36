"""`bellwether model rescore` tells what it will do and did, in numbers of all texts together."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands import model
from campaigns.errors import ConfigurationError
from campaigns.storage import schema
from campaigns.storage.database import Database
from campaigns.storage.tables import rescores, scores
from campaigns.storage.vault import Vault, new_key
from sentiment.card import read_card
from tests import scene as stage
from tests.fakes import FixedScorer
from tests.scene import FEAR, KNOWN, TRAINING, Scene, rows, score, write

VERSION = read_card().version


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A database that the command will use, in which twelve texts were scored by another model."""
    url, key = f"sqlite:///{tmp_path}/rescore.db", new_key()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", url)
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", key)
    monkeypatch.setattr(stage, "VAULT", Vault([key]))
    schema.migrate(url)
    database = Database(url)
    scene = Scene(database, datetime(2027, 1, 12, 9, 0, tzinfo=UTC))
    for i in range(12):
        write(scene, scene.person(f"P{i}"), (TRAINING, FEAR)[i % 2])
    score(scene, FixedScorer(KNOWN))
    yield scene
    database.close()


def run(*arguments: str) -> str:
    result = CliRunner().invoke(model.app, ["rescore", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_rescore_only_tells_when_it_is_a_dry_run(scene: Scene) -> None:
    told = run("--dry-run")
    assert "12 texts with a score: 12 by fixed-1." in told
    assert f"12 texts to be read by {VERSION}." in told
    assert "Nothing was changed." in told
    assert {row.model for row in rows(scene, scores)} == {"fixed-1"}
    assert rows(scene, rescores) == []


def test_rescore_reads_all_with_the_model_in_use_and_then_has_nothing_to_do(scene: Scene) -> None:
    told = run()
    assert re.search(
        rf"12 texts read anew by {re.escape(VERSION)}; \d+ % changed their stance\.", told
    )
    assert {row.model for row in rows(scene, scores)} == {VERSION}
    again = run()
    assert f"12 texts with a score: 12 by {VERSION}." in again
    assert f"All is read by {VERSION} already." in again
    assert "anew" not in again


def test_rescore_names_the_keys_when_no_text_can_be_opened(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", new_key())
    told = run()
    assert "The old score stays for 12 texts: no key in BELLWETHER_DATA_KEYS opens them" in told
    assert {row.model for row in rows(scene, scores)} == {"fixed-1"}


def test_rescore_asks_for_migrate_when_there_are_no_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", new_key())
    with pytest.raises(ConfigurationError, match="bellwether migrate"):
        run("--dry-run")
