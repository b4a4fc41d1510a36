"""The browser chat asks for words below the thanks, and takes a yes and its way back."""

import re

import pytest
from flask.testing import FlaskClient

from campaigns.flows.scoring import score_pending
from campaigns.storage.tables import consents
from tests.bot.web.reading import buttons, csrf, plain, press
from tests.bot.web.stage import Stage, asking
from tests.fakes import FixedScorer, a_score

WORDS = "An hour with a colleague"
RELEASE, TAKE_BACK = "Learn from my words", "Take this back"


@pytest.fixture
def client(stage: Stage) -> FlaskClient:
    stage.launch(asking())
    found = stage.app().test_client()
    press(found, "P01", "4")
    press(found, "P01", "No time")
    press(found, "P01", "Send", text=WORDS)
    return found


def states(stage: Stage) -> list[str]:
    with stage.database.read() as c:
        return list(c.scalars(consents.select().with_only_columns(consents.c.state)))


def test_thanks_ask_for_the_words_and_nothing_is_chosen_before(
    stage: Stage, client: FlaskClient
) -> None:
    html = client.get("/chat/P01").text
    assert RELEASE in buttons(html)
    assert "Only if you like" in plain(html)
    assert 'class="button quiet"' in html.partition(f">{RELEASE}<")[0].rpartition("<button")[2]
    assert states(stage) == ["offered"]


def test_a_press_releases_and_the_next_takes_back(stage: Stage, client: FlaskClient) -> None:
    assert press(client, "P01", RELEASE).status_code == 303
    html = client.get("/chat/P01").text
    assert RELEASE not in buttons(html)
    assert states(stage) == ["given"]
    press(client, "P01", TAKE_BACK)
    html = client.get("/chat/P01").text
    assert {RELEASE, TAKE_BACK}.isdisjoint(buttons(html))
    assert "passed on to nobody" in plain(html)
    assert states(stage) == ["taken_back"]
    assert WORDS not in html
    assert html.count("<li ") == 2


def test_question_leaves_an_open_page_when_help_comes(stage: Stage, client: FlaskClient) -> None:
    page = client.get("/chat/P01").text
    since = re.search(r'name="since" value="(\d+)"', page)
    assert since
    assert RELEASE in buttons(page)
    scorer = FixedScorer({WORDS: a_score(safeguarding=True)})
    score_pending(stage.database, stage.vault, scorer, stage.now())
    stage.now.move(minutes=1)
    stage.deliver()
    pieces = client.get(f"/chat/P01/updates?since={since[1]}").text
    pulse = stage.keys("P01")[0]
    assert f"m-{pulse}" in pieces
    assert RELEASE not in buttons(pieces)
    data = {"csrf_token": csrf(page), "token": buttons(page)[RELEASE]}
    client.post("/chat/P01", data=data)
    assert states(stage) == ["offered"]
