"""A person saves their copy and deletes their data; nobody else can, and an address runs out."""

import json
import time
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bot.web.auth import copy_link
from campaigns.domain.messages import Action, Event, Tap
from campaigns.flows import auditing
from campaigns.storage.tables import answers
from tests.bot.web.reading import buttons, csrf, plain, press
from tests.bot.web.stage import SECRET, Stage

WORDS = "Marmalade for everybody"


def n_answers(stage: Stage) -> int:
    with stage.database.read() as c:
        return c.execute(select(func.count()).select_from(answers)).scalar_one()


@pytest.fixture
def written(running: Stage, client: FlaskClient) -> Stage:
    """P01 has answered in all three ways."""
    press(client, "P01", "5")
    press(client, "P01", "No time")
    press(client, "P01", "Send", text=WORDS)
    assert n_answers(running) == 3
    return running


@pytest.mark.usefixtures("written")
def test_copy_is_a_file_from_ones_own_chat(client: FlaskClient) -> None:
    assert 'href="/chat/P01/copy"' in client.get("/chat/P01/held").text
    response = client.get("/chat/P01/copy")
    assert 'attachment; filename="my-data.json"' in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    assert [one["answer"] for one in json.loads(response.text)["answers"]] == [5, "time", WORDS]
    assert WORDS not in client.get("/chat/P02/copy").text


def test_copy_opens_for_nobody_else_in_production(written: Stage) -> None:
    written.settings.environment = "production"
    assert written.app().test_client().get("/chat/P01/copy").status_code == 403


def test_address_shows_a_page_first_and_gives_the_file_when_asked(written: Stage) -> None:
    written.settings.environment = "production"
    client = written.app().test_client()
    link = copy_link(written.settings, "P01").removeprefix(written.settings.public_url)
    page = client.get(link).text
    assert WORDS not in page
    assert "save it where nobody else can read it" in plain(page)
    assert WORDS in client.post(link, data={"csrf_token": csrf(page)}).text
    assert client.post(link).status_code == 400


@pytest.mark.parametrize("minutes", [16, 60 * 24])
def test_address_runs_out(
    running: Stage, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    link = copy_link(running.settings, "P01").removeprefix(running.settings.public_url)
    assert client.get(link).status_code == 200
    later = time.time() + 60 * minutes
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert client.get(link).status_code == 404


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("token", ["x", "UDAx.abc.def", "%00", "a" * 5000])
def test_forged_address_leads_nowhere(client: FlaskClient, token: str) -> None:
    assert client.get(f"/copy/{token}").status_code == 404


def test_link_to_a_chat_is_no_address_of_a_copy(running: Stage, client: FlaskClient) -> None:
    from bot.web.auth import chat_link

    token = chat_link(running.settings, "P01").rpartition("/")[2]
    assert client.get(f"/copy/{token}").status_code == 404


def test_deleting_asks_once_and_says_what_is_gone(written: Stage, client: FlaskClient) -> None:
    page = client.get("/chat/P01/held").text
    assert "This can’t be undone." in page
    data = {"csrf_token": csrf(page), "token": buttons(page)["Yes, delete"]}
    told = plain(client.post("/chat/P01", data=data, follow_redirects=True).text)
    assert "Deleted for good: 3 answers." in told
    assert n_answers(written) == 0
    again = plain(client.post("/chat/P01", data=data, follow_redirects=True).text)
    assert "There was nothing to delete" in again


def test_neither_is_in_the_audit_log(written: Stage, client: FlaskClient) -> None:
    client.get("/chat/P01/copy")
    page = client.get("/chat/P01/held").text
    data = {"csrf_token": csrf(page), "token": buttons(page)["Yes, delete"]}
    client.post("/chat/P01", data=data)
    assert [one.deed for one in auditing.every(written.database)] == ["launched"]


@pytest.mark.usefixtures("written")
def test_dashboard_is_the_same_after_somebody_deleted(client: FlaskClient) -> None:
    before = client.get("/dashboard/portal").text
    page = client.get("/chat/P01/held").text
    data = {"csrf_token": csrf(page), "token": buttons(page)["Yes, delete"]}
    client.post("/chat/P01", data=data)
    assert client.get("/dashboard/portal").text == before


def test_another_chat_is_handed_an_address(running: Stage, now: datetime) -> None:
    running.conversation._copy_address = lambda external_id: f"https://x.example/{external_id}"
    outcome = running.conversation.do(Event(1, "", Tap(Action.COPY)))
    assert outcome.aside is not None
    assert "15 minutes" in outcome.aside.fallback_text
    assert SECRET not in outcome.aside.fallback_text
    assert now
