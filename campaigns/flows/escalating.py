"""What lies for too long goes to more people: an alert that nobody takes, to the campaign's owners.

Where a campaign names no owner, the comms team sees on the dashboard that nobody took it in time.
Nothing here knows what an alert rests on, nor whose question it is that lies.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns.domain.alerts import overdue_at
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.flows.notifying import notify
from campaigns.storage import alerts as alerts_store
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage import directory, outbox, responsible
from campaigns.storage.alerts import Alert
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database

_SOONEST = timedelta(days=1)  # no campaign's time is shorter


def owners(connection: Connection, launched: Launched) -> list[Person]:
    """Who answers for the campaign, of those who are still there; empty where it names nobody."""
    return responsible.active(connection, launched.definition.campaign.owners)


def escalate_alerts(database: Database, now: datetime) -> int:
    """Alerts that nobody took within their campaign's time are known to its owners; how many."""
    with database.read() as c:
        if not alerts_store.untaken(c, now - _SOONEST):
            return 0
    with database.write() as c:
        waiting = alerts_store.untaken(c, now - _SOONEST)
        return sum(_escalate(c, one, now) for one in waiting)


def _escalate(c: Connection, alert: Alert, now: datetime) -> bool:
    launched = campaigns_store.by_id(c, alert.campaign_id)
    days = launched.definition.campaign.escalate_after_days
    if launched.state == STOPPED or now < overdue_at(alert.raised_at, days):
        return False
    if not alerts_store.escalate(c, alert.id, now):
        return False
    told = set(directory.agents_for(c, alert.team_id))
    more = [owner.id for owner in owners(c, launched) if owner.id not in told]
    outbox.edit_about(c, launched.id, Kind.ALERT, alert.id, now)
    notify(c, launched, Kind.ALERT, alert.id, more, now)
    return True
