"""The whole run of a campaign before it begins, beside all that runs; it writes nothing.

People who are alike in hours, absence, wishes and campaigns are not walked over one by one: of each
such group some lives are made up, each standing for its share. No name leaves this file.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from random import Random

from sqlalchemy import Connection

from campaigns.domain import alike, audience, simulated_run, telling_ahead
from campaigns.domain.alerts import MINIMUM_MEMBERS
from campaigns.domain.alike import Crowd
from campaigns.domain.assumptions import Assumptions, Platform
from campaigns.domain.definition import Definition, Pulse, Vision
from campaigns.domain.flight import Flight
from campaigns.domain.flight_plan import Plan, coming
from campaigns.domain.lanes import Lane
from campaigns.domain.made_up_answers import is_read
from campaigns.domain.people import Person
from campaigns.domain.periods import GRACE, span
from campaigns.domain.simulated_run import Alerts, Life, Place, RoundSeen, SimulatedRun
from campaigns.domain.telling_ahead import Voice
from campaigns.domain.timing import WEEK, Occurrence
from campaigns.domain.urging import urged
from campaigns.flows import rotating
from campaigns.flows.planning import known_rounds, since
from campaigns.storage import campaigns, directory, ledger, releases, runs
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.runs import Run
from sentiment.watch import USUAL_BUDGET

LIVES = 1000  # made up in all; a group of people alike has one at least


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked at: for how long, on which platform, with how many made-up lives;
    `reads` are the languages in which words are read, all where none is given."""

    n_weeks: int = 12
    platform: Platform = Platform.KNOWN
    lane: Lane | None = None
    teams_a_year: int = USUAL_BUDGET
    seed: int = 1
    lives: int = LIVES
    reads: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the run comes to; `ends` is when the last of each round is out, `went_on` until when a
    pulse comes later because nothing was told back, by touchpoint and round."""

    run: SimulatedRun
    ends: Mapping[Place, datetime]
    went_on: Mapping[tuple[str, str], datetime]
    alerts: Alerts
    assumed: Assumptions
    n_teams: int
    n_lives: int
    others: tuple[str, ...]

    def mine(self) -> list[tuple[Place, RoundSeen]]:
        """The rounds of the campaign itself, the first to go out first."""
        found = self.run.rounds.items()
        mine = [(place, seen) for place, seen in found if place.campaign == self.run.campaign]
        return sorted(mine, key=lambda each: (each[1].first_at or self.run.now, each[0]))


def simulate(
    database: Database,
    definition: Definition,
    now: datetime,
    assumed: Assumptions,
    wanted: Wanted,
) -> Simulated:
    """The campaign as it would run if it were launched now, with all others that run."""
    chance, until = Random(wanted.seed), now + wanted.n_weeks * WEEK  # noqa: S311  no secrets
    with database.read() as c:
        known = [(definition, _launched(c, definition)), *_others(c, definition)]
        tree = directory.tree(c, active_only=True)
        audiences = [audience.belongs(tree, one.campaign.audience) for one, _ in known]
        crowd = alike.crowd(directory.everyone(c), audiences, now, until)
        plans = [
            _plan(c, *each, crowd, place, assumed, wanted.reads, chance, now, until)
            for place, each in enumerate(known)
        ]
        teams = crowd.n_by_team[0].keys()
        n_agents = len({person for team, person in directory.agent_pairs(c) if team in teams})
    run = SimulatedRun(definition.campaign.key, now, wanted.n_weeks)
    n_lives = _fly(run, crowd, plans, assumed, chance, wanted)
    by_key = {plan.definition.campaign.key: plan for plan in plans}
    return Simulated(
        run=run,
        ends=run.ends(wanted.lane, by_key),
        went_on={
            (touchpoint, key): at
            for (touchpoint, key), at in plans[0].went_on.items()
            if at > _starts(key).earliest
        },
        alerts=simulated_run.alerts(
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


def _launched(c: Connection, definition: Definition) -> Launched | None:
    """The campaign of which this is the next version, if it runs already."""
    known = campaigns.ids_by_key(c).get(definition.campaign.key)
    return None if known is None else campaigns.by_id(c, known)


def _others(c: Connection, definition: Definition) -> list[tuple[Definition, Launched]]:
    running = campaigns.running(c)
    return [(one.definition, one) for one in running if one.key != definition.campaign.key]


def _plan(
    c: Connection,
    definition: Definition,
    launched: Launched | None,
    crowd: Crowd,
    place: int,
    assumed: Assumptions,
    reads: Collection[str],
    chance: Random,
    now: datetime,
    until: datetime,
) -> Plan:
    """The campaign as it stands, and what concerns its teams from now on."""
    n_by_team = crowd.n_by_team[place]
    launched_at = launched.launched_at if launched else now
    plan = Plan(
        definition,
        launched_at.date(),
        n_by_team=n_by_team,
        share_read=crowd.share(place, lambda one: is_read(definition, one, reads)),
        urged=_urged(n_by_team, assumed, chance),
        urged_from=span(launched_at, definition.campaign.confidentiality.period_weeks, 0).end
        + GRACE,
    )
    before = Voice()
    if launched is not None:
        plan, before = _underway(c, plan, launched, now), _voice(c, launched)
    voice = telling_ahead.ahead(plan, launched_at, before, assumed, now, until)
    told_at = [at for at in voice.told_at if at >= now]
    waiting = telling_ahead.went_on(plan, voice, now, until)
    return replace(plan, told_at=told_at, went_on=waiting)


def _underway(c: Connection, plan: Plan, launched: Launched, now: datetime) -> Plan:
    """The plan of a campaign that runs, with what is over and what is still on its way."""
    versions, begun = campaigns.versions(c, launched.id), _begun(c, launched)
    gone = [one for one in begun if _starts(one.occurrence).latest <= now]
    touchpoints = launched.definition.campaign.touchpoints
    planned = [one for one in touchpoints if isinstance(one, Vision | Pulse)]
    return replace(
        plan,
        planned={one.key: known_rounds(one, gone, versions) for one in planned},
        begun={(one.touchpoint, one.occurrence): one.asks or () for one in begun},
        asked=rotating.past(c, begun, now),
        since={one.key: since(one, versions) for one in planned},
    )


def _begun(c: Connection, launched: Launched) -> list[Run]:
    return [one for one in runs.of_campaign(c, launched.id) if one.has_begun]


def _starts(key: str) -> Occurrence:
    return Occurrence(datetime.fromisoformat(key))


def _voice(c: Connection, launched: Launched) -> Voice:
    """What was heard and told back so far."""
    heard, told = releases.last_with_themes(c, launched.id), ledger.last_told(c, launched.id)
    went_on = runs.last_freed(c, launched.id)
    return Voice(*([at] if at else [] for at in (heard, told, went_on)))


def _urged(n_by_team: Mapping[int, int], assumed: Assumptions, chance: Random) -> frozenset[int]:
    """The teams that are asked once more: so many watched ones as assumed, and as many others."""
    large = [team for team, n in n_by_team.items() if n >= MINIMUM_MEMBERS]
    watched = [team for team in large if chance.random() < assumed.watched_teams]
    return urged(watched, (), chance.sample(large, len(large)))


def _fly(
    run: SimulatedRun,
    crowd: Crowd,
    plans: Sequence[Plan],
    assumed: Assumptions,
    chance: Random,
    wanted: Wanted,
) -> int:
    """Every group's lives are lived; how many these were."""
    n_lives, until = 0, run.now + wanted.n_weeks * WEEK
    for group in crowd.groups:
        n_here = min(group.n, ceil(group.n * wanted.lives / crowd.n))
        mine = [plans[place] for place in group.campaigns]
        planned = [one for plan in mine for one in coming(plan, group.like.rhythm, run.now, until)]
        in_lane = _in_lane(group.like, wanted.platform)
        for person in group.lives(n_here):
            life = Life(run, person, group.n / n_here, in_lane=in_lane)
            flight = Flight(person, assumed, chance.random, life, until, wanted.reads)
            flight.fly([replace(one) for one in planned], run.now)
            if mine[0] is plans[0]:
                life.land()
        n_lives += n_here
    return n_lives


def _in_lane(person: Person, platform: Platform) -> bool:
    """Whether the person's messages go the way that has a limit."""
    known = platform is Platform.KNOWN and person.slack_id is not None
    return known or platform is Platform.SLACK
