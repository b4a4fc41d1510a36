"""The register counts what is there now, and never a question that nobody was handed yet."""

from datetime import datetime, timedelta

from sqlalchemy import update

from campaigns.domain.alerts import AlertState
from campaigns.domain.asking import QuestionState
from campaigns.domain.coverage import Cover, Load
from campaigns.domain.outbox import Kind
from campaigns.flows.covering import Invited, register
from campaigns.flows.watching import close_periods
from campaigns.storage import alerts, campaigns, directory, questions
from campaigns.storage.campaigns import STOPPED
from campaigns.storage.database import Database
from campaigns.storage.questions import NewQuestion
from campaigns.storage.tables import questions as question_rows
from sentiment.watch import TeamDetector
from tests.campaigns.storage.test_alerts import FINDING
from tests.scene import VAULT, Scene, definition


def peopled(database: Database, now: datetime) -> Scene:
    """Twelve people in one team, the first its agent, the second a champion; one has left."""
    scene = Scene(database, now)
    people = [scene.person(f"P{n}", champion=n in (1, 12)) for n in range(13)]
    with database.write() as c:
        directory.replace_agents(c, [(scene.team_id, people[0].id), (scene.team_id, people[12].id)])
        directory.deactivate(c, [people[12].id])
        for n, state in enumerate(QuestionState):
            asked = NewQuestion(n, scene.campaign.id, people[3].id, scene.team_id, False, b"", now)
            questions.put(c, asked)
            c.execute(update(question_rows).where(question_rows.c.id == n).values(state=state))
        for became in (AlertState.OPEN, AlertState.CLOSED):
            alert = alerts.put(c, scene.campaign.id, scene.team_id, FINDING, now)
            alerts.change(c, alerts.by_id(c, alert), became, now)
    return scene


def test_register_counts_who_is_here_and_what_is_open(database: Database, now: datetime) -> None:
    scene = peopled(database, now)
    found = register(database)
    [team] = found.coverage.teams
    assert (team.team, team.n_people, team.cover) == ("Permits", 12, Cover.OWN)
    assert (team.agents, team.champions) == (("Member P0",), ("Member P1",))
    assert found.coverage.agents == (Load("Member P0", 1, 12, 1, 1),)
    with database.write() as c:
        campaigns.set_state(c, scene.campaign.id, STOPPED, now)
    assert register(database).coverage.agents == (Load("Member P0", 1, 12, 0, 0),)


def test_invitations_are_counted_as_of_the_last_close(
    sqlite_database: Database, now: datetime
) -> None:
    texts = {"kind": "follow_up", "title": "Join", "text": "Speak for it."}
    joining = texts | {"key": "join", "purpose": "champion"}
    vision = {"kind": "vision", "key": "why", "title": "Why", "text": "So.", "when": {}}
    vision["when"] = {"days_after_launch": 0}
    content = definition(touchpoints=[vision, joining], rules=[], questions=[])
    scene = Scene(sqlite_database, now, content)
    for n in range(12):
        scene.put(scene.person(f"P{n}"), "join", Kind.FOLLOW_UP)
    assert register(sqlite_database).invited == (Invited("The permits portal", None),)
    later = now + timedelta(weeks=4, hours=2)
    close_periods(sqlite_database, VAULT, TeamDetector(), later)
    assert register(sqlite_database).invited == (Invited("The permits portal", 10),)
