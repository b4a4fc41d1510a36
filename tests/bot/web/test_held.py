"""The page of what is held about a person, and the wishes that are told there."""

import pytest
from flask.testing import FlaskClient

from campaigns.storage import directory
from tests.bot.web.reading import buttons, csrf
from tests.bot.web.stage import Stage


@pytest.mark.usefixtures("running")
def test_what_is_held_has_a_page_of_its_own_with_the_settings(client: FlaskClient) -> None:
    assert "/chat/P01/held" in client.get("/chat/P01").text
    html = client.get("/chat/P01/held").text
    assert "What Bellwether holds about you" in html
    assert "Ada Ångström" in html
    assert {"Pause messages", "Fewer messages"} <= set(buttons(html))
    assert client.get("/chat/P99/held").status_code == 404


def test_fewer_messages_are_wished_for_and_taken_back(running: Stage, client: FlaskClient) -> None:
    for label, per_week in (("Fewer messages", 1), ("As many as planned", None)):
        html = client.get("/chat/P01/held").text
        data = {"csrf_token": csrf(html), "token": buttons(html)[label]}
        assert client.post("/chat/P01", data=data).status_code == 303
        with running.database.read() as c:
            assert directory.person_by_external_id(c, "P01").per_week == per_week
