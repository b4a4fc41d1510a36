"""Every look and change is in the log before anybody sees anything; nothing of staff is."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from bot.web import protection
from campaigns.domain.audit import Deed
from campaigns.flows import auditing, planning
from campaigns.storage import directory
from campaigns.storage.tables import metadata
from tests.bot.web.reading import buttons, csrf, plain, press
from tests.bot.web.stage import PASSWORD, Stage


def logged(stage: Stage) -> list[tuple[str, str]]:
    """Who did what, oldest first, without the launch that made the stage."""
    return [(one.who, one.deed) for one in auditing.every(stage.database)][1:]


@pytest.mark.usefixtures("running")
def test_page_tells_of_every_table_and_of_the_promise(client: FlaskClient) -> None:
    page = plain(client.get("/data-protection").text)
    assert all(name in page for name in metadata.tables)
    assert "Digital permits 5 people 10 people 32 weeks 12 months" in page


def test_page_opens_before_anything_was_launched(client: FlaskClient) -> None:
    assert "No campaign has been launched yet." in client.get("/data-protection").text
    assert "Nothing has been written down yet." in client.get("/data-protection/log").text


def test_looks_at_the_dashboard_and_its_file_are_in_the_log(
    running: Stage, client: FlaskClient
) -> None:
    client.get("/dashboard/portal")
    client.get("/dashboard/portal/figures.csv")
    client.get("/dashboard/another")
    deeds = [deed for _, deed in logged(running)]
    assert deeds == [Deed.SAW_DASHBOARD, Deed.TOOK_FIGURES]
    page = plain(client.get("/data-protection/log").text)
    assert "Looked at the dashboard console" in page
    assert "portal · nothing published yet" in page
    assert "version 1" in page


def test_each_sign_in_has_a_name_of_its_own_in_the_log(running: Stage) -> None:
    running.settings.environment = "production"
    for _ in range(2):
        client = running.app().test_client()
        token = csrf(client.get("/sign-in").text)
        client.post("/sign-in", data={"csrf_token": token, "password": PASSWORD})
        assert client.get("/dashboard/portal").status_code == 200
    (first, _), (second, _) = logged(running)
    assert first != second
    assert PASSWORD not in first + second


def test_staff_are_in_no_entry_whatever_they_do_with_what_is_theirs(
    running: Stage, client: FlaskClient
) -> None:
    press(client, "P01", "5")
    html = client.get("/chat/P01/held").text
    data = {"csrf_token": csrf(html), "token": buttons(html)["Fewer messages"]}
    client.post("/chat/P01", data=data)
    client.get("/chat/P01")
    assert logged(running) == []


def test_agent_who_is_shown_an_alert_is_in_the_log(running: Stage, client: FlaskClient) -> None:
    with running.database.write() as c:
        agent = directory.person_by_external_id(c, "P03")
        teams = {team.name: team.id for team in directory.tree(c).teams.values()}
        directory.replace_agents(c, [(teams["Registry"], agent.id)])
    running.raise_alert("Registry")
    tell_agents(running)
    client.get("/chat/P03")
    client.get("/chat/P01")
    assert logged(running) == [("agent P03", Deed.SAW_ALERTS)]


def tell_agents(stage: Stage) -> None:
    """The alert is with its agent."""
    from campaigns.domain.outbox import Kind
    from campaigns.flows.notifying import notify
    from campaigns.storage import alerts, campaigns

    with stage.database.write() as c:
        launched = campaigns.all_launched(c)[0]
        alert = alerts.of_campaign(c, launched.id)[0]
        agents = directory.agents_for(c, alert.team_id)
        notify(c, launched, Kind.ALERT, alert.id, agents, stage.now())
    stage.deliver()


def test_changes_of_a_campaign_are_in_the_log_with_who_made_them(running: Stage) -> None:
    planning.pause(running.database, "portal", running.now(), "comms team P02")
    planning.resume(running.database, "portal", running.now())
    planning.stop(running.database, "portal", running.now())
    assert logged(running) == [
        ("comms team P02", Deed.PAUSED),
        ("command line", Deed.RESUMED),
        ("command line", Deed.STOPPED),
    ]


def test_log_is_checked_on_the_page_and_says_where_it_breaks(
    running: Stage, client: FlaskClient
) -> None:
    for _ in range(3):
        client.get("/dashboard/portal")
    address = "/data-protection/log?check=yes"
    assert "All 4 entries are as they were written." in plain(client.get(address).text)
    with running.database.write() as c:
        c.execute(text("DROP TRIGGER audit_no_update"))
        c.execute(text("UPDATE audit SET who = 'nobody' WHERE number = 2"))
    assert "Entry 2 is not as it was written" in plain(client.get(address).text)


def test_log_is_a_file_with_all_that_a_check_needs(running: Stage, client: FlaskClient) -> None:
    client.get("/dashboard/portal")
    rows = list(csv.DictReader(io.StringIO(client.get("/data-protection/log.csv").text)))
    assert [row["deed"] for row in rows] == [Deed.LAUNCHED, Deed.SAW_DASHBOARD]
    assert all(len(row["seal"]) == 64 for row in rows)
    assert running.database is not None


def test_log_has_pages(running: Stage, client: FlaskClient) -> None:
    for _ in range(protection.PAGE_SIZE + 1):
        auditing.note(running.database, "console", Deed.PAUSED, running.now())
    page = client.get("/data-protection/log").text
    assert "before=3" in page
    assert "<td>2</td>" in client.get("/data-protection/log?before=3").text
    assert client.get("/data-protection/log?before=x").status_code == 400


@pytest.mark.parametrize("page", ["", "/log", "/log.csv"])
def test_pages_are_for_the_comms_team_alone(running: Stage, page: str) -> None:
    running.settings.environment = "production"
    found = running.app().test_client().get(f"/data-protection{page}")
    assert found.status_code == 302
    assert "/sign-in" in found.location


def test_every_deed_is_worded() -> None:
    assert set(protection._DEEDS) == set(Deed)
