"""The rules of ARCHITECTURE.md hold, and each of them notices when it is broken."""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "campaigns", "sentiment")
LINT = Path(sys.executable).with_name("lint-imports")

# contract → (file, line that breaks it)
BREAKS = [
    ("packages", "sentiment/labels.py", "import campaigns.errors"),
    ("packages", "campaigns/errors.py", "import bot.settings"),
    ("layers", "campaigns/storage/directory.py", "import campaigns.flows.enrolling"),
    ("layers", "campaigns/domain/people.py", "import campaigns.storage.database"),
    ("domain", "campaigns/domain/people.py", "import logging"),
    ("domain", "campaigns/domain/people.py", "import random"),
    ("domain", "campaigns/domain/people.py", "import sqlalchemy"),
    ("torch", "bot/settings.py", "import torch"),
    ("torch", "sentiment/labels.py", "from transformers import AutoModel"),
    ("chats", "bot/web/__init__.py", "import slack_bolt"),
    ("chats", "bot/web/__init__.py", "import bot.slack.blocks"),
    ("answers", "campaigns/flows/enrolling.py", "import campaigns.storage.answers"),
    ("answers", "campaigns/storage/directory.py", "import campaigns.storage.answers"),
    ("answers", "campaigns/flows/retention.py", "import campaigns.storage.answers"),
    ("answers", "campaigns/flows/consenting.py", "import campaigns.storage.answers"),
    ("answers", "bot/commands/released.py", "import campaigns.storage.answers"),
    ("answers", "bot/web/copies.py", "import campaigns.storage.answers"),
    ("questions", "campaigns/flows/reporting.py", "import campaigns.storage.questions"),
    ("questions", "bot/web/dashboard.py", "import campaigns.storage.questions"),
    ("tables", "campaigns/flows/enrolling.py", "from campaigns.storage.tables import people"),
    ("wiring", "bot/settings.py", "import bot.web.messenger"),
    ("wiring", "bot/conversation.py", "import bot.slack.messenger"),
]


def contracts() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The Python files of the three packages, to be broken."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            target = tmp_path / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def test_every_contract_has_a_line_that_breaks_it() -> None:
    assert contracts() == {contract for contract, _, _ in BREAKS}


def test_contracts_are_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "file", "line"), BREAKS)
def test_contract_notices_when_it_is_broken(
    copy: Path, contract: str, file: str, line: str
) -> None:
    target = copy / file
    target.write_text(f"{target.read_text()}\n\n{line}\n")
    result = lint(copy, "--contract", contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "1 broken" in result.stdout
    assert file.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in result.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_import_of_a_package_loads_no_model_library(package: str) -> None:
    heavy = "{'torch', 'transformers', 'peft', 'tokenizers'}"
    script = f"import sys, {package}; print(sorted({heavy} & set(sys.modules)))"
    assert _python(script) == "[]"


def test_command_line_loads_nothing_heavy_until_it_is_needed() -> None:
    heavy = "{'torch', 'transformers', 'flask', 'dramatiq', 'pyarrow', 'sqlalchemy', 'alembic'}"
    script = f"import sys, bot.__main__; print(sorted({heavy} & set(sys.modules)))"
    assert _python(script) == "[]"


def _python(script: str) -> str:
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _trees(*folders: str) -> Iterator[tuple[Path, ast.AST]]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


def test_no_clock_is_read_where_now_is_an_argument() -> None:
    read = [
        f"{file}:{node.lineno}"
        for file, tree in _trees("campaigns/domain", "campaigns/flows", "campaigns/storage")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "utcnow", "today")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    ]
    assert not read, "\n".join(read)


def test_sql_is_written_in_storage_only() -> None:
    # A flow holds a connection and never looks into it; a page may know that the database is gone.
    allowed = {"Connection"}
    written = [
        f"{file}:{node.lineno}"
        for file, tree in _trees("bot", "campaigns/flows", "campaigns/engine")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").partition(".")[0] == "sqlalchemy"
        and node.module != "sqlalchemy.exc"
        and not {alias.name for alias in node.names} <= allowed
    ]
    assert not written, "\n".join(written)


def test_no_file_is_named_after_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    assert [str(file) for file, _ in _trees(*PACKAGES, "tests") if file.stem in empty] == []


def test_files_and_functions_stay_short() -> None:
    long = []
    for file, tree in _trees(*PACKAGES):
        if file.parts[:3] == ("campaigns", "migrations", "versions"):
            continue  # written by Alembic, frozen once released
        n_lines = len((ROOT / file).read_text(encoding="utf-8").splitlines())
        if n_lines >= 300:
            long.append(f"{file}: {n_lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (n := _length(node)) >= 40:
                long.append(f"{file}:{node.lineno} {node.name}: {n} lines")
    assert not long, "\n".join(long)


def _length(function: ast.FunctionDef) -> int:
    """Lines without the docstring."""
    documented = ast.get_docstring(function) is not None
    first = function.body[1] if documented and len(function.body) > 1 else function.body[0]
    assert function.end_lineno is not None
    return function.end_lineno - (first.lineno if documented else function.lineno) + 1


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    silent = []
    for file, tree in _trees(*PACKAGES):
        if not isinstance(tree, ast.Module) or not tree.body:
            continue
        if not ast.get_docstring(tree):
            silent.append(str(file))
        silent += [
            f"{file}:{node.lineno} {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert not silent, "\n".join(silent)


def test_no_function_is_written_twice() -> None:
    seen: dict[str, str] = {}
    twice = []
    for file, tree in _trees(*PACKAGES, "tests"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef) or _length(node) < 6:
                continue
            start = 1 if ast.get_docstring(node) else 0
            body = "\n".join(ast.dump(statement) for statement in node.body[start:])
            place = f"{file}:{node.lineno} {node.name}"
            if (first := seen.setdefault(body, place)) != place:
                twice.append(f"{first} = {place}")
    assert not twice, "\n".join(twice)


def test_commands_open_the_database_in_one_place() -> None:
    # Elsewhere, what goes into the audit log would be sealed without the key.
    opened = [
        f"{file}:{node.lineno}"
        for file, tree in _trees("bot")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Database"
        and file.name != "databases.py"
    ]
    assert not opened, "\n".join(opened)
