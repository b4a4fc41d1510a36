"""Who was counted in the figures of a closed period: that they answered, and never what.

A figure is compared with the earlier ones of its group, person by person, before it is shown. The
answers themselves can't be asked for that: people delete theirs, and after a while nobody can tell
any more whose they were. Nothing here gives out a list to anybody but the close of a period.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, insert, select

from campaigns.storage.tables import counted

_CHUNK = 5000


def put(c: Connection, campaign_id: int, period: int, own: Mapping[int, frozenset[int]]) -> None:
    """These people, by the team they answered in, are those of the period's figures."""
    rows = [
        {"campaign_id": campaign_id, "period": period, "person_id": person, "team_id": team}
        for team, people in sorted(own.items())
        for person in sorted(people)
    ]
    for start in range(0, len(rows), _CHUNK):
        c.execute(insert(counted), rows[start : start + _CHUNK])


def of_period(c: Connection, campaign_id: int, period: int) -> dict[int, frozenset[int]]:
    """Team → who was counted in it; empty where the period was closed before this was kept."""
    found = select(counted.c.team_id, counted.c.person_id).where(
        counted.c.campaign_id == campaign_id, counted.c.period == period
    )
    teams: dict[int, set[int]] = {}
    for team, person in c.execute(found):
        teams.setdefault(team, set()).add(person)
    return {team: frozenset(people) for team, people in teams.items()}


def n_of(c: Connection, person_id: int) -> int:
    """In how many periods' figures the person is known to be counted."""
    found = select(func.count()).where(counted.c.person_id == person_id)
    return c.scalar(found) or 0


def any_before(c: Connection, campaign_id: int, before: int) -> bool:
    """Whether it is known of any period before that one who was counted."""
    old = select(counted.c.period).where(
        counted.c.campaign_id == campaign_id, counted.c.period < before
    )
    return c.scalar(old.limit(1)) is not None


def erase(c: Connection, campaign_id: int, before: int) -> int:
    """Of periods before that one it is no longer known who was counted; how many rows went."""
    old = delete(counted).where(counted.c.campaign_id == campaign_id, counted.c.period < before)
    return c.execute(old).rowcount
