"""`bellwether serve` as an operator starts it: a process of its own that is stopped by a signal."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import PLACEHOLDER
from campaigns.storage.schema import migrate
from campaigns.storage.vault import new_key

GOOD = {
    "BELLWETHER_ENVIRONMENT": "production",
    "BELLWETHER_SECRET_KEY": "s" * 40,
    "BELLWETHER_DATA_KEYS": new_key(),
    "BELLWETHER_CONSOLE_PASSWORD": "p" * 20,
    "BELLWETHER_PORT": "0",
}


@pytest.fixture
def clean(tmp_path: Path) -> dict[str, str]:
    """The environment of a production whose database has its tables."""
    address = f"sqlite:///{tmp_path}/bellwether.db"
    migrate(address)
    kept = {name: value for name, value in os.environ.items() if "BELLWETHER" not in name}
    root = str(Path(__file__).parents[2])
    return {**kept, **GOOD, "BELLWETHER_DATABASE_URL": address, "PYTHONPATH": root}


def start(folder: Path, environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def server(tmp_path: Path, clean: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    process = start(tmp_path, clean)
    yield process
    process.kill()
    process.communicate()


def address(server: "subprocess.Popen[str]") -> str:
    assert server.stderr is not None
    said = next(line for line in server.stderr if "listens on" in line)
    return said.split()[-1]


@pytest.mark.slow
def test_serve_answers_until_a_signal_and_then_ends_in_order(
    server: "subprocess.Popen[str]",
) -> None:
    with urllib.request.urlopen(f"{address(server)}/health/ready", timeout=10) as response:
        assert json.load(response) == {"status": "ok"}
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0


def test_serve_refuses_production_while_a_secret_is_a_placeholder(
    tmp_path: Path, clean: dict[str, str]
) -> None:
    process = start(tmp_path, {**clean, "BELLWETHER_DATA_KEYS": PLACEHOLDER})
    _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "BELLWETHER_DATA_KEYS still a placeholder" in told
    assert "Traceback" not in told
    assert "listens on" not in told


def test_serve_asks_for_migrate_when_there_are_no_tables(
    tmp_path: Path, clean: dict[str, str]
) -> None:
    (tmp_path / "bellwether.db").unlink()
    process = start(tmp_path, clean)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "bellwether migrate" in told
