"""The whole run of a campaign before it begins, beside all that runs; it writes nothing.

People who are alike in hours, absence, wishes and campaigns are not walked over one by one: of each
such group some lives are made up, each standing for its share. No name leaves this file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from random import Random

from sqlalchemy import Connection

from campaigns.domain import audience, outlook
from campaigns.domain.assumptions import Assumptions, Platform
from campaigns.domain.definition import Definition, Pulse, Vision
from campaigns.domain.flight import Flight, Plan, coming
from campaigns.domain.lanes import Lane
from campaigns.domain.outlook import Alerts, Life, Outlook, Place, RoundSeen
from campaigns.domain.people import Person, TeamTree
from campaigns.domain.timing import WEEK
from campaigns.flows.planning import known_rounds, since
from campaigns.storage import campaigns, directory, runs
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from sentiment.watch import USUAL_BUDGET

LIVES = 1000  # made up in all; a group of people alike has one at least
_Likeness = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked at: for how long, on which platform, with which assumptions."""

    n_weeks: int = 12
    platform: Platform = Platform.KNOWN
    lane: Lane | None = None
    teams_a_year: int = USUAL_BUDGET
    seed: int = 1
    lives: int = LIVES


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the run comes to; `ends` is when the last of each round is out."""

    outlook: Outlook
    ends: Mapping[Place, datetime]
    alerts: Alerts
    assumed: Assumptions
    n_teams: int
    n_lives: int
    others: tuple[str, ...]

    def mine(self) -> list[tuple[Place, RoundSeen]]:
        """The rounds of the campaign itself, the first to go out first."""
        found = self.outlook.rounds.items()
        mine = [(place, seen) for place, seen in found if place.campaign == self.outlook.campaign]
        return sorted(mine, key=lambda each: (each[1].first_at or self.outlook.now, each[0]))


@dataclass(slots=True)
class _Group:
    """People alike: one of them, how many they are, and the campaigns that write to them."""

    like: Person
    plans: tuple[Plan, ...]
    n: int = 0


def simulate(
    database: Database,
    definition: Definition,
    now: datetime,
    assumed: Assumptions,
    wanted: Wanted,
) -> Simulated:
    """The campaign as it would run if it were launched now, with all others that run."""
    with database.read() as c:
        plans = [_plan(c, definition, now), *_others(c, definition)]
        tree = directory.tree(c, active_only=True)
        groups, n_all, teams = _groups(directory.everyone(c), tree, plans, now, wanted)
        n_agents = len({person for team, person in directory.agent_pairs(c) if team in teams})
    run = Outlook(definition.campaign.key, now, wanted.n_weeks)
    n_lives = _fly(run, groups, n_all, plans[0], assumed, wanted)
    by_key = {plan.definition.campaign.key: plan for plan in plans}
    return Simulated(
        outlook=run,
        ends=run.ends(wanted.lane, by_key),
        alerts=outlook.alerts(
            assumed,
            len(teams),
            wanted.n_weeks,
            teams_a_year=wanted.teams_a_year,
            n_agents=n_agents,
            per_week=definition.campaign.limits.alerts_per_week,
        ),
        assumed=assumed,
        n_teams=len(teams),
        n_lives=n_lives,
        others=tuple(by_key)[1:],
    )


def _plan(c: Connection, definition: Definition, now: datetime) -> Plan:
    """The campaign launched now, or as the next version of the one that runs."""
    known = campaigns.ids_by_key(c).get(definition.campaign.key)
    if known is None:
        return Plan(definition, now.date())
    return _running(c, replace(campaigns.by_id(c, known), definition=definition))


def _others(c: Connection, definition: Definition) -> list[Plan]:
    running = campaigns.running(c)
    return [_running(c, one) for one in running if one.key != definition.campaign.key]


def _running(c: Connection, launched: Launched) -> Plan:
    versions, known = campaigns.versions(c, launched.id), runs.of_campaign(c, launched.id)
    touchpoints = launched.definition.campaign.touchpoints
    planned = [one for one in touchpoints if isinstance(one, Vision | Pulse)]
    return Plan(
        launched.definition,
        launched.launched_at.date(),
        {one.key: known_rounds(one, known, versions) for one in planned},
        {one.key: since(one, versions) for one in planned},
    )


def _groups(
    people: Iterator[Person],
    tree: TeamTree,
    plans: Sequence[Plan],
    now: datetime,
    wanted: Wanted,
) -> tuple[list[_Group], int, set[int]]:
    """People alike, how many are written to at all, and the teams of the campaign's audience."""
    belongs = [audience.belongs(tree, one.definition.campaign.audience) for one in plans]
    found: dict[_Likeness, _Group] = {}
    teams: set[int] = set()
    n_all = 0
    until = now + wanted.n_weeks * WEEK
    for person in people:
        mine = tuple(plan for plan, test in zip(plans, belongs, strict=True) if test(person))
        if not mine:
            continue
        n_all += 1
        if mine[0] is plans[0]:
            teams.add(person.team_id)
        like = _likeness(person, mine, now, until)
        found.setdefault(like, _Group(_anyone(person, wanted), mine)).n += 1
    return list(found.values()), n_all, teams


def _likeness(person: Person, plans: Sequence[Plan], now: datetime, until: datetime) -> _Likeness:
    """What of a person decides which messages reach them when."""
    away = person.away_from, person.away_until
    gone = away[1] is not None and away[1] < now.date()
    later = away[0] is not None and away[0] > until.date()
    return (
        person.rhythm,
        (None, None) if gone or later else away,
        person.per_week,
        person.slack_id is not None,
        tuple(id(plan) for plan in plans),
    )


def _anyone(person: Person, wanted: Wanted) -> Person:
    """Somebody like this person, whom nobody can be found by."""
    known = wanted.platform is Platform.KNOWN and person.slack_id is not None
    slack_id = "" if known or wanted.platform is Platform.SLACK else None
    return replace(person, id=0, external_id="", name="", email="", chat_id="", slack_id=slack_id)


def _fly(
    run: Outlook,
    groups: Sequence[_Group],
    n_all: int,
    mine: Plan,
    assumed: Assumptions,
    wanted: Wanted,
) -> int:
    """Every group's lives are lived; how many these were."""
    chance, n_lives = Random(wanted.seed), 0  # noqa: S311  made-up lives, no secrets
    until = run.now + wanted.n_weeks * WEEK
    for group in groups:
        n_here = min(group.n, ceil(group.n * wanted.lives / n_all))
        planned = [
            one for plan in group.plans for one in coming(plan, group.like.rhythm, run.now, until)
        ]
        for _ in range(n_here):
            in_lane = group.like.slack_id is not None
            life = Life(run, group.like, group.n / n_here, in_lane=in_lane)
            flight = Flight(group.like, assumed, chance.random, life, until)
            flight.fly([replace(one) for one in planned], run.now)
            if group.plans[0] is mine:
                life.land()
        n_lives += n_here
    return n_lives
