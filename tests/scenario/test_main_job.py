"""The main job in eight simulated weeks, on both databases: every sentence of the promise once.

A team turns against the change; its agent hears of it; each person's next message depends on what
they said; nobody gets anything twice, also when the program is started anew half-way.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.clocks import SimulatedClock
from bot.conversation import Conversation
from bot.demo.agents import take_button
from bot.replaying import Replay, Row
from bot.web.messenger import BrowserMessenger
from campaigns.domain.alerts import AlertState
from campaigns.domain.confidentiality import Released, Withheld
from campaigns.domain.messages import Event
from campaigns.engine.work import Work
from campaigns.flows.composing import compose
from campaigns.flows.enrolling import import_people
from campaigns.flows.planning import launch
from campaigns.flows.reporting import overview
from campaigns.storage import directory, mailbox
from campaigns.storage.database import Database
from campaigns.storage.tables import deliveries, people
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Barrier, Stance, Theme
from sentiment.watch import TeamDetector
from tests.fakes import FixedScorer, a_score
from tests.scene import definition

MONDAY = datetime(2027, 1, 11, 0, 0, tzinfo=UTC)
WEEKS = 8
TURN = 4
TEAMS = {"Red": 14, "Green": 14, "Blue": 14, "Grey": 3}
LOST = "Nobody showed me how this works."
AFRAID = "I think my job goes away."
IN_NEED = "I can't go on like this."
FINE = "It does what it should."
SCORER = FixedScorer(
    {
        LOST: a_score(Stance.AMBIVALENT, Barrier.KNOWLEDGE, (Theme.TRAINING,)),
        AFRAID: a_score(Stance.RESISTANT, Barrier.DESIRE, (Theme.JOB_SECURITY,)),
        IN_NEED: a_score(Stance.RESISTANT, Barrier.DESIRE, (), safeguarding=True),
        FINE: a_score(Stance.SUPPORTIVE, Barrier.NONE, (Theme.TOOLS,)),
    }
)
LAST, NEEDY, LEARNER, SILENT = "Green13", "Green1", "Blue2", "Blue3"


def _staff() -> str:
    rows = ["id,name,team,parent_team,time_zone,agent_for", "Agent,Ada Agent,Agency,,UTC,Agency"]
    rows += [
        f"{team}{n},Member {team}{n},{team},Agency,UTC,"
        for team, size in TEAMS.items()
        for n in range(size)
    ]
    return "\n".join(rows)


def _rows() -> Iterator[Row]:
    """Everybody answers every week but one silent person; Red turns in week four."""
    for week in range(WEEKS):
        at = MONDAY + timedelta(weeks=week, hours=10)
        for team, size in TEAMS.items():
            for n in range(size):
                person, turned = f"{team}{n}", team == "Red" and week >= TURN
                # A different handful stays away each week, so that groups are not nested.
                if person == SILENT or ((n + week) % 5 == 0 and person not in (NEEDY, LEARNER)):
                    continue
                words = AFRAID if turned else FINE
                if week == 1 and person in (NEEDY, LEARNER):
                    words = IN_NEED if person == NEEDY else LOST
                yield Row(person, at, {"ready": 1 if turned else 4 + n % 2, "why": words})


class World:
    """The agency after eight weeks, with a new program started in the middle of them."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, SimulatedClock(MONDAY)
        self.vault = Vault([new_key()])
        import_people(database, _staff(), dry_run=False, skip_bad=False)
        promise = {"period_weeks": 2}
        content = definition(key="job", confidentiality=promise, tell_back="off")
        launch(database, content, MONDAY)
        rows = list(_rows())
        half = MONDAY + timedelta(weeks=3, days=2)
        self._live([row for row in rows if row.at < half], half)
        self._live(
            [row for row in rows if row.at >= half], MONDAY + timedelta(weeks=WEEKS, hours=4)
        )
        self.report = overview(database, "job", self.clock.now())

    def _live(self, rows: list[Row], until: datetime) -> None:
        """A program of its own: nothing is carried over but the database."""
        now = self.clock.now
        messenger = BrowserMessenger(self.database, now)
        self.conversation = Conversation(self.database, self.vault, messenger, now)
        work = Work(
            self.database, messenger, compose, lambda: SCORER, self.vault, TeamDetector(), now
        )
        replay = Replay(self.database, work, self.conversation, self.clock)
        assert replay.run(rows, until, lambda _: None).left_out == 0

    def thread(self, external_id: str) -> list[str]:
        """What the person's chat says, message by message."""
        with self.database.read() as c:
            person = directory.person_by_external_id(c, external_id)
            return [one.message.fallback_text for one in mailbox.thread(c, person.id, 100)]

    def sent(self, external_id: str, kind: str) -> int:
        with self.database.read() as c:
            return c.execute(
                select(func.count())
                .select_from(deliveries.join(people, people.c.id == deliveries.c.person_id))
                .where(
                    people.c.external_id == external_id,
                    deliveries.c.kind == kind,
                    deliveries.c.state == "sent",
                )
            ).scalar_one()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_main_job_end_to_end(world: World) -> None:
    """One life of the agency, looked at from every side (a new world a question would be slow)."""
    _the_turned_team_is_flagged(world)
    _small_groups_stay_hidden(world)
    _each_next_message_depends_on_what_was_said(world)
    _nobody_gets_anything_twice(world)
    _the_agent_takes_the_alert(world)


def _the_turned_team_is_flagged(world: World) -> None:
    assert [alert.team for alert in world.report.alerts] == ["Red"]
    assert any("Red" in text for text in world.thread("Agent"))


def _small_groups_stay_hidden(world: World) -> None:
    cells = {row.name: row.cells for row in world.report.teams}
    assert len(cells["Red"]) == WEEKS // 2
    assert all(isinstance(cell, Withheld) for cell in cells["Grey"])
    assert isinstance(cells["Red"][-1], Released)


def _each_next_message_depends_on_what_was_said(world: World) -> None:
    assert any("This is training." in text for text in world.thread(LEARNER))
    assert any("This is fear." in text for text in world.thread("Red7"))
    assert any("This is talk." in text for text in world.thread(SILENT))
    assert not any("This is" in text for text in world.thread(LAST))
    assert world.sent(NEEDY, "help") == 1
    assert any("Staff counselling" in text for text in world.thread(NEEDY))
    others = [text for name in ("Agent", LEARNER, LAST) for text in world.thread(name)]
    assert not any("Staff counselling" in text for text in others)
    assert world.sent(SILENT, "reminder") >= WEEKS - 1
    assert world.sent(NEEDY, "reminder") == 0


def _nobody_gets_anything_twice(world: World) -> None:
    with world.database.read() as c:
        rows = c.execute(
            select(deliveries.c.run_id, deliveries.c.person_id, deliveries.c.touchpoint)
            .where(deliveries.c.state == "sent", deliveries.c.run_id.is_not(None))
        ).all()  # fmt: skip
    assert len(rows) == len(set(rows))
    assert world.sent(LAST, "pulse") == WEEKS
    assert world.sent(LAST, "vision") == 1


def _the_agent_takes_the_alert(world: World) -> None:
    with world.database.read() as c:
        agent = directory.person_by_external_id(c, "Agent")
        shown = [posted.message for posted in mailbox.thread(c, agent.id, 100)]
    (alert,) = [message for message in shown if message.importance == "alert"]
    button = take_button(alert)
    assert button is not None
    outcome = world.conversation.handle(Event(agent.id, alert.key, button.tap))
    assert outcome.message is not None
    assert take_button(outcome.message) is None
    report = overview(world.database, "job", world.clock.now())
    assert [(one.state, one.owner) for one in report.alerts] == [(AlertState.TAKEN, "Ada Agent")]
