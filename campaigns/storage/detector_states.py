"""What the watching flow carries from close to close: a few numbers a team, no person's."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from campaigns.storage.tables import detector_states


def of_campaign(c: Connection, campaign_id: int) -> dict[int, str]:
    """Team → its state as it was put."""
    found = select(detector_states.c.team_id, detector_states.c.state)
    rows = c.execute(found.where(detector_states.c.campaign_id == campaign_id))
    return {row.team_id: row.state for row in rows}


def replace(c: Connection, campaign_id: int, states: Mapping[int, str]) -> None:
    """Exactly these teams have a state now."""
    c.execute(delete(detector_states).where(detector_states.c.campaign_id == campaign_id))
    rows = [
        {"campaign_id": campaign_id, "team_id": team_id, "state": state}
        for team_id, state in states.items()
    ]
    if rows:
        c.execute(insert(detector_states), rows)
