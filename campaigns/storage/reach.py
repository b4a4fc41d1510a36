"""How far a campaign's messages got, in counts; which of them were answered is not asked here."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from campaigns.storage.tables import deliveries


def people_reached(c: Connection, campaign_id: int) -> int:
    """How many people got at least one message of the campaign, alerts aside."""
    found = (
        select(deliveries.c.person_id)
        .where(
            deliveries.c.campaign_id == campaign_id,
            deliveries.c.state == "sent",
            deliveries.c.kind != "alert",
        )
        .distinct()
    )
    return c.scalar(select(func.count()).select_from(found.subquery())) or 0


def by_state(c: Connection, campaign_id: int) -> Mapping[str, int]:
    """State → how many messages of the campaign are in it, alerts aside."""
    found = (
        select(deliveries.c.state, func.count().label("n"))
        .where(deliveries.c.campaign_id == campaign_id, deliveries.c.kind != "alert")
        .group_by(deliveries.c.state)
    )
    return {row.state: row.n for row in c.execute(found)}


def follow_ups(c: Connection, campaign_id: int) -> Mapping[str, int]:
    """Touchpoint → how many people its follow-up went to."""
    found = (
        select(
            deliveries.c.touchpoint, func.count(func.distinct(deliveries.c.person_id)).label("n")
        )
        .where(
            deliveries.c.campaign_id == campaign_id,
            deliveries.c.state == "sent",
            deliveries.c.kind == "follow_up",
        )
        .group_by(deliveries.c.touchpoint)
    )
    return {row.touchpoint: row.n for row in c.execute(found)}
