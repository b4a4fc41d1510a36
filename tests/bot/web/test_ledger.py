"""The comms team and change agents write down what is decided, and tell it, without any script."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from campaigns.domain.messages import Action, Event, Tap
from campaigns.flows import auditing, telling_back
from campaigns.flows.greeting import home
from campaigns.storage import directory
from campaigns.storage.tables import people
from tests.bot.web.reading import csrf, plain
from tests.bot.web.stage import PASSWORD, Stage, released

PAGE = "/dashboard/portal/ledger"
AGENT = "P05"
OWN = f"/chat/{AGENT}/ledger/portal"


@pytest.fixture
def heard(running: Stage) -> Stage:
    """Permits said "workload", and Registry, whose agent is Person 5, "tools"."""
    running.now.move(days=28)
    registry = released("SOME", themes=["tools"])
    running.publish({"Permits": released("MUCH", themes=["workload"]), "Registry": registry})
    with running.database.write() as c:
        teams = {team.name: team.id for team in directory.tree(c).teams.values()}
        agent = directory.person_by_external_id(c, AGENT)
        directory.replace_agents(c, [(teams["Registry"], agent.id)])
    return running


def options(page: str) -> dict[str, str]:
    """What a group said → its value in the list."""
    found = re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', page)
    return {plain(words).split(",")[0]: value for value, words in found}


def write(client: FlaskClient, path: str, about: str, **fields: str) -> TestResponse:
    page = client.get(path).text
    usual = {
        "csrf_token": csrf(page),
        "said": options(page)[about],
        "course": "planned",
        "text-en": "Two more people\r\nat the <counter>.",
        "owner": AGENT,
        "due_on": "2027-05-03",
    }
    return client.post(path, data=usual | fields)


def tell(client: FlaskClient, path: str) -> TestResponse:
    page = client.get(path).text
    entry = re.findall(r'name="entry" value="(\d+)"', page)[-1]
    fields = {"csrf_token": csrf(page), "entry": entry, "version": "1", "tell": "yes"}
    return client.post(path, data=fields)


def deliver(stage: Stage) -> None:
    telling_back.spread(stage.database, stage.now())
    stage.deliver()


def test_entry_is_written_and_told_to_all_of_its_group(heard: Stage, client: FlaskClient) -> None:
    assert write(client, PAGE, "Permits: workload").status_code == 303
    page = client.get(PAGE).text
    assert "at the &lt;counter&gt;." in page
    assert "nobody was told yet" in page
    assert tell(client, PAGE).status_code == 303
    deliver(heard)
    assert "“workload” is a topic in Permits" in plain(client.get("/chat/P04").text)
    assert "is a topic" not in client.get("/chat/P01").text  # Registry's
    assert "told on Tuesday, 9 February 2027" in plain(client.get(PAGE).text)
    deeds = [one.deed for one in auditing.every(heard.database)]
    assert [one for one in deeds if one != "saw ledger"][-2:] == ["decided", "told back"]


@pytest.mark.usefixtures("heard")
def test_only_released_themes_can_be_picked(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert set(options(page)) == {"Permits: workload", "Registry: tools"}
    forged = write(client, PAGE, "Registry: tools", said="0.1.workload")
    assert forged.status_code == 422
    assert "Nothing was changed" in plain(forged.text)


@pytest.mark.usefixtures("heard")
def test_refused_form_keeps_what_was_typed(client: FlaskClient) -> None:
    done = write(client, PAGE, "Permits: workload", owner="nobody")
    assert done.status_code == 422
    assert 'role="alert"' in done.text
    assert "at the &lt;counter&gt;." in done.text
    assert 'value="nobody"' in done.text
    undated = write(client, PAGE, "Permits: workload", due_on="tomorrow")
    assert (undated.status_code, "A date is needed" in undated.text) == (422, True)
    assert "at the &lt;counter&gt;." in undated.text


def test_agent_writes_about_their_own_team_and_nobody_else_does(
    heard: Stage, client: FlaskClient
) -> None:
    assert set(options(client.get(OWN).text)) == {"Registry: tools"}
    assert write(client, OWN, "Registry: tools").status_code == 303
    assert client.get("/chat/P02/ledger/portal").status_code == 404
    assert client.get("/chat/P05/ledger/nothing").status_code == 404
    log = [one.who for one in auditing.every(heard.database) if one.deed == "decided"]
    assert log == [f"agent {AGENT}"]


def test_agent_reads_the_page_in_their_own_language(heard: Stage, client: FlaskClient) -> None:
    with heard.database.write() as c:
        c.execute(update(people).where(people.c.external_id == AGENT).values(language="de"))
    page = plain(write(client, OWN, "Registry: Werkzeuge", owner="nobody").text)
    assert "Nehmen Sie eine aus der Spalte id der Personaldatei. Nichts wurde geändert." in page
    assert "Wir werden etwas tun" in page
    assert "Dashboard" not in page


@pytest.mark.usefixtures("heard")
def test_form_of_another_page_is_refused(client: FlaskClient) -> None:
    assert client.post(PAGE, data={"said": "0.2.workload"}).status_code == 400
    assert client.post(OWN, data={"said": "0.2.workload"}).status_code == 400


def test_page_is_for_who_has_signed_in(heard: Stage) -> None:
    heard.settings.environment = "production"
    client = heard.app().test_client()
    assert client.get(PAGE).status_code == 302
    assert client.get(OWN).status_code == 403
    assert PASSWORD not in client.get("/sign-in").text


def test_everybody_reads_what_is_decided_on_their_own_page(
    heard: Stage, client: FlaskClient
) -> None:
    write(client, PAGE, "Permits: workload")
    tell(client, PAGE)
    results = client.get("/chat/P04/results").text
    assert "We will do: Two more people" in plain(results)
    assert "<counter>" not in results
    assert "/ledger/portal" not in results
    agent = client.get(f"/chat/{AGENT}/results").text
    assert OWN in agent
    assert "Write down what is decided: Digital permits" in plain(agent)
    assert "Two more people" not in agent  # Registry was not told
    assert 'href="/chat/P04/results"' in client.get("/chat/P04").text
    seen = [one.who for one in auditing.every(heard.database)]
    assert "P04" not in " ".join(seen)  # nobody is noted for looking


def test_press_on_the_home_page_shows_the_results_to_that_person_alone(
    heard: Stage, client: FlaskClient
) -> None:
    write(client, PAGE, "Permits: workload")
    tell(client, PAGE)
    with heard.database.read() as c:
        person = directory.person_by_external_id(c, "P04")
    page = home(heard.database, heard.vault, person, is_comms=False, lane=None, now=heard.now())
    assert any("Show the results" in one.fallback_text for one in page)
    outcome = heard.conversation.handle(Event(person.id, "", Tap(Action.RESULTS)))
    assert outcome.aside is not None
    assert "“workload” is a topic in Permits" in outcome.aside.fallback_text
    assert outcome.message is None


@pytest.mark.usefixtures("heard")
def test_comms_team_lets_a_pulse_go_on_and_an_agent_does_not(client: FlaskClient) -> None:
    assert "Nothing was told back" in plain(client.get("/dashboard/portal").text)
    page = client.get(PAGE).text
    assert "Nothing was told back of what groups said since" in plain(page)
    assert "Let the pulse go on" not in page
    again = client.post(PAGE, data={"csrf_token": csrf(page), "go_on": "yes"})
    assert again.status_code == 303
    assert "Nothing waits any more." in plain(client.get(PAGE).text)
    own = client.get(OWN).text
    assert "Nothing was told back" not in own
    assert client.post(OWN, data={"csrf_token": csrf(own), "go_on": "yes"}).status_code == 404
