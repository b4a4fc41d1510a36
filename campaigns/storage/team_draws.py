"""What chance drew for a whole team, once for each rule and pulse; there is no person in it."""

from dataclasses import asdict

from sqlalchemy import Connection, select

from campaigns.domain.holdout import Draw
from campaigns.storage.once import insert_once
from campaigns.storage.tables import team_draws


def settled(c: Connection, run_id: int, team_id: int, rule: str, wished: Draw) -> Draw:
    """What holds for the team: `wished` where nothing was drawn yet, else what was drawn first."""
    whose = {"run_id": run_id, "team_id": team_id, "rule": rule}
    insert_once(c, team_draws, [whose | asdict(wished)], list(whose))
    found = select(team_draws.c.held, team_draws.c.p_held).where(
        *(team_draws.c[name] == value for name, value in whose.items())
    )
    row = c.execute(found).one()
    return Draw(row.held, row.p_held)
