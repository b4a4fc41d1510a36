"""The list of staff to chat as: search, pages, and nobody to find in production."""

import pytest
from flask.testing import FlaskClient

from bot.web import staff
from tests.bot.web.reading import plain
from tests.bot.web.stage import Stage


def test_list_shows_everybody_by_team(client: FlaskClient) -> None:
    text = plain(client.get("/chat").text)
    assert "15 members of staff." in text
    assert text.index("Permits North") < text.index("Registry")
    assert "Ada Ångström" in text


def test_search_finds_by_name_team_and_role(client: FlaskClient) -> None:
    assert "/chat/P01" in client.get("/chat?q=ada").text
    assert "/chat/P01" in client.get("/chat?q=registry+clerk").text
    assert "/chat/P01" not in client.get("/chat?q=north").text
    assert "/chat/P03" in client.get("/chat?q=inspector").text


def test_search_takes_wildcards_literally(client: FlaskClient) -> None:
    found = client.get("/chat", query_string={"q": "100%"}).text
    assert "/chat/P03" in found
    assert "/chat/P01" not in found
    assert "Nobody fits" in client.get("/chat", query_string={"q": "_da"}).text


def test_search_escapes_what_was_asked(client: FlaskClient) -> None:
    html = client.get("/chat", query_string={"q": "<b>x</b>"}).text
    assert "<b>x</b>" not in html


def test_search_as_you_type_gets_the_list_alone(client: FlaskClient) -> None:
    html = client.get("/chat?q=ada", headers={"HX-Request": "true"}).text
    assert html.startswith('<div id="staff-list">')


def test_pages_cover_everybody_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "PAGE_SIZE", 6)
    client = stage.app().test_client()
    pages = [client.get(f"/chat?page={n}").text for n in (1, 2, 3)]
    found = [n for page in pages for n in range(1, 16) if f"/chat/P{n:02}" in page]
    assert sorted(found) == list(range(1, 16))
    assert 'rel="next"' in pages[1]
    assert 'rel="next"' not in pages[2]


def test_list_does_not_exist_in_production(stage: Stage) -> None:
    stage.settings = stage.settings.model_copy(update={"environment": "production"})
    assert stage.app().test_client().get("/chat").status_code == 404
