"""What rules decided and what became of it, in sums; of people only that a rule decided for them.

What is read here of single decisions goes into the sums and nowhere else.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from campaigns.domain.experiments import Tally, from_json
from campaigns.storage.tables import decisions, effects, runs


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision that chance had a part in; `run_id` stands where a whole team shared the draw,
    with `starts_at`, when that pulse began."""

    person_id: int
    rule: str
    due_at: datetime
    send: str
    held: bool
    p_held: float
    run_id: int | None
    team_id: int | None
    starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule's sums: of decisions before `until`, as of the close `looked_at`."""

    until: datetime
    looked_at: datetime
    tally: Tally


def decided(c: Connection, campaign_id: int, before: datetime) -> list[Decided]:
    """The campaign's decisions whose messages were due before that moment, by id."""
    columns = (decisions.c[name] for name in Decided.__slots__ if name != "starts_at")
    found = (
        select(*columns, runs.c.starts_at)
        .outerjoin(runs, runs.c.id == decisions.c.run_id)
        .where(
            decisions.c.campaign_id == campaign_id,
            decisions.c.p_held.is_not(None),
            decisions.c.due_at < before,
        )
    )
    return [Decided(**row._mapping) for row in c.execute(found.order_by(decisions.c.id))]


def of_campaign(c: Connection, campaign_id: int) -> dict[str, Counted]:
    """Rule → its sums so far."""
    found = select(effects).where(effects.c.campaign_id == campaign_id)
    return {
        row.rule: Counted(row.counted_until, row.looked_at, from_json(json.loads(row.tally)))
        for row in c.execute(found)
    }


def put(c: Connection, campaign_id: int, counted: dict[str, Counted]) -> None:
    """These sums hold for these rules from now on."""
    if not counted:
        return
    known = (effects.c.campaign_id == campaign_id, effects.c.rule.in_(list(counted)))
    c.execute(delete(effects).where(*known))
    rows = [
        {
            "campaign_id": campaign_id,
            "rule": rule,
            "counted_until": one.until,
            "looked_at": one.looked_at,
            "tally": json.dumps(asdict(one.tally)),
        }
        for rule, one in counted.items()
    ]
    c.execute(insert(effects), rows)
