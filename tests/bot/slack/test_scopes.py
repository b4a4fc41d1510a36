"""The manifest asks for what the code needs and no more, and the README explains each right."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from slack_sdk import WebClient

from bot.slack.scopes import APP_SCOPES, BOT_SCOPES, EVENTS, METHODS, OPTIONAL_SCOPES
from bot.slack.staff_events import KINDS

ROOT = Path(__file__).parents[3]
_METHOD = re.compile(r"[a-z]+(\.[a-zA-Z]+)+")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    text = (ROOT / "slack-manifest.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)
    return found


def called() -> set[str]:
    """Every method of the Web API that a line of the program names."""
    files = [file for file in (ROOT / "bot").rglob("*.py") if file.name != "scopes.py"]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    names = {_name(node) for node in nodes}
    methods = {n for n in names if re.fullmatch(r"[a-z]+_\w+", n) and hasattr(WebClient, n)}
    return {name.replace("_", ".") for name in methods - {"api_call"}}


def test_messages_are_posted_and_edited_by_the_messenger_alone() -> None:
    """Whoever uses it takes a slot in the lane first; the tests of each see to that."""
    texts = {file: file.read_text(encoding="utf-8") for file in (ROOT / "bot").rglob("*.py")}
    by = [file.name for file, text in texts.items() if re.search(r"\.chat_[a-z]", text)]
    assert by == ["messenger.py"]
    users = {file.name for file, text in texts.items() if "SlackMessenger(" in text}
    assert users == {"doctor.py", "wiring.py"}


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr
    text = node.value if isinstance(node, ast.Constant) else ""
    return text.replace(".", "_") if isinstance(text, str) and _METHOD.fullmatch(text) else ""


def test_manifest_asks_for_exactly_the_scopes_that_are_explained(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"] == {
        "bot": sorted(BOT_SCOPES | OPTIONAL_SCOPES),
        "bot_optional": list(OPTIONAL_SCOPES),
    }


def test_every_method_that_is_called_has_its_scope() -> None:
    assert called() == set(METHODS)


def test_every_scope_serves_a_method_an_event_or_the_command(manifest: dict[str, Any]) -> None:
    # Without users:read.email, users.list leaves out the addresses that people are joined by.
    used = {"commands", "users:read.email"} | set(METHODS.values()) | set(EVENTS.values())
    assert manifest["features"]["slash_commands"]
    assert used - {""} == set(BOT_SCOPES | OPTIONAL_SCOPES | APP_SCOPES)


def test_manifest_subscribes_to_the_events_that_are_worked_off(manifest: dict[str, Any]) -> None:
    wanted = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert wanted == list(EVENTS)
    assert set(KINDS) == set(EVENTS) - {"app_home_opened"}


def test_manifest_switches_on_what_the_app_lives_on(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["socket_mode_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["features"]["app_home"]["home_tab_enabled"]
    [command] = manifest["features"]["slash_commands"]
    assert command["command"] == "/bellwether"


def test_manifest_keeps_to_the_lengths_that_slack_takes(manifest: dict[str, Any]) -> None:
    display = manifest["display_information"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80


def test_readme_explains_every_scope() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for scope, why in (BOT_SCOPES | OPTIONAL_SCOPES | APP_SCOPES).items():
        assert f"| `{scope}` | {why} |" in readme
