"""Whom messages reached, and which team people sit in: what answers are seen against.

Nothing here reads an answer, or whether there was one.
"""

from typing import Any

from sqlalchemy import Connection, Select, func, select

from campaigns.domain.people import overlaps
from campaigns.domain.periods import Span
from campaigns.storage.outbox import MORE
from campaigns.storage.tables import deliveries, people


def invited(c: Connection, campaign_id: int, period: Span) -> dict[int, int]:
    """Team → how many of its people got a pulse in the period."""
    who = _asked(campaign_id, period).subquery()
    found = (
        select(people.c.team_id, func.count().label("n"))
        .join(who, who.c.person_id == people.c.id)
        .group_by(people.c.team_id)
    )
    return {row.team_id: row.n for row in c.execute(found)}


def reached(c: Connection, campaign_id: int, period: Span) -> set[int]:
    """Who got a pulse in the period."""
    return set(c.scalars(_asked(campaign_id, period)))


def absent(c: Connection, during: Span) -> set[int]:
    """Who was away on a day of that time: whatever they left unanswered then is no silence."""
    found = select(people.c.id, people.c.away_from, people.c.away_until).where(
        people.c.away_from.is_not(None)
    )
    first, last = during.start.date(), during.end.date()
    return {row.id for row in c.execute(found) if overlaps(*row[1:], first, last)}


def urged(c: Connection, campaign_id: int, period: Span) -> set[int]:
    """Teams of which somebody got one reminder more in the period."""
    found = (
        select(people.c.team_id)
        .join(deliveries, deliveries.c.person_id == people.c.id)
        .where(
            deliveries.c.campaign_id == campaign_id,
            deliveries.c.kind == "reminder",
            deliveries.c.once.startswith(MORE),
            deliveries.c.sent_at >= period.start,
            deliveries.c.sent_at < period.end,
        )
    )
    return set(c.scalars(found.distinct()))


def members(c: Connection) -> dict[int, int]:
    """Team → how many active people sit in the team itself."""
    found = select(people.c.team_id, func.count().label("n")).where(people.c.active)
    return {row.team_id: row.n for row in c.execute(found.group_by(people.c.team_id))}


def seats(c: Connection) -> dict[int, int]:
    """Person → the team they sit in now; everybody active."""
    found = select(people.c.id, people.c.team_id).where(people.c.active)
    return {row.id: row.team_id for row in c.execute(found)}


def regions(c: Connection) -> list[tuple[int, str, int]]:
    """(team, region of the public holidays, how many active people of it live under those)."""
    found = select(people.c.team_id, people.c.holidays, func.count().label("n"))
    grouped = found.where(people.c.active).group_by(people.c.team_id, people.c.holidays)
    return [(row.team_id, row.holidays, row.n) for row in c.execute(grouped)]


def sent_to_team(c: Connection, campaign_id: int, team_id: int) -> list[str]:
    """Keys of the vision messages that went out to the team, by name."""
    found = (
        select(deliveries.c.touchpoint)
        .join(people, people.c.id == deliveries.c.person_id)
        .where(
            people.c.team_id == team_id,
            deliveries.c.campaign_id == campaign_id,
            deliveries.c.kind == "vision",
            deliveries.c.state == "sent",
        )
    )
    return sorted(c.scalars(found.distinct()))


def _asked(campaign_id: int, period: Span) -> Select[Any]:
    return (
        select(deliveries.c.person_id)
        .where(
            deliveries.c.campaign_id == campaign_id,
            deliveries.c.state == "sent",
            deliveries.c.kind == "pulse",
            deliveries.c.sent_at >= period.start,
            deliveries.c.sent_at < period.end,
        )
        .distinct()
    )
