"""The dashboard shows what was released, and hides the rest in one look only."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from itertools import product
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from bot.web import charts
from bot.web.spreadsheets import csv_file
from campaigns.domain.confidentiality import Cell, Released
from campaigns.domain.definition import BusyTime, DaysAfterLaunch
from campaigns.flows.detecting import Watched
from campaigns.storage import campaigns as stored
from campaigns.storage import detector_states, directory
from campaigns.storage.detector_states import Carried
from tests.bot.web.reading import plain
from tests.bot.web.stage import Stage, definition, released

SHARES = [25, 20, 15, 40, 20, 30]


@pytest.fixture
def published(running: Stage) -> Stage:
    """Two closed periods; Registry is withheld in both, Permits North in the first."""
    whole = released(
        "SOME", "MANY", shares=SHARES, rate="MOST", barrier="ability", themes=["tools"]
    )
    north = released("HALF", themes=["workload", "tools"])
    running.publish(
        {"Agency": released("LOW", "MANY", shares=[10, 15, 35, 80, 10, 15])},
        {"Agency": whole, "Permits": north, "Permits North": north},
    )
    running.raise_alert("Permits North")
    return running


@pytest.mark.usefixtures("stage")
def test_dashboard_says_what_to_do_when_nothing_is_launched(client: FlaskClient) -> None:
    text = plain(client.get("/dashboard").text)
    assert "bellwether campaign launch" in text
    assert "Process bottlenecks" in text
    assert "en, de, fr, es process-bottlenecks" in text


@pytest.mark.usefixtures("running")
def test_dashboard_goes_to_the_only_campaign(client: FlaskClient) -> None:
    assert client.get("/dashboard").headers["Location"] == "/dashboard/portal"


def test_dashboard_lists_several_campaigns(running: Stage, client: FlaskClient) -> None:
    running.launch(definition("second"))
    html = client.get("/dashboard").text
    assert '"/dashboard/portal"' in html
    assert '"/dashboard/second"' in html


@pytest.mark.usefixtures("running")
def test_dashboard_shows_no_figure_before_the_first_close(client: FlaskClient) -> None:
    text = plain(client.get("/dashboard/portal").text)
    assert "The first results appear when the first period closes." in text
    assert "People reached 15" in text
    assert "Messages sent 30" in text
    assert "Answered Not shown" in text


@pytest.mark.usefixtures("published")
def test_dashboard_says_how_things_stand(client: FlaskClient) -> None:
    text = plain(client.get("/dashboard/portal").text)
    assert "About 25 % of those who answered are against the change." in text
    assert "One team has an open alert." in text
    assert "about 40 % are for the change, about 25 % against it." in text
    assert "it was 80 % or more for and 10 % or less against." in text
    assert "between 20 and 30 %" in text
    assert "Answered Most" in text
    assert "Leading across the organisation: tools" in text
    assert "Turning against the change, compared with its own past (strong signs)." in text
    assert "Nobody has taken it yet" in text


@pytest.mark.usefixtures("published")
def test_heat_map_says_every_cell_in_words(client: FlaskClient) -> None:
    html = client.get("/dashboard/portal").text
    heat = html[html.index('<table class="heat"') :]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', heat[: heat.index("</table>")], re.S)
    assert {name: plain(cells) for name, cells in rows} == {
        "Agency": "up to 20 % 50+ people 20–35 % 50+ people",
        "Permits": "not shown half or more 10–19 people",
        "Permits North": "not shown half or more 10–19 people",
        "Registry": "not shown not shown",
    }


def test_updates_bring_the_numbers_and_a_reload_only_when_more_is_new(
    published: Stage, client: FlaskClient
) -> None:
    html = client.get("/dashboard/portal").text
    found = re.search(r'hx-get="(/dashboard/portal/updates[^"]+)"', html)
    assert found
    address = unescape(found[1])
    assert client.get(address).status_code == 204
    stale = client.get(re.sub("seen=.*", "seen=before", address))
    assert stale.text.startswith('<dl class="tiles" id="tiles" hx-swap-oob="true">')
    assert "HX-Refresh" not in stale.headers
    published.raise_alert("Registry")
    assert client.get(address).headers["HX-Refresh"] == "true"


@pytest.mark.usefixtures("published")
def test_figures_file_withholds_what_the_page_withholds(client: FlaskClient) -> None:
    response = client.get("/dashboard/portal/figures.csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    hidden = [row["team"] for row in rows if row["against"] == "not shown"]
    assert hidden == ["Permits", "Permits North", "Registry", "Registry"]
    assert all(not row["people"] for row in rows if row["against"] == "not shown")


def test_withheld_cells_look_the_same(published: Stage, client: FlaskClient) -> None:
    html = client.get("/dashboard/portal").text
    looks = set(re.findall(r'<td class="level-0">.*?</td>', html))
    assert len(looks) == 1
    assert published.now


def test_order_has_the_teams_that_are_shown_and_says_why_others_are_not(
    published: Stage, client: FlaskClient
) -> None:
    with published.database.write() as c:
        teams = {team.name: team.id for team in directory.tree(c).teams.values()}
        campaign = stored.by_key(c, "portal")
        signs = {"Registry": Watched(), "Permits North": Watched(sign="strong", place=1)}
        states = {teams[name]: one.dump() for name, one in signs.items()}
        detector_states.replace(c, campaign.id, Carried(2, "{}", states))
    html = client.get("/dashboard/portal").text
    order = html[html.index("Teams in order of how much") :]
    assert table(order)[1:] == [["Permits North", "strong signs"]]
    assert "left out: too few people, or it would give others away" in order


def section(html: str, title: str) -> str:
    """The part of the page under that heading."""
    parts: list[str] = re.findall(r"<section.*?</section>", html, re.S)
    return next(part for part in parts if title in part)


def table(html: str) -> list[list[str]]:
    """The cells of the first table, row by row."""
    rows = re.findall(r"<tr>(.*?)</tr>", html[html.index("<table") : html.index("</table>")], re.S)
    return [
        [plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in rows
    ]


@pytest.mark.usefixtures("published")
def test_stance_chart_is_told_in_a_sentence_and_a_table(client: FlaskClient) -> None:
    part = section(client.get("/dashboard/portal").text, "Where people stand")
    drawings = re.findall(r"<svg[^>]*>", part)
    assert len(drawings) == 2  # for wide and for narrow screens
    assert all('aria-hidden="true"' in drawing for drawing in drawings)
    assert "about 40 % are for the change, about 25 % against it" in plain(part)
    assert [row[1:] for row in table(part)] == [
        ["Against", "Torn", "Neutral", "For"],
        ["≤10 %", "15 %", "35 %", "≥80 %"],
        ["25 %", "20 %", "15 %", "40 %"],
    ]


@pytest.mark.usefixtures("published")
def test_theme_chart_is_told_in_a_sentence_and_a_table(client: FlaskClient) -> None:
    part = section(client.get("/dashboard/portal").text, "What is on their minds")
    drawings = re.findall(r"<svg[^>]*>", part)
    assert len(drawings) == 2
    assert all('aria-hidden="true"' in drawing for drawing in drawings)
    assert "Leading across the organisation: tools" in plain(part)
    assert table(part)[0] == ["Theme", "Times"]
    assert {name: int(times) for name, times in table(part)[1:]} == {"tools": 1, "workload": 1}


def shares(cell: Cell) -> Released:
    assert isinstance(cell, Released)
    return cell


@pytest.mark.parametrize(("n", "width"), list(product([1, 3, 13], [340, 760])))
def test_stance_chart_draws_only_what_is_released(n: int, width: int) -> None:
    known = shares(released("SOME", "MANY", shares=SHARES)).shares
    rows = tuple((f"period {i}", known if i % 2 == 0 else None) for i in range(n))
    svg = charts.stance_chart(rows, width)
    tree = ElementTree.fromstring(svg)
    bars = [node for node in tree.iter() if "rect reactive" in node.get("class", "")]
    assert len(bars) == 4 * sum(known is not None for _, known in rows)
    assert "<style" not in svg
    assert "<script" not in svg
    assert " style=" not in svg


def test_chart_escapes_its_labels() -> None:
    svg = charts.count_chart((("<b>&</b>", 3),), 340)
    assert "<b>" not in svg


@pytest.mark.parametrize(("step", "words"), [(10, "≤10"), (15, "15"), (75, "75"), (80, "≥80")])
def test_coarse_shares_keep_their_open_ends(step: int, words: str) -> None:
    assert charts.percent(step) == words


def test_a_name_in_the_file_is_never_a_formula(client: FlaskClient) -> None:
    with client.application.app_context():
        made = csv_file("figures.csv", [("=1+1", "Permits", 3)])
    assert made.get_data(as_text=True) == "'=1+1,Permits,3\r\n"


def test_dashboard_says_why_everything_is_paused(running: Stage, client: FlaskClient) -> None:
    with running.database.write() as c:
        stored.pause_all(c, "The token was revoked.", running.now())
    text = plain(client.get("/dashboard/portal").text)
    assert "Paused for everybody: The token was revoked." in text
    running.launch(definition("second"))
    assert "paused. The token was revoked." in plain(client.get("/dashboard").text)


def test_dashboard_lists_what_is_to_come_at_a_bad_moment_until_it_is_over(
    running: Stage, client: FlaskClient
) -> None:
    def text() -> str:
        return plain(client.get("/dashboard/portal").text)

    assert "Moments to move" not in text()
    day = (running.now() + timedelta(days=3)).date().isoformat()
    busy = BusyTime.model_validate({"label": "Year-end closing", "from": day, "until": day})
    content = definition()
    again = content.campaign.touchpoints[0].model_copy(
        update={"key": "again", "when": DaysAfterLaunch(days_after_launch=3)}
    )
    touchpoints = (*content.campaign.touchpoints, again)
    changed = {"busy_times": (busy,), "touchpoints": touchpoints}
    campaign = content.campaign.model_copy(update=changed)
    running.launch(content.model_copy(update={"campaign": campaign}))
    assert "Year-end closing is a busy time" in text()
    running.now.move(days=3)
    assert "Moments to move" not in text()
