"""An alert in the browser chat, from the first press to the note, as two change agents see it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.domain.alerts import AlertState
from campaigns.domain.outbox import Kind
from campaigns.flows.notifying import notify
from campaigns.storage import alerts, campaigns, directory
from campaigns.storage.alerts import Alert
from campaigns.storage.tables import alerts as table
from tests.bot.web.reading import buttons, csrf, plain, press
from tests.bot.web.stage import Stage

NOTE = "We talked for an hour; the scanner comes back on Monday."
FIRST, SECOND, STRANGER = "P01", "P03", "P05"
FIRST_NAME, SECOND_NAME = "Ada Ångström", "Çiğdem 100% Sure"
CHOICES = {"I take this", "Later", "Close this"}


@pytest.fixture
def office(running: Stage) -> Stage:
    """Registry has an open alert, which both of its agents have got."""
    with running.database.write() as c:
        teams = {team.name: team.id for team in directory.tree(c).teams.values()}
        agents = [directory.person_by_external_id(c, one).id for one in (FIRST, SECOND)]
        directory.replace_agents(c, [(teams["Registry"], agent) for agent in agents])
    running.raise_alert("Registry")
    with running.database.write() as c:
        campaign = campaigns.all_launched(c)[0]
        notify(c, campaign, Kind.ALERT, _alert(running).id, agents, running.now())
    running.deliver()
    return running


def _alert(stage: Stage) -> Alert:
    with stage.database.read() as c:
        found = c.execute(select(table.c.id)).scalar_one()
        return alerts.by_id(c, found)


def _card(client: FlaskClient, reader: str) -> str:
    """The words of the newest message on somebody's page."""
    return plain(client.get(f"/chat/{reader}").text.rpartition('id="m-')[2])


def _choices(client: FlaskClient, reader: str) -> set[str]:
    return CHOICES & set(buttons(client.get(f"/chat/{reader}").text))


def test_alert_reaches_its_agents_and_nobody_else(office: Stage, client: FlaskClient) -> None:
    assert len(office.keys(STRANGER)) == 2  # the vision message and the pulse
    for agent in (FIRST, SECOND):
        assert "Registry needs a change agent" in _card(client, agent)
        assert _choices(client, agent) == CHOICES


def test_taken_alert_shows_its_owner_and_leaves_the_other_no_button(
    office: Stage, client: FlaskClient
) -> None:
    assert press(client, FIRST, "I take this").status_code == 303
    assert "You have this." in _card(client, FIRST)
    assert _choices(client, FIRST) == {"Later", "Close this"}
    assert f"{FIRST_NAME} has this." in _card(client, SECOND)
    assert _choices(client, SECOND) == set()
    assert _alert(office).state is AlertState.TAKEN
    assert FIRST_NAME in plain(client.get("/dashboard/portal").text)


def test_second_press_on_a_page_left_open_takes_nothing_and_says_who_was_first(
    office: Stage, client: FlaskClient
) -> None:
    old = client.get(f"/chat/{SECOND}").text
    press(client, FIRST, "I take this")
    taken = _alert(office)
    data = {"csrf_token": csrf(old), "token": buttons(old)["I take this"], "since": "0"}
    reply = client.post(f"/chat/{SECOND}", data=data, headers={"HX-Request": "true"})
    assert "Ada took this just now." in reply.text
    assert _alert(office) == taken


@pytest.mark.parametrize(("days", "day"), [("1", "13 January 2027"), ("14", "26 January 2027")])
def test_snoozed_alert_rests_for_as_long_as_was_chosen(
    office: Stage, client: FlaskClient, days: str, day: str
) -> None:
    press(client, FIRST, "Later", text=days)
    assert f"{day}." in _card(client, FIRST).partition("You will be asked again on")[2]
    assert f"{day}." in _card(client, SECOND).partition(f"{FIRST_NAME} comes back to this on")[2]
    snoozed = _alert(office)
    assert snoozed.state is AlertState.SNOOZED
    assert snoozed.snoozed_until == office.now() + timedelta(days=int(days))


def test_handed_over_alert_changes_hands_and_reaches_the_new_owner(
    office: Stage, client: FlaskClient
) -> None:
    press(client, FIRST, "I take this")
    before = len(office.keys(SECOND))
    press(client, FIRST, "Hand over", text=SECOND)
    office.deliver()
    assert f"{SECOND_NAME} has this." in _card(client, FIRST)
    assert len(office.keys(SECOND)) == before + 1
    assert "You have this." in _card(client, SECOND)
    assert _choices(client, SECOND) == {"Later", "Close this"}


def test_closed_alert_keeps_its_note_from_every_page(office: Stage, client: FlaskClient) -> None:
    press(client, FIRST, "I take this")
    press(client, FIRST, "Close this", text=NOTE, choice="helped")
    closed = _alert(office)
    assert closed.state is AlertState.CLOSED
    with office.database.read() as c:
        secret = c.execute(select(table.c.note)).scalar_one()
    assert office.vault.decrypt(secret) == NOTE
    for path in (f"/chat/{FIRST}", f"/chat/{SECOND}", "/dashboard/portal"):
        assert "scanner" not in client.get(path).text
    assert f"{FIRST_NAME} closed this. Something was done, and it helps." in _card(client, SECOND)
    dashboard = client.get("/dashboard/portal").text
    assert "Something was done, and it helps." in dashboard
    assert "There was something behind 1 of them, and what was done helps in 1." in dashboard
    assert _choices(client, FIRST) == _choices(client, SECOND) == set()


def test_alert_of_another_team_can_not_be_taken(office: Stage, client: FlaskClient) -> None:
    page = client.get(f"/chat/{FIRST}").text
    stranger = client.get(f"/chat/{STRANGER}").text
    data = {"csrf_token": csrf(stranger), "token": buttons(page)["I take this"]}
    assert client.post(f"/chat/{STRANGER}", data=data).status_code == 400
    assert _alert(office).state is AlertState.OPEN
