"""Addresses that no page of ours leads to: a refusal or a page, on both databases, never a 500."""

from datetime import datetime

import pytest

from campaigns.storage.database import Database
from tests.bot.web.reading import csrf
from tests.bot.web.stage import PASSWORD, definition
from tests.bot.web.stage import stage as build

NUL, HALF = "%00", "%ed%a0%80"
ODD = [
    *(f"/dashboard/{odd}" for odd in (NUL, f"portal{NUL}", HALF, "x" * 5000)),
    *(f"/chat/{odd}" for odd in (NUL, f"P01{NUL}", HALF, "x" * 5000, "P01%0d%0aX-Y:1")),
    *(f"/chat?q={odd}" for odd in (NUL, f"a{NUL}b", HALF, "%5c", "x" * 5000)),
    *(f"/sign-in?next={odd}" for odd in ("http://[", "//%E2%84%80.example", NUL, HALF)),
    "/dashboard/portal/updates?mark=%00&seen=%00",
    "/static/..%2f..%2fsettings.py",
    f"/static/{NUL}",
]


@pytest.mark.parametrize("path", ODD)
def test_odd_address_breaks_no_page(database: Database, now: datetime, path: str) -> None:
    stage = build(database, now)
    stage.launch(definition())
    assert stage.app().test_client().get(path).status_code in (200, 204, 404)


@pytest.mark.parametrize("wanted", ["http://[", "//℀.example", "//other.example", "\\\\other"])
def test_sign_in_leads_to_the_dashboard_from_an_address_that_is_none(
    sqlite_database: Database, now: datetime, wanted: str
) -> None:
    client = build(sqlite_database, now).app().test_client()
    token = csrf(client.get("/sign-in").text)
    data = {"csrf_token": token, "password": PASSWORD, "next": wanted}
    assert client.post("/sign-in", data=data).headers["Location"] == "/dashboard"


def test_no_redirect_repeats_the_host_that_was_asked_for(
    sqlite_database: Database, now: datetime
) -> None:
    client = build(sqlite_database, now).app().test_client()
    response = client.get("/static//page.css", headers={"Host": "other.example"})
    assert "other.example" not in response.headers.get("Location", "")
