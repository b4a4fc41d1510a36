"""A real browser on real pages: the system's Chromium, waitress on a free port."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.serving import WebServer
from campaigns.storage import directory
from campaigns.storage.database import Database
from tests.bot.web.stage import Stage, definition, released
from tests.bot.web.stage import stage as build

ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one these tests are skipped, but never unnoticed in CI."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        reason = "There is no Chromium: install it (apt-get install chromium) to run these tests."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def stage(sqlite_database: Database, now: datetime) -> Stage:
    """A demo in which everybody has the vision message and the pulse."""
    built = build(sqlite_database, now)
    built.launch(definition())
    return built


@pytest.fixture
def published(stage: Stage) -> Stage:
    """The same with two closed periods, an alert and a change agent."""
    with stage.database.write() as c:
        teams = {team.name: team.id for team in directory.tree(c).teams.values()}
        agent = directory.person_by_external_id(c, "P03")
        directory.replace_agents(c, [(teams["Permits"], agent.id)])
    whole = released(
        "SOME", "MANY", shares=[25, 20, 15, 40, 20, 30], rate="MOST", barrier="ability"
    )
    north = released("HALF", themes=["workload", "tools"])
    some = released("SOME", "FEW")
    stage.publish(
        {"Agency": released("LOW", "MANY", shares=[10, 15, 35, 40, 10, 15]), "Registry": some},
        {"Agency": whole, "Permits": released("MUCH"), "Permits North": north},
    )
    stage.raise_alert("Permits North")
    return stage


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    """Where the pages are served."""
    server = WebServer(stage.app(), "127.0.0.1", 0)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.fixture
def complaints() -> list[str]:
    """Script errors and broken policies so far; a test that means one takes it out."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, address: str, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    """Opens a path in a context of its own; a script error or a broken policy fails the test."""
    contexts: list[BrowserContext] = []

    def opened(path: str, **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: complaints.append(line.text) if line.type == "error" else None,
        )
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
