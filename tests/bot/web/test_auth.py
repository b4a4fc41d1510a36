"""The dashboard's password: right, wrong, too often, too old, and in a demo not asked for."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from tests.bot.web.reading import csrf
from tests.bot.web.stage import PASSWORD, Stage

SECURE = "https://change.example"


@pytest.fixture
def closed(stage: Stage) -> Stage:
    """In production the dashboard asks for the password."""
    return change(stage, environment="production", public_url=SECURE)


def change(stage: Stage, **settings: Any) -> Stage:
    stage.settings = stage.settings.model_copy(update=settings)
    return stage


def sign_in(client: FlaskClient, password: str, wanted: str = "") -> TestResponse:
    token = csrf(client.get("/sign-in", base_url=SECURE).text)
    data = {"csrf_token": token, "password": password, "next": wanted}
    headers = {"Referer": f"{SECURE}/sign-in"}
    return client.post("/sign-in", data=data, headers=headers, base_url=SECURE)


def is_open(client: FlaskClient) -> bool:
    return client.get("/dashboard", base_url=SECURE).status_code == 200


def test_a_demo_dashboard_is_open(client: FlaskClient) -> None:
    assert client.get("/dashboard").status_code == 200


@pytest.mark.parametrize("page", ["/dashboard/portal", "/dashboard/portal/stakeholders"])
def test_dashboard_asks_for_the_password_first(closed: Stage, page: str) -> None:
    response = closed.app().test_client().get(page, base_url=SECURE)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/sign-in?next={page}"


def test_right_password_opens_for_eight_hours(closed: Stage) -> None:
    client = closed.app().test_client()
    assert sign_in(client, PASSWORD, "/dashboard/portal").headers["Location"] == "/dashboard/portal"
    assert is_open(client)
    closed.now.move(hours=7, minutes=59)
    assert is_open(client)
    closed.now.move(minutes=1)
    assert not is_open(client)


@pytest.mark.parametrize("wrong", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "ä", "x" * 9999])
def test_wrong_password_opens_nothing_and_is_not_repeated(closed: Stage, wrong: str) -> None:
    client = closed.app().test_client()
    response = sign_in(client, wrong)
    assert response.status_code == 401
    assert "not right" in response.text
    assert len(wrong) < 6 or wrong not in response.text
    assert not is_open(client)


def test_sixth_wrong_try_in_a_minute_is_refused(closed: Stage) -> None:
    client = closed.app().test_client()
    assert [sign_in(client, "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert sign_in(client, PASSWORD).status_code == 429
    closed.now.move(seconds=61)
    assert sign_in(client, PASSWORD).status_code == 303


def test_a_new_password_ends_every_session(closed: Stage) -> None:
    client = closed.app().test_client()
    sign_in(client, PASSWORD)
    change(closed, console_password=SecretStr("another long password"))
    assert not is_open(client)


def test_signing_out_ends_the_session(closed: Stage) -> None:
    client = closed.app().test_client()
    sign_in(client, PASSWORD)
    token = csrf(client.get("/dashboard", base_url=SECURE).text)
    headers = {"Referer": f"{SECURE}/dashboard"}
    client.post("/sign-out", data={"csrf_token": token}, headers=headers, base_url=SECURE)
    assert not is_open(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example/dashboard",
        "/\\evil.example",
        "/chat",
        "http:/x",
        "x",
    ],
)
def test_sign_in_leads_nowhere_else(closed: Stage, elsewhere: str) -> None:
    assert sign_in(closed.app().test_client(), PASSWORD, elsewhere).location == "/dashboard"


def test_a_forged_session_opens_nothing(closed: Stage) -> None:
    client = closed.app().test_client()
    client.set_cookie(
        "bellwether", "eyJjb25zb2xlX3VudGlsIjo5OTk5OTk5OTk5fQ.x.y", domain="change.example"
    )
    assert not is_open(client)
