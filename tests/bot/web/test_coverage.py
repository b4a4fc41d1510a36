"""The comms team sees which teams have nobody to turn to before it sees anything else."""

import pytest
from flask.testing import FlaskClient

from campaigns.domain.audit import Deed
from campaigns.storage import audit, directory
from tests.bot.web.reading import plain
from tests.bot.web.stage import Stage

PAGE = "/coverage"


def test_teams_without_anybody_come_first(stage: Stage, client: FlaskClient) -> None:
    with stage.database.write() as c:
        tree = directory.tree(c)
        [desk] = [team.id for team in tree.teams.values() if team.name == "Registry"]
        agent = next(iter(directory.everyone(c)))
        directory.replace_agents(c, [(desk, agent.id)])
    text = plain(client.get(PAGE).text)
    assert text.index("Nobody yet") < text.index("A change agent of their own")
    assert text.index("A change agent of their own") < text.index("What waits for each")
    assert "nobody to turn to" in text


def test_look_is_in_the_audit_log_because_alerts_are_counted(
    stage: Stage, client: FlaskClient
) -> None:
    client.get(PAGE)
    with stage.database.read() as c:
        assert audit.newest_of(c, Deed.SAW_ALERTS) is not None


@pytest.mark.usefixtures("running")
def test_campaigns_link_to_the_register(client: FlaskClient) -> None:
    html = client.get("/dashboard/portal").text
    assert f'href="{PAGE}"' in html
