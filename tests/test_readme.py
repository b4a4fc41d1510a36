"""What the README says is so: settings, dependencies, links, commands."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from campaigns.domain.staff_cells import COLUMNS

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "campaigns", "sentiment")
PAGES = sorted(file.name for file in ROOT.glob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings_table() -> str:
    """The rows of the table, as they have to stand in the README."""
    rows = []
    for name, field in Settings.model_fields.items():
        shown = _shown(field.get_default())
        rows.append(f"| `BELLWETHER_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def _shown(default: object) -> str:
    if default is None:
        return ""
    if isinstance(default, SecretStr):
        return "a placeholder" if default.get_secret_value() else ""
    return f"`{default:g}`" if isinstance(default, int | float) else f"`{default}`"


def test_settings_table_says_what_the_settings_are() -> None:
    table = f"| setting | default | what it does |\n|---|---|---|\n{settings_table()}\n"
    assert table in README, f"put this into README.md:\n{table}"


def test_every_runtime_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[\[<>=]", each)[0] for each in project["dependencies"]}
    section = README.partition("## Why each dependency")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| `([\w.-]+)` \| (.+) \|$", section, re.MULTILINE))
    assert set(told) == needed


def test_every_pin_is_exact_and_covers_the_dependencies() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert all(re.fullmatch(r"[\w.-]+==[\w.+]+", pin) for pin in pins)
    pinned = {_normal(pin.partition("==")[0]) for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {_normal(re.split(r"[\[<>=]", each)[0]) for each in wanted} <= pinned


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    missing = [
        link
        for link in links
        if not link.startswith(("http://", "https://", "#"))
        and not (ROOT / link.partition("#")[0]).exists()
    ]
    assert missing == []


def test_map_names_every_file() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = text.partition("## The map")[2].partition("\n## ")[0]
    words = set(re.findall(r"\w+", named))
    files = (file.relative_to(ROOT) for top in PACKAGES for file in (ROOT / top).rglob("*.py"))
    in_sum = {"commands", "demo", "migrations", "tables", "web"}
    missing = [
        str(file)
        for file in files
        if file.stem not in {*words, "__init__"} and in_sum.isdisjoint(file.parts)
    ]
    assert missing == []


def test_first_screen_has_the_two_commands_and_a_picture() -> None:
    screen = "\n".join(README.splitlines()[:30])
    assert "make demo" in screen
    assert "make test" in screen
    assert "![" in screen


def test_every_staff_column_is_explained() -> None:
    section = README.partition("### The staff file")[2].partition("\n## ")[0]
    assert all(f"`{column}`" in section for column in COLUMNS)


def test_every_command_that_is_named_exists() -> None:
    from typer.main import get_command

    from bot.__main__ import app

    known = get_command(app)
    text = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for words in re.findall(r"\bbellwether (?!bellwether)([a-z]+(?: [a-z]+)?)", text):
        first, _, second = words.partition(" ")
        command = known.commands.get(first)  # type: ignore[attr-defined]
        assert command is not None, words
        if hasattr(command, "commands") and second:
            assert second in command.commands, words


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)", text, re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }
