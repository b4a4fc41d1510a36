"""What holds on every page: accessible in both modes, and no sideways scrolling on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.bot.web.stage import Stage

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
PAGES = [
    "/",
    "/chat",
    "/chat/P01",
    "/chat/P02",
    "/sign-in",
    "/dashboard/portal",
    "/dashboard/portal/questions",
    "/dashboard/portal/ledger",
    "/dashboard/portal/stakeholders",
    "/coverage",
    "/data-protection",
    "/data-protection/log?check=yes",
    "/chat/P01/held",
    "/chat/P01/results",
]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_no_page_breaks_an_accessibility_rule(open_page: Open, scheme: str, width: int) -> None:
    page = open_page("/", color_scheme=scheme, viewport={"width": width, "height": 900})
    origin = page.url.rstrip("/")
    for path in PAGES:
        page.goto(origin + path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert violations(page) == [], path


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_scrolls_sideways(open_page: Open, width: int) -> None:
    page = open_page("/", viewport={"width": width, "height": 800})
    origin = page.url.rstrip("/")
    for path in PAGES:
        page.goto(origin + path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, path


@pytest.mark.usefixtures("published")
def test_every_control_is_large_enough_to_hit(open_page: Open) -> None:
    page = open_page("/", viewport={"width": 360, "height": 800})
    origin = page.url.rstrip("/")
    for path in PAGES:
        page.goto(origin + path)
        small = page.evaluate(
            """() => [...document.querySelectorAll(`button, input:not([type=hidden]), select,
            textarea, nav a, a.button, a.door, summary`)].filter(one => {
              const box = one.getBoundingClientRect();
              return box.width > 0 && (box.width < 24 || box.height < 24);
            }).map(one => one.outerHTML.slice(0, 80))"""
        )
        assert small == [], path


@pytest.mark.usefixtures("published")
def test_dashboard_prints_without_the_navigation(open_page: Open) -> None:
    page = open_page("/dashboard/portal")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.usefixtures("published")
def test_charts_take_their_colours_from_the_page(open_page: Open) -> None:
    fills = set()
    for scheme in ("light", "dark"):
        page = open_page("/dashboard/portal", color_scheme=scheme)
        bar = page.locator(".stances.for-wide .serie-0 rect").first
        fills.add(bar.evaluate("bar => getComputedStyle(bar).fill"))
    assert len(fills) == 2
    assert "rgb(0, 0, 0)" not in fills


def test_dashboard_shows_a_new_alert_without_a_hand(published: Stage, open_page: Open) -> None:
    page = open_page("/dashboard/portal")
    published.raise_alert("Registry")
    expect(page.get_by_role("heading", name="Registry")).to_be_visible(timeout=10_000)
