"""Asking, answering and publishing in the browser chat, as a browser without scripts does it."""

import pytest
from flask.testing import FlaskClient

from campaigns.flows.asking import pass_on
from campaigns.storage import directory
from tests.bot.web.reading import buttons, csrf, plain, press
from tests.bot.web.stage import Stage

WORDS = "Do I keep my desk by the window when the portal comes?"
ANSWER = "Yes.\n\nNobody moves because of the <portal>."
REWORDED = "Will anybody have to move?"
ASKER, COLLEAGUE, AGENT = "P01", "P03", "P05"
ASKER_NAME = "Ada Ångström"


@pytest.fixture
def office(running: Stage) -> Stage:
    """Registry has a change agent."""
    with running.database.write() as c:
        teams = {team.name: team.id for team in directory.tree(c).teams.values()}
        agent = directory.person_by_external_id(c, AGENT)
        directory.replace_agents(c, [(teams["Registry"], agent.id)])
    return running


def later(office: Stage) -> None:
    """A day later, at the same hour, everything due has gone out."""
    office.now.move(days=1)
    pass_on(office.database, office.now())
    office.deliver()


def ask(office: Stage, client: FlaskClient, choice: str = "unnamed") -> None:
    press(client, ASKER, "Send question", text=WORDS, choice=choice)
    later(office)


def newest(client: FlaskClient, reader: str) -> str:
    return client.get(f"/chat/{reader}").text.rpartition('id="m-')[2]


@pytest.mark.usefixtures("office")
def test_form_below_a_message_says_what_is_hidden_and_what_is_not(client: FlaskClient) -> None:
    page = client.get(f"/chat/{ASKER}").text
    assert "<summary>Ask a question</summary>" in page
    for words in ("Without your name", "can still give you away", "No, without my name"):
        assert words in plain(page)
    first, second = '<input type="radio" name="choice" value="unnamed" checked>', 'value="named">'
    assert first in page
    assert second in page


def test_question_is_read_and_answered_on_the_pages_alone(
    office: Stage, client: FlaskClient
) -> None:
    ask(office, client)
    card = newest(client, AGENT)
    assert WORDS in plain(card)
    for trace in (ASKER_NAME, ASKER, "Registry"):
        assert trace not in plain(card)
    press(client, AGENT, "Send answer", text=ANSWER)
    later(office)
    reply = newest(client, ASKER)
    assert "Person 5 has answered you." in plain(reply)
    assert "Nobody moves because of the &lt;portal&gt;." in reply
    assert "was not told that it was you" in plain(reply)
    assert WORDS not in client.get(f"/chat/{COLLEAGUE}").text


def test_words_are_in_no_stored_message(office: Stage, client: FlaskClient) -> None:
    ask(office, client)
    press(client, AGENT, "Send answer", text=ANSWER)
    later(office)
    stored = "\n".join(office.database.engine.raw_connection().iterdump())
    for words in ("by the window", "Nobody moves"):
        assert words not in stored


def test_named_question_shows_who_asks(office: Stage, client: FlaskClient) -> None:
    ask(office, client, "named")
    assert f"{ASKER_NAME} (Registry) asks" in plain(newest(client, AGENT))


def test_question_is_taken_back_from_its_receipt(office: Stage, client: FlaskClient) -> None:
    press(client, ASKER, "Send question", text=WORDS)
    office.deliver()
    receipt = plain(newest(client, ASKER))
    assert WORDS in receipt
    assert "Fewer than 10 people" in receipt
    press(client, ASKER, "Take it back")
    assert "no longer there" in plain(newest(client, ASKER))
    later(office)
    assert WORDS not in client.get(f"/chat/{AGENT}").text


def test_receipt_offers_no_way_back_when_the_hour_has_come(
    office: Stage, client: FlaskClient
) -> None:
    ask(office, client)
    assert "Take it back" not in buttons(client.get(f"/chat/{ASKER}").text)


def test_published_answer_stands_on_the_questions_page_of_everybody(
    office: Stage, client: FlaskClient
) -> None:
    ask(office, client)
    press(client, AGENT, "Send answer", text=ANSWER)
    press(client, AGENT, "Publish", text=WORDS)
    assert "Nobody moves" not in client.get(f"/chat/{COLLEAGUE}/questions").text
    press(client, AGENT, "Publish", text=REWORDED)
    page = plain(client.get(f"/chat/{COLLEAGUE}/questions").text)
    assert REWORDED in page
    assert "Nobody moves because of the <portal>." in page
    assert WORDS not in page
    press(client, AGENT, "Take it out")
    assert REWORDED not in client.get(f"/chat/{COLLEAGUE}/questions").text


def test_question_is_asked_from_the_questions_page_and_a_refusal_is_said(
    office: Stage, client: FlaskClient
) -> None:
    page = client.get(f"/chat/{ASKER}/questions").text
    data = {"csrf_token": csrf(page), "token": buttons(page)["Send question"], "choice": "unnamed"}
    address = f"/chat/{ASKER}"
    refused = client.post(address, data={**data, "text": " "}, follow_redirects=True)
    assert "There was nothing to send." in plain(refused.text)
    done = client.post(address, data={**data, "text": WORDS}, follow_redirects=True)
    assert "goes out later, without your name" in plain(done.text)
    assert WORDS not in str(client.get_cookie("bellwether"))
    later(office)
    assert WORDS in plain(newest(client, AGENT))


def test_questions_page_of_another_is_closed_in_production(
    office: Stage, client: FlaskClient
) -> None:
    office.settings.environment = "production"
    assert client.get(f"/chat/{ASKER}/questions").status_code == 403


@pytest.mark.usefixtures("office")
def test_question_under_anothers_message_is_refused(client: FlaskClient) -> None:
    mine, theirs = (client.get(f"/chat/{one}").text for one in (COLLEAGUE, ASKER))
    data = {"csrf_token": csrf(mine), "token": buttons(theirs)["Send question"], "text": WORDS}
    assert client.post(f"/chat/{COLLEAGUE}", data=data).status_code == 400
