"""`bellwether model released` writes what may be labelled, for its owner alone, and what then."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import model
from campaigns.domain.messages import Action
from campaigns.errors import ConfigurationError, InputError, StateError
from campaigns.flows import consenting
from campaigns.storage import schema
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault, new_key
from sentiment.data import read_labelled
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from tests import scene as stage
from tests.fakes import FixedScorer
from tests.scene import Scene, definition, event, score, write

DOCS = Path(__file__).parents[2] / "docs"
LABELS = {"stance": "neutral", "sentiment": "neutral", "barrier": "none", "themes": []}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A database that the command will use, with a campaign that asks for words."""
    url, key = f"sqlite:///{tmp_path}/released.db", new_key()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", url)
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", key)
    monkeypatch.setattr(stage, "VAULT", Vault([key]))
    schema.migrate(url)
    database = Database(url)
    at = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
    yield Scene(database, at, definition(learn_from_words=True))
    database.close()


def let_go(scene: Scene, n_people: int) -> None:
    for number in range(n_people):
        pulse = write(scene, scene.person(f"P{number}"), f"Reason {chr(97 + number)} of ours.")
        tap = event(pulse, Action.RELEASE)
        assert consenting.decide(scene.database, tap, scene.now) is None
    score(scene, FixedScorer())


def run(out: Path) -> Result:
    return CliRunner().invoke(model.app, ["released", str(out)])


def test_released_writes_a_file_for_its_owner_alone_that_can_be_labelled(
    scene: Scene, tmp_path: Path
) -> None:
    let_go(scene, 12)
    result = run(tmp_path / "own.jsonl")
    assert result.exit_code == 0, result.exception
    assert "12 answers" in result.output
    assert "Delete" in result.output
    assert "taken back" in result.output
    assert "Reason" not in result.output
    out = tmp_path / "own.jsonl"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in found}) == 12
    for row in found:
        assert set(row) == {"id", "question", "text", "safeguarding", *LABELS}
        assert not any(row[label] for label in ("safeguarding", *LABELS))
    assert read_labelled(out) == ([], 12)


def test_file_is_read_once_it_is_filled_in(scene: Scene, tmp_path: Path) -> None:
    let_go(scene, 10)
    out = tmp_path / "own.jsonl"
    run(out)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    filled = [row | LABELS | {"safeguarding": False} for row in rows[:7]]
    out.write_text("\n".join(json.dumps(row) for row in [*filled, *rows[7:]]), encoding="utf-8")
    labelled, n_open = read_labelled(out)
    assert (len(labelled), n_open) == (7, 3)


@pytest.mark.parametrize("n_people", [0, 9])
def test_released_writes_nothing_and_tells_no_number_when_too_few_let_go(
    scene: Scene, tmp_path: Path, n_people: int
) -> None:
    let_go(scene, n_people)
    result = run(tmp_path / "own.jsonl")
    assert isinstance(result.exception, StateError)
    assert "10 at least" in str(result.exception)
    assert "9" not in str(result.exception)
    assert not (tmp_path / "own.jsonl").exists()


def test_released_never_writes_over_a_file(scene: Scene, tmp_path: Path) -> None:
    let_go(scene, 10)
    (tmp_path / "own.jsonl").write_text("labelled")
    assert isinstance(run(tmp_path / "own.jsonl").exception, InputError)
    assert (tmp_path / "own.jsonl").read_text() == "labelled"


def test_released_asks_for_migrate_when_there_are_no_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", new_key())
    assert isinstance(run(tmp_path / "own.jsonl").exception, ConfigurationError)


def test_docs_name_every_label_that_can_be_filled_in() -> None:
    text = (DOCS / "learning.md").read_text(encoding="utf-8")
    told = (*Stance, *Sentiment, *Barrier, *LABELS, "safeguarding")
    assert [label for label in told if f"`{label}`" not in text and f'"{label}"' not in text] == []
    rules = (DOCS / "campaign-files.md").read_text(encoding="utf-8").partition("### rules")[2]
    assert [theme for theme in Theme if theme not in rules] == []
