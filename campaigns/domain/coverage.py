"""Who looks after which team: change agents and champions, the teams without any, and the load.

Load is what waits for somebody in a role; it must never say how well anybody fills it, and nobody
is put in an order by it. Questions are counted only where many people could have asked them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from campaigns.domain.asking import FEW
from campaigns.domain.people import TeamTree

# Our own judgement, to be read as "look here": as many people as one can know (Dunbar 1992), and
# as many teams as a visit a week reaches in two months.
MOST_PEOPLE = 150
MOST_TEAMS = 8


class Cover(IntEnum):
    """How a team is looked after; the worst first."""

    NOBODY = 0
    CHAMPIONS = 1  # there is a champion and no change agent
    FROM_ABOVE = 2  # the change agent is one of a team above it
    OWN = 3


@dataclass(frozen=True, slots=True)
class TeamCover:
    """A team with people in it; `above` is the team that its change agents are named for, where
    that is not this one."""

    team: str
    n_people: int
    cover: Cover
    agents: tuple[str, ...]
    champions: tuple[str, ...]
    above: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What a change agent has in that role; `n_questions` is None where few could have asked."""

    agent: str
    n_teams: int
    n_people: int
    n_alerts: int
    n_questions: int | None

    @property
    def is_much(self) -> bool:
        """Whether there are more teams or people than one person can well look after."""
        return self.n_people > MOST_PEOPLE or self.n_teams > MOST_TEAMS


@dataclass(frozen=True, slots=True)
class Coverage:
    """Teams, the least looked after first, and agents, both by name within that."""

    teams: tuple[TeamCover, ...]
    agents: tuple[Load, ...]

    def with_cover(self, cover: Cover) -> list[TeamCover]:
        """The teams that are looked after in this way."""
        return [one for one in self.teams if one.cover is cover]


@dataclass(frozen=True, slots=True)
class Staffing:
    """All that coverage is made of. `agents` and `champions` are people's ids by team, `alerts` the
    team and the agent, if one took it, of each alert that stands, `questions` those passed on."""

    tree: TeamTree
    n_people: Mapping[int, int]
    names: Mapping[int, str]
    agents: Mapping[int, Sequence[int]]
    champions: Mapping[int, Sequence[int]]
    alerts: Iterable[tuple[int, int | None]] = ()
    questions: Mapping[int, int] = field(default_factory=dict)


def coverage(staffing: Staffing) -> Coverage:
    """Every team that has people, and every change agent."""
    peopled = [team for team in staffing.tree.teams if staffing.n_people.get(team)]
    teams = [_team(staffing, team) for team in peopled]
    teams.sort(key=lambda one: (one.cover, one.team.casefold()))
    return Coverage(tuple(teams), tuple(_loads(staffing, peopled)))


def responsible(staffing: Staffing, team: int) -> int | None:
    """The team itself or the nearest above it that has a change agent; None where there is none."""
    return next((one for one in staffing.tree.ancestors(team) if staffing.agents.get(one)), None)


def _team(staffing: Staffing, team: int) -> TeamCover:
    source = responsible(staffing, team)
    champions = _named(staffing, staffing.champions.get(team, ()))
    if source is None:
        cover = Cover.CHAMPIONS if champions else Cover.NOBODY
    else:
        cover = Cover.OWN if source == team else Cover.FROM_ABOVE
    return TeamCover(
        team=staffing.tree.teams[team].name,
        n_people=staffing.n_people[team],
        cover=cover,
        agents=_named(staffing, staffing.agents[source]) if source is not None else (),
        champions=champions,
        above=staffing.tree.teams[source].name if source not in (None, team) else "",
    )


def _named(staffing: Staffing, people: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted((staffing.names[one] for one in people), key=str.casefold))


def _loads(staffing: Staffing, peopled: Iterable[int]) -> list[Load]:
    teams: dict[int, set[int]] = {one: set() for named in staffing.agents.values() for one in named}
    for team in peopled:
        for agent in _agents_of(staffing, team):
            teams[agent].add(team)
    alerts = _alerts(staffing)
    # Who took an alert and is an agent no longer has no load here; the alert stays theirs.
    loads = [_load(staffing, agent, theirs, alerts[agent]) for agent, theirs in teams.items()]
    return sorted(loads, key=lambda one: one.agent.casefold())


def _agents_of(staffing: Staffing, team: int) -> Sequence[int]:
    source = responsible(staffing, team)
    return () if source is None else staffing.agents[source]


def _alerts(staffing: Staffing) -> Counter[int]:
    """An alert is on the list of who took it, or of all who could."""
    waiting: Counter[int] = Counter()
    for team, taken_by in staffing.alerts:
        waiting.update(_agents_of(staffing, team) if taken_by is None else (taken_by,))
    return waiting


def _load(staffing: Staffing, agent: int, teams: set[int], n_alerts: int) -> Load:
    n_people = sum(staffing.n_people[team] for team in teams)
    asked = sum(staffing.questions.get(team, 0) for team in teams)
    return Load(
        agent=staffing.names[agent],
        n_teams=len(teams),
        n_people=n_people,
        n_alerts=n_alerts,
        n_questions=asked if n_people >= FEW else None,
    )
