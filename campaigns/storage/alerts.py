"""Alerts as they are stored: at most one that stands for a team and campaign, versioned by change.

Whoever changes one says which version was looked at; a change of an outdated one does nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from campaigns.domain import alerts as alert_rules
from campaigns.domain.alerts import AlertState, Ending, Finding, Tried, dump, load
from campaigns.domain.outbox import Kind
from campaigns.errors import NotFoundError
from campaigns.storage.tables import alerts, deliveries


@dataclass(frozen=True, slots=True)
class Alert:
    """A row; `agent_id` is who took it, `note` is encrypted, `tried` the key of an action or ""."""

    id: int
    campaign_id: int
    team_id: int
    state: AlertState
    version: int
    agent_id: int | None
    finding: Finding
    raised_at: datetime
    changed_at: datetime
    snoozed_until: datetime | None
    note: bytes | None
    ending: Ending | None
    escalated_at: datetime | None
    tried: str


def put(c: Connection, campaign_id: int, team_id: int, finding: Finding, now: datetime) -> int:
    """A new open alert; gives its id."""
    values = {"campaign_id": campaign_id, "team_id": team_id, "finding": dump(finding)}
    row = {"state": AlertState.OPEN, "version": 1, "raised_at": now, "changed_at": now, **values}
    return int(c.execute(insert(alerts).values(row).returning(alerts.c.id)).scalar_one())


def by_id(c: Connection, alert_id: int) -> Alert:
    """The alert with that id; NotFoundError where there is none."""
    row = c.execute(select(alerts).where(alerts.c.id == alert_id)).first()
    if row is None:
        raise NotFoundError("There is no such alert.")
    return _from(row)


def of_campaign(c: Connection, campaign_id: int) -> list[Alert]:
    """All alerts of the campaign, newest first."""
    found = select(alerts).where(alerts.c.campaign_id == campaign_id)
    return [_from(row) for row in c.execute(found.order_by(alerts.c.id.desc()))]


def experience(c: Connection, campaign_id: int) -> dict[str, Tried]:
    """Action → what came of it in the campaign's alerts, where enough is known."""
    return alert_rules.experience((one.tried, one.ending) for one in of_campaign(c, campaign_id))


def taken_by(c: Connection, agent_id: int) -> list[Alert]:
    """The alerts that this agent has or had last, by id."""
    found = select(alerts).where(alerts.c.agent_id == agent_id)
    return [_from(row) for row in c.execute(found.order_by(alerts.c.id))]


def newest(c: Connection, campaign_id: int) -> Mapping[int, Alert]:
    """Team → its newest alert in the campaign, whatever its state."""
    return {alert.team_id: alert for alert in reversed(of_campaign(c, campaign_id))}


def heard(c: Connection, agents: Collection[int], since: datetime) -> dict[int, int]:
    """Agent → of how many alerts they heard that were raised since then, in all campaigns."""
    found = (
        select(deliveries.c.person_id, func.count(alerts.c.id.distinct()).label("n"))
        .join(alerts, alerts.c.id == deliveries.c.subject_id)
        .where(
            deliveries.c.kind == Kind.ALERT,
            deliveries.c.person_id.in_(list(agents)),
            alerts.c.raised_at > since,
        )
        .group_by(deliveries.c.person_id)
    )
    return {row.person_id: row.n for row in c.execute(found)}


def asleep(c: Connection, now: datetime) -> list[Alert]:
    """Snoozed alerts whose time is over by now."""
    found = select(alerts).where(
        alerts.c.state == AlertState.SNOOZED, alerts.c.snoozed_until <= now
    )
    return [_from(row) for row in c.execute(found.order_by(alerts.c.id))]


def untaken(c: Connection, before: datetime) -> list[Alert]:
    """Open alerts of the time before, of which nobody but the team's agents was told."""
    found = select(alerts).where(
        alerts.c.state == AlertState.OPEN,
        alerts.c.raised_at <= before,
        alerts.c.escalated_at.is_(None),
    )
    return [_from(row) for row in c.execute(found.order_by(alerts.c.id))]


def escalate(c: Connection, alert_id: int, now: datetime) -> bool:
    """More people are told from now on; False where that, or a change, came first.

    The version stays, so that no agent's button is outdated by it.
    """
    this = update(alerts).where(
        alerts.c.id == alert_id,
        alerts.c.state == AlertState.OPEN,
        alerts.c.escalated_at.is_(None),
    )
    return c.execute(this.values(escalated_at=now)).rowcount == 1


def change(
    c: Connection,
    alert: Alert,
    state: AlertState,
    now: datetime,
    *,
    agent_id: int | None = None,
    snoozed_until: datetime | None = None,
    note: bytes | None = None,
    ending: Ending | None = None,
    tried: str | None = None,
) -> bool:
    """The alert is in that state, one version on; False where somebody changed it meanwhile.

    What was tried stays where nothing is given.
    """
    this = update(alerts).where(alerts.c.id == alert.id, alerts.c.version == alert.version)
    values = {
        "state": state,
        "version": alert.version + 1,
        "changed_at": now,
        "agent_id": agent_id,
        "snoozed_until": snoozed_until,
        "note": note,
        "ending": ending or "",
        "tried": alert.tried if tried is None else tried,
    }
    return c.execute(this.values(values)).rowcount == 1


def renew(c: Connection, alert_id: int, finding: Finding) -> None:
    """The alert says what is known now; its version stays, so nobody's press is outdated by it."""
    c.execute(update(alerts).where(alerts.c.id == alert_id).values(finding=dump(finding)))


def _from(row: Row[Any]) -> Alert:
    values: dict[str, Any] = dict(row._mapping)
    ending = Ending(row.ending) if row.ending else None
    changed = {"state": AlertState(row.state), "finding": load(row.finding), "ending": ending}
    return Alert(**{**values, **changed})
