"""The comms team reads what was published, words it anew and takes it out, without any script."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.flows.asking import pass_on
from campaigns.storage import directory
from tests.bot.web.reading import csrf, plain, press
from tests.bot.web.stage import PASSWORD, Stage

WORDS = "Do I keep my desk by the window when the portal comes?"
ANSWER = "Yes.\n\nNobody moves because of the <portal>."
REWORDED = "Will anybody have to move?"
ASKER, COLLEAGUE, AGENT = "P01", "P03", "P05"
PAGE = "/dashboard/portal/questions"


@pytest.fixture
def published(running: Stage, client: FlaskClient) -> Stage:
    """One answer of Registry's agent stands there."""
    with running.database.write() as c:
        teams = {team.name: team.id for team in directory.tree(c).teams.values()}
        agent = directory.person_by_external_id(c, AGENT)
        directory.replace_agents(c, [(teams["Registry"], agent.id)])
    press(client, ASKER, "Send question", text=WORDS, choice="unnamed")
    running.now.move(days=1)
    pass_on(running.database, running.now())
    running.deliver()
    press(client, AGENT, "Send answer", text=ANSWER)
    press(client, AGENT, "Publish", text=REWORDED)
    return running


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def post(client: FlaskClient, **fields: str) -> TestResponse:
    page = client.get(PAGE).text
    told = {name: hidden(page, name) for name in ("entry", "mark")}
    return client.post(PAGE, data={"csrf_token": csrf(page), **told, **fields})


def read(client: FlaskClient) -> str:
    return plain(client.get(f"/chat/{COLLEAGUE}/questions").text)


@pytest.mark.usefixtures("published")
def test_page_shows_what_everybody_reads_and_the_day_alone(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert REWORDED in page
    assert "Nobody moves because of the &lt;portal&gt;." in page
    assert "Published on 13 January 2027" in plain(page)
    for trace in (WORDS, "Ada Ångström", "Person 5", "Registry"):
        assert trace not in page
    assert "Questions and answers that everybody can read" in client.get("/dashboard/portal").text


@pytest.mark.usefixtures("running")
def test_page_says_that_nothing_was_published_yet(client: FlaskClient) -> None:
    assert "Nothing has been published yet" in client.get(PAGE).text


@pytest.mark.usefixtures("published")
def test_entry_is_worded_anew_for_everybody(client: FlaskClient) -> None:
    done = post(client, question="Do desks\r\nmove?", answer="No.\r\n\r\n<None> does.")
    assert done.status_code == 303
    assert done.location == PAGE
    assert "Saved." in plain(client.get(PAGE).text)
    assert "Do desks move? No. <None> does." in read(client)
    assert REWORDED not in read(client)


def test_entry_is_taken_out_for_everybody(published: Stage, client: FlaskClient) -> None:
    assert post(client, take_out="yes").status_code == 303
    assert "Taken out." in plain(client.get(PAGE).text)
    assert REWORDED not in read(client)
    published.deliver()
    assert "Publish for everybody" in client.get(f"/chat/{AGENT}").text


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        (WORDS, "No.", "words of the one who asked"),
        ("Do desks move?", WORDS, "answer repeats words"),
        ("x" * 151, "No.", "150 characters"),
        (" ", "No.", "A question and an answer are needed"),
    ],
)
def test_refused_wording_stays_in_the_form_with_the_reason(
    client: FlaskClient, question: str, answer: str, told: str
) -> None:
    refused = post(client, question=question, answer=answer)
    assert refused.status_code == 422
    assert told in plain(refused.text)
    assert "<details open>" in refused.text
    for words in (question.strip(), answer):
        assert words in refused.text
    assert REWORDED in read(client)
    assert "desk" not in str(client.get_cookie("bellwether"))


@pytest.mark.usefixtures("published")
def test_change_of_another_is_not_overwritten_unseen(client: FlaskClient) -> None:
    old = hidden(client.get(PAGE).text, "mark")
    post(client, question="Do desks move?", answer="No.")
    late = post(client, question="Must desks move?", answer="No.", mark=old)
    assert late.status_code == 422
    assert "Somebody else has worded it anew" in plain(late.text)
    assert "Must desks move?" in late.text
    assert "Do desks move?" in read(client)


@pytest.mark.usefixtures("published")
def test_change_of_what_is_gone_says_so(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    fields = {name: hidden(page, name) for name in ("entry", "mark")} | {"csrf_token": csrf(page)}
    post(client, take_out="yes")
    late = client.post(PAGE, data={**fields, "question": "Do desks move?", "answer": "No."})
    assert late.status_code == 422
    assert "no longer there" in plain(late.text)
    again = client.post(PAGE, data={**fields, "take_out": "yes"}, follow_redirects=True)
    assert "It was gone already." in plain(again.text)


def test_page_is_for_the_comms_team_alone(published: Stage, client: FlaskClient) -> None:
    page = client.get(PAGE).text
    fields = {name: hidden(page, name) for name in ("entry", "mark")} | {"csrf_token": csrf(page)}
    published.settings.environment = "production"
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, data={**fields, "take_out": "yes"}).status_code == 302
    client.post("/sign-in", data={"csrf_token": fields["csrf_token"], "password": PASSWORD})
    assert REWORDED in client.get(PAGE).text


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("entry", ["", "x", "-1", "9" * 16, "²"])
def test_broken_form_changes_nothing(client: FlaskClient, entry: str) -> None:
    assert post(client, entry=entry, take_out="yes").status_code == 400
    assert REWORDED in read(client)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("key", ["another", "%00", "a%0Ab"])
def test_page_of_no_campaign_is_not_there(client: FlaskClient, key: str) -> None:
    assert client.get(f"/dashboard/{key}/questions").status_code == 404
