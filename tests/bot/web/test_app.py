"""What holds on every page: headers, refusals, and no inline script or style."""

import logging
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.web import start
from tests.bot.web.reading import csrf, plain
from tests.bot.web.stage import Stage

PAGES = ["/", "/chat", "/chat?q=zzz", "/chat/P01", "/sign-in", "/dashboard", "/nope"]
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("path", [*PAGES, "/health/live", "/static/page.css"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_inline_script_or_style(client: FlaskClient, path: str) -> None:
    html = client.get(path, follow_redirects=True).text
    assert not INLINE.search(html), INLINE.search(html)
    assert "https://" not in html.replace("https://example.org/portal", "")


def test_static_files_are_found_by_their_hash(client: FlaskClient) -> None:
    html = client.get("/").text
    for address in set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html)):
        assert "?v=" in address
        with client.get(address) as response:
            assert response.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("get", "/nope", 404),
        ("get", "/chat/P99", 404),
        ("get", "/dashboard/unknown", 404),
        ("post", "/", 405),
        ("post", "/chat/P01", 400),
        ("get", "/chat?page=0", 400),
        ("get", "/chat?page=zz", 400),
        ("get", "/chat/enter/zz", 400),
        ("get", "/%E0%A4%A", 404),
        ("get", "/static/../app.py", 404),
    ],
)
def test_refusals_are_friendly(client: FlaskClient, method: str, path: str, code: int) -> None:
    response = getattr(client, method)(path)
    assert response.status_code == code
    text = plain(response.text)
    assert f"Error {code}" in text
    assert "Traceback" not in text
    assert "Go to the start page" in text


def test_a_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    token = csrf(client.get("/sign-in").text)
    response = client.post("/sign-in", data={"csrf_token": token, "password": "x" * 70_000})
    assert response.status_code == 413
    assert "Error 413" in response.text


def test_an_unforeseen_error_shows_and_logs_no_detail(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    app = stage.app()

    def broken(**_: Any) -> str:
        raise ZeroDivisionError("private words")

    app.view_functions["start.start"] = broken
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert "private" not in response.text + caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_start_page_explains_the_demo_and_its_date(client: FlaskClient) -> None:
    text = plain(client.get("/").text)
    assert "Tuesday 12 January 2027" in text
    assert "demonstration" in text


def test_start_page_is_silent_about_a_demo_otherwise(stage: Stage) -> None:
    stage.settings = stage.settings.model_copy(update={"environment": "production"})
    text = plain(stage.app().test_client().get("/").text)
    assert "demonstration" not in text
    assert "Choose a person" not in text


def test_no_page_says_anonymous(client: FlaskClient) -> None:
    assert "anonym" not in client.get("/").text.lower()
    assert start.pages.name == "start"
