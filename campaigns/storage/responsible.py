"""Who answers for whom: a campaign's owners, the change agents of a team, and how many they have.

Numbers and responsible people leave this file, never a list of those who are looked after.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from campaigns.domain.people import Person
from campaigns.storage import directory
from campaigns.storage.tables import people


def active(c: Connection, external_ids: Sequence[str]) -> list[Person]:
    """Those of the ids of the staff file who are there, in the order of the list."""
    if not external_ids:
        return []
    ids = c.scalars(select(people.c.id).where(people.c.external_id.in_(external_ids)))
    found = {one.external_id: one for one in directory.people(c, ids).values() if one.active}
    return [found[external_id] for external_id in external_ids if external_id in found]


def looked_after(c: Connection, team_id: int) -> int:
    """How many active people have the same change agents as that team, the agents not counted.

    Those are the team or the nearest above it that has agents, with all teams below that have none
    of their own; everybody, where no team above has any.
    """
    tree = directory.tree(c)
    agents: dict[int, set[int]] = {}
    for team, person_id in directory.agent_pairs(c):
        agents.setdefault(team, set()).add(person_id)
    there = set(
        c.scalars(select(people.c.id).where(people.c.active, people.c.id.in_(_all_of(agents))))
    )
    served = {team for team, persons in agents.items() if persons & there}
    nearest = next((one for one in tree.ancestors(team_id) if one in served), None)
    own = {
        team
        for team in tree.teams
        if next((one for one in tree.ancestors(team) if one in served), None) == nearest
    }
    reading = agents.get(nearest, set()) & there if nearest is not None else set()
    members = select(func.count()).select_from(people)
    counted = members.where(
        people.c.active, people.c.team_id.in_(own), people.c.id.not_in(sorted(reading))
    )
    return int(c.scalar(counted) or 0)


def _all_of(agents: dict[int, set[int]]) -> set[int]:
    return set().union(*agents.values())
