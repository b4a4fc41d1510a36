"""An alert that nobody takes in the campaign's time goes to its owners; one with a taker stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.domain.alerts import AlertState, overdue_at
from campaigns.domain.outbox import Kind
from campaigns.errors import NotFoundError
from campaigns.flows import handling
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.escalating import escalate_alerts
from campaigns.flows.notifying import notify
from campaigns.flows.planning import stop
from campaigns.flows.reporting import overview
from campaigns.storage import alerts, directory, outbox
from campaigns.storage.alerts import Alert
from campaigns.storage.database import Database
from tests.campaigns.storage.test_alerts import FINDING
from tests.fakes import RecordingMessenger
from tests.people import clerk
from tests.scene import Scene, definition

DAY = timedelta(days=1)


class Case:
    """An alert of a Tuesday about a team with one agent, in a campaign with these owners."""

    def __init__(self, database: Database, now: datetime, owners: list[str]) -> None:
        self.scene = Scene(database, now, definition(owners=owners))
        self.database, self.now = database, now
        self.messenger = RecordingMessenger()
        self.agent, self.owner = self.scene.person("A1"), self.scene.person("O1")
        with database.write() as c:
            directory.replace_agents(c, [(self.scene.team_id, self.agent.id)])
            campaign = self.scene.campaign
            self.alert_id = alerts.put(c, campaign.id, self.scene.team_id, FINDING, now)
            notify(c, campaign, Kind.ALERT, self.alert_id, [self.agent.id], now)
        self.deliver(now)

    def deliver(self, now: datetime) -> None:
        while deliver_due(self.database, self.messenger, compose, now):
            pass

    def wait(self, days: int) -> int:
        """What was escalated so many days later, all of it delivered."""
        now = self.now + days * DAY
        n = escalate_alerts(self.database, now)
        self.deliver(now)
        return n

    def alert(self) -> Alert:
        with self.database.read() as c:
            return alerts.by_id(c, self.alert_id)

    def reads(self, person_id: int) -> list[str]:
        return [message.fallback_text for message in self.messenger.shown(person_id)]


@pytest.fixture
def case(database: Database, now: datetime) -> Case:
    return Case(database, now, ["O1", "nobody"])


@pytest.mark.parametrize(
    ("since", "days", "until"),
    [
        (datetime(2027, 1, 12, 9, tzinfo=UTC), 3, datetime(2027, 1, 15, 9, tzinfo=UTC)),
        (datetime(2027, 1, 14, 9, tzinfo=UTC), 3, datetime(2027, 1, 19, 9, tzinfo=UTC)),
        (datetime(2027, 1, 16, 9, tzinfo=UTC), 1, datetime(2027, 1, 18, 9, tzinfo=UTC)),
        (datetime(2027, 1, 15, 9, tzinfo=UTC), 5, datetime(2027, 1, 22, 9, tzinfo=UTC)),
    ],
)
def test_weekends_do_not_count(since: datetime, days: int, until: datetime) -> None:
    assert overdue_at(since, days) == until


def test_alert_goes_to_the_owner_once_when_nobody_takes_it(case: Case) -> None:
    assert case.wait(2) == 0
    assert case.reads(case.owner.id) == []
    assert case.wait(3) == 1
    for person_id in (case.agent.id, case.owner.id):
        (text,) = case.reads(person_id)  # one message a case: what the agent has is edited
        assert "Nobody took this within 3 working days" in text
    assert case.wait(4) == 0
    assert len(case.reads(case.owner.id)) == 1


def test_owner_can_take_what_was_escalated_and_the_agents_old_button_still_works(
    case: Case,
) -> None:
    late = case.now + 3 * DAY
    with pytest.raises(NotFoundError):
        handling.take(case.database, case.alert_id, case.owner.id, 1, late)
    case.wait(3)
    assert case.alert().version == 1
    taken = handling.take(case.database, case.alert_id, case.owner.id, 1, late)
    assert (taken.state, taken.agent_id) == (AlertState.TAKEN, case.owner.id)


@pytest.mark.parametrize(
    "change",
    [
        lambda case: handling.take(case.database, case.alert_id, case.agent.id, 1, case.now),
        lambda case: handling.snooze(case.database, case.alert_id, case.agent.id, 1, 14, case.now),
        lambda case: stop(case.database, case.scene.campaign.key, case.now),
    ],
)
def test_alert_stays_where_it_is_when_somebody_has_it_or_the_campaign_is_over(
    case: Case, change: Callable[[Case], object]
) -> None:
    change(case)
    assert case.wait(3) == 0
    assert case.reads(case.owner.id) == []


def test_comms_team_sees_that_nobody_took_it_when_there_is_no_owner(
    database: Database, now: datetime
) -> None:
    case = Case(database, now, [])
    (row,) = overview(database, case.scene.campaign.key, now).alerts
    assert not row.overdue
    assert case.wait(3) == 1
    (row,) = overview(database, case.scene.campaign.key, now).alerts
    assert row.overdue
    assert "more people" not in case.reads(case.agent.id)[0]


def test_owner_who_is_the_teams_agent_is_not_told_twice(database: Database, now: datetime) -> None:
    case = Case(database, now, ["A1"])
    case.wait(3)
    with database.read() as c:
        about = outbox.about(c, case.scene.campaign.id, Kind.ALERT, case.alert_id)
    assert [one.person_id for one in about] == [case.agent.id]


def test_owner_who_left_is_not_told(database: Database, now: datetime) -> None:
    case = Case(database, now, ["O1"])
    with database.write() as c:
        directory.put(c, clerk("O1", case.scene.team_id, active=False))
    assert case.wait(3) == 1
    assert case.reads(case.owner.id) == []
