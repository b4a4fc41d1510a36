"""What was published: one row a campaign, closed period and node of the tree; never changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, bindparam, func, insert, select

from campaigns.domain.cells import Node
from campaigns.domain.confidentiality import Cell, from_json, to_json
from campaigns.domain.people import Team, TeamTree
from campaigns.storage.tables import campaigns, releases

# Asked at each press: built once, for that takes longer than to ask.
_LAST = select(func.max(releases.c.period)).where(
    releases.c.campaign_id == bindparam("campaign_id")
)


@dataclass(frozen=True, slots=True)
class Publication:
    """One closed period: its cells, and the tree as it was when they were made."""

    period: int
    cells: Mapping[Node, Cell]
    parents: Mapping[int, int | None]

    @property
    def top(self) -> Node:
        """The node of everybody: the one root, or None where there were several."""
        roots = [team for team, parent in self.parents.items() if parent is None]
        return roots[0] if len(roots) == 1 else None

    def tree(self) -> TeamTree:
        """The tree without its names."""
        return TeamTree.of(Team(team, "", parent) for team, parent in self.parents.items())


def put(
    c: Connection,
    campaign_id: int,
    period: int,
    cells: Mapping[Node, Cell],
    tree: TeamTree,
    now: datetime,
) -> None:
    """The period is published; the database refuses a second time."""
    rows = [
        {
            "campaign_id": campaign_id,
            "period": period,
            "team_id": node,
            "parent_id": None if node is None else tree.teams[node].parent_id,
            "cell": json.dumps(to_json(cell)),
            "released_at": now,
        }
        for node, cell in cells.items()
    ]
    if rows:
        c.execute(insert(releases), rows)


def count(c: Connection, campaign_id: int) -> int:
    """How many periods were published; the next one has this number."""
    last = c.scalar(_LAST, {"campaign_id": campaign_id})
    return 0 if last is None else int(last) + 1


def lock(c: Connection, campaign_id: int) -> None:
    """Nobody else publishes for this campaign until the transaction ends."""
    c.execute(select(campaigns.c.id).where(campaigns.c.id == campaign_id).with_for_update())


def since(c: Connection, campaign_id: int, period: int) -> list[Publication]:
    """What was published from that period on, in order."""
    found = (
        select(releases.c.period, releases.c.team_id, releases.c.parent_id, releases.c.cell)
        .where(releases.c.campaign_id == campaign_id, releases.c.period >= period)
        .order_by(releases.c.period, releases.c.team_id)
    )
    cells: dict[int, dict[Node, Cell]] = {}
    parents: dict[int, dict[int, int | None]] = {}
    for number, team_id, parent_id, text in c.execute(found):
        cells.setdefault(number, {})[team_id] = _cell(text)
        if team_id is not None:
            parents.setdefault(number, {})[team_id] = parent_id
    return [Publication(n, cells[n], parents.get(n, {})) for n in sorted(cells)]


def last_with_themes(c: Connection, campaign_id: int) -> datetime | None:
    """When themes of any group were last published; None where none were."""
    named = releases.c.cell.like('%"themes": ["%')
    found = select(func.max(releases.c.released_at)).where(
        releases.c.campaign_id == campaign_id, named
    )
    last: datetime | None = c.scalar(found)
    return last


def stopped_at(c: Connection, campaign_id: int) -> datetime | None:
    """When the campaign was stopped; None while it isn't."""
    found = select(campaigns.c.changed_at).where(
        campaigns.c.id == campaign_id, campaigns.c.state == "stopped"
    )
    return c.scalar(found)


@lru_cache(maxsize=65536)
def _cell(text: str) -> Cell:
    """Cells are coarse, so many rows say the same as another; 65,536 take 30 MB at the most."""
    return from_json(json.loads(text))
