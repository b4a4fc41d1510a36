"""What coverage is made of: people a team, who is named for it, and what waits; no words, ever."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from campaigns.domain.alerts import STANDING
from campaigns.domain.asking import QuestionState
from campaigns.domain.coverage import Staffing
from campaigns.storage import directory
from campaigns.storage.campaigns import STOPPED
from campaigns.storage.tables import alerts, campaigns, people, questions, team_agents


def staffing(c: Connection) -> Staffing:
    """The organisation as it is now; what waits in stopped campaigns waits for nobody."""
    agents = _pairs(
        c,
        select(team_agents.c.team_id, people.c.id, people.c.name)
        .join(people, people.c.id == team_agents.c.person_id)
        .where(people.c.active),
    )
    champions = _pairs(
        c,
        select(people.c.team_id, people.c.id, people.c.name).where(
            people.c.active, people.c.champion
        ),
    )
    named = [person for pairs in (agents, champions) for who in pairs.values() for person in who]
    return Staffing(
        tree=directory.tree(c, active_only=True),
        n_people=_counts(c, people.c.team_id, people.c.active),
        names=dict(named),
        agents={team: [person for person, _ in who] for team, who in agents.items()},
        champions={team: [person for person, _ in who] for team, who in champions.items()},
        alerts=_standing(c),
        questions=_counts(
            c,
            questions.c.team_id,
            questions.c.state == QuestionState.OPEN,
            questions.c.campaign_id.in_(_going_on()),
        ),
    )


def _pairs(c: Connection, found: Select[Any]) -> dict[int, list[tuple[int, str]]]:
    by_team: dict[int, list[tuple[int, str]]] = {}
    for team, person, name in c.execute(found.order_by(people.c.id)):
        by_team.setdefault(team, []).append((person, name))
    return by_team


def _counts(
    c: Connection, team: ColumnElement[int], *which: ColumnElement[bool]
) -> Mapping[int, int]:
    rows = c.execute(select(team, func.count()).where(*which).group_by(team))
    return {row[0]: row[1] for row in rows}


def _standing(c: Connection) -> list[tuple[int, int | None]]:
    found = select(alerts.c.team_id, alerts.c.agent_id).where(
        alerts.c.state.in_([state.value for state in STANDING]),
        alerts.c.campaign_id.in_(_going_on()),
    )
    return [(row.team_id, row.agent_id) for row in c.execute(found)]


def _going_on() -> Select[tuple[int]]:
    return select(campaigns.c.id).where(campaigns.c.state != STOPPED)
