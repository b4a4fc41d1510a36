"""Alerts keep their version, so that nobody changes what they didn't see."""

from datetime import date, datetime, timedelta

import pytest

from campaigns.domain.alerts import AlertKind, AlertState, Finding, Strength
from campaigns.domain.confidentiality import Size
from campaigns.errors import NotFoundError
from campaigns.storage import alerts
from campaigns.storage.database import Database
from sentiment.labels import Barrier, Theme
from tests.scene import Scene

FINDING = Finding(
    team="Permits",
    kind=AlertKind.RISING,
    strength=Strength.SOME,
    since=date(2027, 1, 4),
    size=Size.TENS,
    barrier=Barrier.ABILITY,
    themes=(Theme.TOOLS,),
    actions=("listen",),
)


def test_alert_comes_back_as_it_was_put(database: Database, now: datetime) -> None:
    scene = Scene(database, now)
    with database.write() as c:
        alert_id = alerts.put(c, scene.campaign.id, scene.team_id, FINDING, now)
        found = alerts.by_id(c, alert_id)
        assert alerts.of_campaign(c, scene.campaign.id) == [found]
        assert alerts.newest(c, scene.campaign.id) == {scene.team_id: found}
    assert (found.state, found.version, found.agent_id) == (AlertState.OPEN, 1, None)
    assert (found.finding, found.raised_at, found.note) == (FINDING, now, None)


def test_unknown_alert_is_not_found(database: Database) -> None:
    with database.read() as c, pytest.raises(NotFoundError):
        alerts.by_id(c, 1)


def test_change_of_an_outdated_alert_does_nothing(database: Database, now: datetime) -> None:
    scene = Scene(database, now)
    later = now + timedelta(hours=1)
    with database.write() as c:
        seen = alerts.by_id(c, alerts.put(c, scene.campaign.id, scene.team_id, FINDING, now))
        assert alerts.change(c, seen, AlertState.RESOLVED, later)
        assert not alerts.change(c, seen, AlertState.CLOSED, later)
        found = alerts.by_id(c, seen.id)
    assert (found.state, found.version, found.changed_at) == (AlertState.RESOLVED, 2, later)


def test_renewing_keeps_the_version(database: Database, now: datetime) -> None:
    scene = Scene(database, now)
    newer = Finding("Permits", AlertKind.HIGH, Strength.STRONG, date(2027, 1, 4), Size.MANY)
    with database.write() as c:
        alert_id = alerts.put(c, scene.campaign.id, scene.team_id, FINDING, now)
        alerts.renew(c, alert_id, newer)
        found = alerts.by_id(c, alert_id)
    assert (found.finding, found.version) == (newer, 1)


def test_only_snoozed_alerts_whose_time_is_over_wake(database: Database, now: datetime) -> None:
    scene = Scene(database, now)
    with database.write() as c:
        for days in (1, 3):
            seen = alerts.by_id(c, alerts.put(c, scene.campaign.id, scene.team_id, FINDING, now))
            until = now + timedelta(days=days)
            alerts.change(c, seen, AlertState.SNOOZED, now, snoozed_until=until)
        alerts.put(c, scene.campaign.id, scene.team_id, FINDING, now)
        awake = alerts.asleep(c, now + timedelta(days=2))
    assert [one.snoozed_until for one in awake] == [now + timedelta(days=1)]
