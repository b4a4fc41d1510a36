"""The comms team sees whose turn it is to be talked to, and how much each counts."""

import re

import pytest
from flask.testing import FlaskClient

from tests.bot.web.reading import plain
from tests.bot.web.stage import Stage, definition
from tests.campaigns.domain.drafts import stakeholder, with_register

PAGE = "/dashboard/portal/stakeholders"


@pytest.fixture
def registered(stage: Stage) -> Stage:
    """The campaign is out, with two in its register."""
    stage.launch(
        with_register(
            definition(),
            stakeholder(
                influence="high", every_weeks=4, owner="P05", channel="Half an hour <live>"
            ),
            stakeholder("paper", name="Local paper", kind="partner", interest="high", first_week=2),
        )
    )
    return stage


@pytest.mark.usefixtures("registered")
def test_page_says_whose_turn_it_is_week_by_week(client: FlaskClient) -> None:
    html = client.get(PAGE).text
    assert "Half an hour &lt;live&gt;" in html
    text = plain(html)
    this_week, next_week = text.index("This week"), text.index("From 18 January 2027")
    assert this_week < text.index("Mayor’s office Half an hour") < next_week
    assert next_week < text.index("Local paper A call")
    assert "Person 5" in text


def test_page_counts_the_weeks_from_the_launch(registered: Stage, client: FlaskClient) -> None:
    registered.now.move(weeks=4)
    text = plain(client.get(PAGE).text)
    due, grid = text.split("Interest and influence")
    assert re.search(r"This week\s+Mayor’s office", due)
    assert "Local paper" not in due
    assert "Local paper" in grid


@pytest.mark.usefixtures("registered")
def test_page_places_each_by_influence_and_interest(client: FlaskClient) -> None:
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", client.get(PAGE).text, re.S)
    cells = [re.findall(r"<td>(.*?)</td>", row, re.S) for row in rows]
    assert [row.split()[0] for row in rows] == ["high", "medium", "low"]
    assert "Mayor’s office" in cells[0][0]
    assert "government, every 4 weeks" in cells[0][0]
    assert "Local paper" in cells[2][2]
    assert "partner, once" in cells[2][2]


@pytest.mark.usefixtures("registered")
def test_dashboard_leads_to_the_page(client: FlaskClient) -> None:
    html = client.get("/dashboard/portal").text
    assert PAGE in html
    assert "2 in the register" in plain(html)


@pytest.mark.usefixtures("running")
def test_page_says_how_to_begin_where_there_is_no_register(client: FlaskClient) -> None:
    assert PAGE not in client.get("/dashboard/portal").text
    assert "campaign new stakeholders FILE" in plain(client.get(PAGE).text)
    assert client.get("/dashboard/nowhere/stakeholders").status_code == 404
