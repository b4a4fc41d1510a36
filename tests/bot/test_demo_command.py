"""`bellwether replay` takes any file of answers, and refuses what is none in a sentence."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.clocks import system_now
from campaigns.errors import BellwetherError, InputError
from campaigns.flows.reporting import overview
from campaigns.storage.database import Database

RUNNER = CliRunner()
QUESTION = "How do you like the new system?"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_PORT", "0")


def _file(*rows: object) -> Path:
    file = Path("answers.jsonl")
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def _rows(n_people: int) -> list[dict[str, object]]:
    """Everybody answers the same question in four weeks."""
    return [
        {"person": f"p{n}", "team": "Red" if n % 2 else "Blue", "at": f"2027-02-{day:02}T10:00:00Z",
         "question": QUESTION, "scale": 4}
        for day in (1, 8, 15, 22)
        for n in range(n_people)
    ]  # fmt: skip


def test_replay_takes_a_file_without_staff_or_campaign() -> None:
    result = RUNNER.invoke(app, ["replay", str(_file(*_rows(12))), "--leave"])
    assert result.exit_code == 0, result.output
    assert "48 lines were replayed, 0 found no open question" in re.sub(r"\s+", " ", result.output)
    report = overview(Database("sqlite:///var/replay.db"), "replay", system_now())
    assert report.reach.people == 12


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "no answers"),
        (b"not json", "line 1"),
        (b'{"person": "p1"}', "at"),
        (b"\xff\xfe\x00\x01", "line 1"),
    ],
)
def test_replay_refuses_what_is_no_file_of_answers(content: bytes, expected: str) -> None:
    Path("bad.jsonl").write_bytes(content)
    result = RUNNER.invoke(app, ["replay", "bad.jsonl", "--leave"])
    assert isinstance(result.exception, InputError)
    assert expected in str(result.exception)
    assert not Path("var").exists()


def test_replay_refuses_a_file_that_is_missing() -> None:
    result = RUNNER.invoke(app, ["replay", "nowhere.jsonl"])
    assert isinstance(result.exception, InputError)
    assert "nowhere.jsonl can't be read" in str(result.exception)


def test_replay_refuses_a_campaign_file_with_mistakes() -> None:
    Path("campaign.yaml").write_text("format: 1\ninitiative: []\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["replay", str(_file(*_rows(2))), "--campaign", "campaign.yaml"])
    assert isinstance(result.exception, BellwetherError)
    assert "line 2" in str(result.exception)
