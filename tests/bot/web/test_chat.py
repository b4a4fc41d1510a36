"""The conversation page: what it shows, what a press does, and what it refuses."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.web.auth import chat_link
from campaigns.domain.messages import Action, Tap
from campaigns.storage import directory
from campaigns.storage.tables import answers
from tests.bot.web.reading import buttons, csrf, plain, press
from tests.bot.web.stage import Stage, definition

WORDS = "Meine eigenen Worte zu Prüfzwecken"


def n_answers(stage: Stage) -> int:
    with stage.database.read() as c:
        return c.scalar(select(func.count()).select_from(answers)) or 0


def test_chat_says_so_when_there_is_no_message(client: FlaskClient) -> None:
    response = client.get("/chat/P01")
    assert response.status_code == 200
    assert "No message yet" in response.text


@pytest.mark.usefixtures("running")
def test_chat_shows_messages_oldest_first(client: FlaskClient) -> None:
    html = client.get("/chat/P01").text
    # Both were due at once, and a pulse goes out before a vision message.
    assert 0 < html.index("Two minutes") < html.index("Why we do this")
    assert "<p>Half of the time is post.</p><p>That ends.</p>" in html


@pytest.mark.usefixtures("running")
def test_chat_shows_local_time_and_language(client: FlaskClient) -> None:
    html = client.get("/chat/P02").text
    assert '<html lang="de">' in html
    assert "Di. 12 Jan., 10:00" in html
    assert '<div class="card" lang="de">' in html


def test_chat_is_a_404_when_nobody_has_that_id(client: FlaskClient) -> None:
    for path in ("/chat/P99", "/chat/%00", "/chat/" + "x" * 300, "/chat/P99/updates?since=0"):
        assert client.get(path).status_code == 404, path


def test_chat_is_a_404_when_the_person_has_left(stage: Stage, client: FlaskClient) -> None:
    with stage.database.write() as c:
        directory.deactivate(c, [directory.person_by_external_id(c, "P01").id])
    assert client.get("/chat/P01").status_code == 404


@pytest.mark.usefixtures("running")
def test_scale_has_a_labelled_button_a_point(client: FlaskClient) -> None:
    labels = list(buttons(client.get("/chat/P01").text))
    first = labels.index("1 / 5, Strongly disagree")
    assert labels[first : first + 6] == [
        "1 / 5, Strongly disagree",
        "2 / 5",
        "3 / 5",
        "4 / 5",
        "5 / 5, Strongly agree",
        "Skip",
    ]


def test_press_stores_the_answer_and_shows_the_next_question(
    running: Stage, client: FlaskClient
) -> None:
    response = press(client, "P01", "4")
    assert response.status_code == 303
    assert response.headers["Location"] == f"/chat/P01#m-{running.keys('P01')[0]}"
    assert "What is in your way?" in client.get("/chat/P01").text
    assert n_answers(running) == 1


def test_press_counts_once_when_it_is_sent_twice(running: Stage, client: FlaskClient) -> None:
    html = client.get("/chat/P01").text
    data = {"csrf_token": csrf(html), "token": buttons(html)["2 / 5"]}
    for _ in range(3):
        assert client.post("/chat/P01", data=data).status_code == 303
    assert n_answers(running) == 1


def test_whole_pulse_ends_in_thanks_without_the_answers(
    running: Stage, client: FlaskClient
) -> None:
    press(client, "P01", "4")
    press(client, "P01", "No time")
    press(client, "P01", "Send", text=WORDS)
    html = client.get("/chat/P01").text
    assert "Thank you, that helps." in html
    assert WORDS not in html
    assert n_answers(running) == 3


@pytest.mark.usefixtures("running")
def test_words_reach_neither_the_address_nor_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    press(client, "P01", "4")
    press(client, "P01", "No time")
    response = press(client, "P01", "Send", text=WORDS)
    assert "Worte" not in response.headers["Location"] + response.text + caplog.text


def test_pause_and_resume_change_the_header(running: Stage, client: FlaskClient) -> None:
    press(client, "P01", "Pause messages")
    html = client.get("/chat/P01").text
    assert "Messages paused" in html
    with running.database.read() as c:
        until = directory.person_by_external_id(c, "P01").paused_until
    assert until == running.now() + timedelta(days=28)
    press(client, "P01", "Resume messages")
    with running.database.read() as c:
        assert directory.person_by_external_id(c, "P01").paused_until is None


@pytest.mark.usefixtures("running")
def test_htmx_press_gives_the_message_and_the_toast(client: FlaskClient) -> None:
    html = client.get("/chat/P01").text
    since = re.search(r'id="since" name="since" value="(\d+)"', html)
    assert since
    data = {"csrf_token": csrf(html), "token": buttons(html)["4 / 5"], "since": since[1]}
    response = client.post("/chat/P01", data=data, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "Saved. Thank you." in response.text
    assert "data-reply" in response.text
    assert "What is in your way?" in response.text
    assert "<html" not in response.text


@pytest.mark.usefixtures("running")
def test_updates_are_empty_when_nothing_changed(client: FlaskClient) -> None:
    html = client.get("/chat/P01").text
    since = re.search(r'id="since" name="since" value="(\d+)"', html)
    assert since
    response = client.get(f"/chat/P01/updates?since={since[1]}")
    assert (response.status_code, response.text) == (204, "")
    press(client, "P01", "4")
    response = client.get(f"/chat/P01/updates?since={since[1]}")
    assert response.status_code == 200
    assert response.text.count('hx-swap-oob="true"') == 4  # message, clock, pause, poller
    assert "Why we do this" not in response.text


def test_updates_append_what_is_new(stage: Stage, client: FlaskClient) -> None:
    assert client.get("/chat/P01/updates?since=0").status_code == 204
    stage.launch(definition())
    text = client.get("/chat/P01/updates?since=0").text
    assert text.count('hx-swap-oob="beforeend:#messages"') == 2


@pytest.mark.parametrize("since", ["", "x", "-1", "1e3", "9" * 18, "٣"])
def test_updates_refuse_a_malformed_moment(client: FlaskClient, since: str) -> None:
    assert client.get("/chat/P01/updates", query_string={"since": since}).status_code == 400


def test_another_persons_button_is_refused(running: Stage, client: FlaskClient) -> None:
    theirs = buttons(client.get("/chat/P02").text)["4 / 5"]
    data = {"csrf_token": csrf(client.get("/chat/P01").text), "token": theirs}
    assert client.post("/chat/P01", data=data).status_code == 400
    assert n_answers(running) == 0


def test_a_post_without_the_pages_own_token_is_refused(running: Stage, client: FlaskClient) -> None:
    token = buttons(client.get("/chat/P01").text)["4 / 5"]
    response = client.post("/chat/P01", data={"token": token})
    assert response.status_code == 400
    assert "open for too long" in plain(response.text)
    assert n_answers(running) == 0


def test_an_old_button_is_refused(running: Stage, client: FlaskClient) -> None:
    html = client.get("/chat/P01").text
    running.now.move(days=31)
    data = {"csrf_token": csrf(html), "token": buttons(html)["4 / 5"]}
    assert client.post("/chat/P01", data=data).status_code == 400


def test_too_long_words_are_refused(running: Stage, client: FlaskClient) -> None:
    with running.database.read() as c:
        person = directory.person_by_external_id(c, "P01")
    token = running.tokens.seal(person.id, running.keys("P01")[0], Tap(Action.WRITE, "words"))
    data = {"csrf_token": csrf(client.get("/chat/P01").text), "token": token}
    assert client.post("/chat/P01", data={**data, "text": "x" * 4001}).status_code == 413
    assert client.post("/chat/P01", data={**data, "text": "x" * 70_000}).status_code == 413
    assert n_answers(running) == 0


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(token=st.text(max_size=300), text=st.text(max_size=50))
def test_no_forged_token_opens_anything(running: Stage, token: str, text: str) -> None:
    client = running.app().test_client()
    data = {"csrf_token": csrf(client.get("/chat/P01").text), "token": token, "text": text}
    response = client.post("/chat/P01", data=data)
    assert response.status_code == 400
    assert n_answers(running) == 0


def test_production_opens_a_chat_only_through_the_personal_link(running: Stage) -> None:
    production = build_production(running)
    client = production.app().test_client()
    assert client.get("/chat").status_code == 404
    assert client.get("/chat/P01").status_code == 403
    link = chat_link(production.settings, "P01")
    assert link.startswith("https://change.example/chat/enter/")
    response = client.get(
        link.removeprefix("https://change.example"),
        follow_redirects=True,
        base_url="https://change.example",
    )
    assert response.status_code == 200
    assert client.get("/chat/P02", base_url="https://change.example").status_code == 403
    cookie = client.get_cookie("bellwether", domain="change.example")
    assert cookie
    assert cookie.secure
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize("token", ["x", "UDAx.abc.def", "%00", "a" * 5000])
def test_a_forged_personal_link_is_refused(client: FlaskClient, token: str) -> None:
    assert client.get(f"/chat/enter/{token}").status_code == 400


def build_production(stage: Stage) -> Stage:
    """The same organisation, in production behind https."""
    changes = {"environment": "production", "public_url": "https://change.example"}
    return replace(stage, settings=stage.settings.model_copy(update=changes))


def shown(client: FlaskClient, key: str) -> str:
    """The words of one message on the first person's page."""
    html = client.get("/chat/P01").text
    return plain(html.partition(f'id="m-{key}"')[2].partition("</li>")[0])


def test_a_pulse_that_has_closed_shows_no_question(running: Stage, client: FlaskClient) -> None:
    pulse = running.keys("P01")[0]
    assert "I know what changes for me." in shown(client, pulse)
    running.now.move(days=30)
    assert "These questions are closed." in shown(client, pulse)
    assert "4 / 5" not in buttons(client.get("/chat/P01").text)


def test_a_question_asked_again_stands_in_its_newest_message_only(
    running: Stage, client: FlaskClient
) -> None:
    pulse = running.keys("P01")[0]
    press(client, "P01", "Not now")
    assert "You said “not now”" in shown(client, pulse)
    since = re.search(r'name="since" value="(\d+)"', client.get("/chat/P01").text)
    running.now.move(hours=24)
    running.deliver()
    again = running.keys("P01")[2]
    assert "in a newer message" in shown(client, pulse)
    assert "I know what changes for me." in shown(client, again)
    assert since
    pieces = client.get(f"/chat/P01/updates?since={since[1]}").text
    assert f"m-{pulse}" in pieces  # an open page learns it without a reload


def test_messages_that_come_again_no_longer_say_paused(running: Stage, client: FlaskClient) -> None:
    why = running.keys("P01")[1]
    token = next(
        value
        for label, value in buttons(client.get("/chat/P01").text).items()
        if label.startswith("Pause messages")
    )
    page = client.get("/chat/P01").text
    client.post("/chat/P01", data={"csrf_token": csrf(page), "token": token})
    assert "Your messages are paused until" in shown(client, why)
    running.now.move(days=29)
    assert "Your messages are paused until" not in shown(client, why)
