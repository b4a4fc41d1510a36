"""The close of a period: its figures are published, once, and teams that stand out get an agent.

Everything is computed from what was answered in the period, and never again. What one person
answered leaves this file only inside a released figure, or not at all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.alerts import (
    MINIMUM_MEMBERS,
    UPPER,
    AlertKind,
    AlertState,
    Decision,
    Finding,
    Past,
    decide,
    strength,
    suggest,
)
from campaigns.domain.cells import Node, People, recall
from campaigns.domain.confidentiality import Cell, Closing, Released, Respondent, release
from campaigns.domain.outbox import Kind
from campaigns.domain.people import TeamTree
from campaigns.domain.periods import closed, span
from campaigns.flows.detecting import Detector as Detector
from campaigns.flows.detecting import Look, Watched, look, respondents, without_any_one
from campaigns.flows.viewing import viewers
from campaigns.storage import aggregates, counted, detector_states, directory, outbox, releases
from campaigns.storage import alerts as alerts_store
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage.alerts import Alert
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.outbox import NewDelivery

MEMORY = 6  # past periods that a figure is compared with before it is shown


@dataclass(frozen=True, slots=True)
class _Close:
    """All that is to be written for one period, made while nothing is locked."""

    launched: Launched
    period: int
    weeks: int
    tree: TeamTree
    cells: Mapping[Node, Cell]
    carried: Mapping[int, str]  # what the looks went on from
    looks: Mapping[int, Look]
    counted: Mapping[int, People]  # whose answers the figures rest on, by team
    solid: frozenset[int]  # teams whose alarm may be told


def close_periods(
    database: Database, detector: Detector, now: datetime, comms_team: Collection[str] = ()
) -> int:
    """Every period that is over is published; gives how many were. Snoozed alerts wake up.

    A period is closed in one transaction with the alerts that follow from it, so that whoever comes
    second finds it done. `comms_team` has the addresses of those who see all figures.
    """
    with database.read() as c:
        known = campaigns_store.all_launched(c)
    done = sum(_close_due(database, launched, detector, now, comms_team) for launched in known)
    _wake(database, now)
    return done


def _close_due(
    database: Database,
    launched: Launched,
    detector: Detector,
    now: datetime,
    comms_team: Collection[str],
) -> int:
    done = 0
    while True:
        with database.read() as c:
            period, weeks = next_period(c, launched)
            if period is None or period >= closed(launched.launched_at, weeks, now):
                return done
            close = _prepare(c, launched, period, weeks, detector, viewers(c, comms_team))
        with database.write() as c:
            releases.lock(c, launched.id)
            # What all texts read anew leave behind is looked at again, and not overwritten.
            as_before = detector_states.of_campaign(c, launched.id) == close.carried
            as_before = as_before and not _somebody_went(c, close)
            if releases.count(c, launched.id) == period and as_before:
                _publish(c, close, now)
                done += 1


def next_period(c: Connection, launched: Launched) -> tuple[int | None, int]:
    """The number of the next period to close and how many weeks a period has.

    The number is None where the campaign was stopped before that period began. The length is that
    of the first version: it is part of the promise.
    """
    promise, _ = aggregates.rules(c, launched.id, launched.launched_at)
    period = releases.count(c, launched.id)
    stopped_at = releases.stopped_at(c, launched.id)
    starts_at = span(launched.launched_at, promise.period_weeks, period).start
    over = stopped_at is not None and starts_at >= stopped_at
    return None if over else period, promise.period_weeks


def open_since(c: Connection, launched: Launched) -> datetime:
    """The end of the last period that was published: whom that counted is settled.

    A press that comes to us late, after the close of the period it was made in, counts from here.
    """
    n_published = releases.count(c, launched.id)
    if not n_published:
        return launched.launched_at
    promise, _ = aggregates.rules(c, launched.id, launched.launched_at)
    return span(launched.launched_at, promise.period_weeks, n_published).start


def _prepare(
    c: Connection,
    launched: Launched,
    period: int,
    weeks: int,
    detector: Detector,
    readers: People,
) -> _Close:
    during = span(launched.launched_at, weeks, period)
    promise, questions = aggregates.rules(c, launched.id, during.end)
    tree = directory.tree(c)
    answered = respondents(c, launched.id, questions, during, detector)
    invited = aggregates.invited(c, launched.id, during)
    past = _shown_before(c, launched, period, weeks)
    cells = release(Closing(tree, answered, invited, past, readers), promise)
    states = detector_states.of_campaign(c, launched.id)
    carried = {team: Watched.load(state) for team, state in states.items()}
    looks = look(carried, answered.values(), period, promise.minimum_group, detector)
    members = aggregates.members(c)
    alarms = {
        team: seen.watched.points
        for team, seen in looks.items()
        if (seen.evidence or 0) >= UPPER
        and members.get(team, 0) >= MINIMUM_MEMBERS
        and isinstance(cells[team], Released)
    }
    solid = without_any_one(c, launched, weeks, questions, alarms, detector)
    own = _by_team(answered)
    return _Close(launched, period, weeks, tree, cells, states, looks, own, solid)


def _by_team(answered: Mapping[int, Respondent]) -> dict[int, People]:
    teams = {one.team_id for one in answered.values()}
    found: dict[int, set[int]] = {team: set() for team in teams}
    for person, one in answered.items():
        found[one.team_id].add(person)
    return {team: frozenset(people) for team, people in found.items()}


def _somebody_went(c: Connection, close: _Close) -> bool:
    """Whether anybody has deleted answers since: what is published then is made without them."""
    during = span(close.launched.launched_at, close.weeks, close.period)
    _, questions = aggregates.rules(c, close.launched.id, during.end)
    left = aggregates.teams_of_respondents(c, close.launched.id, questions, during)
    there = People().union(*left.values())
    return any(not people <= there for people in close.counted.values())


def _shown_before(
    c: Connection, launched: Launched, period: int, weeks: int
) -> list[dict[Node, People]]:
    """Whom each shown group counted, in each of the last periods."""
    groups = []
    for publication in releases.since(c, launched.id, period - MEMORY):
        during = span(launched.launched_at, weeks, publication.period)
        promise, questions = aggregates.rules(c, launched.id, during.end)
        own: Mapping[int, People] = counted.of_period(c, launched.id, publication.period)
        if not own:  # closed by a version that didn't write it down
            own = aggregates.teams_of_respondents(c, launched.id, questions, during)
        shown = {node for node, cell in publication.cells.items() if isinstance(cell, Released)}
        groups.append(recall(publication.tree(), own, promise.minimum_group, shown))
    return groups


def _publish(c: Connection, close: _Close, now: datetime) -> None:
    campaign_id = close.launched.id
    releases.put(c, campaign_id, close.period, close.cells, close.tree, now)
    counted.put(c, campaign_id, close.period, close.counted)
    states = {team: seen.watched.dump() for team, seen in close.looks.items()}
    detector_states.replace(c, campaign_id, states)
    newest = alerts_store.newest(c, campaign_id)
    for team in close.looks:
        _settle(c, close, team, newest.get(team), now)


def _settle(c: Connection, close: _Close, team: int, newest: Alert | None, now: datetime) -> None:
    """The team's alert is raised, kept or resolved."""
    seen, solid = close.looks[team], team in close.solid
    past = Past(newest.state, newest.raised_at, newest.changed_at) if newest else None
    decision = decide(seen.evidence, solid, seen.watched.calm, past, now)
    if decision is Decision.RAISE:
        alert_id = alerts_store.put(c, close.launched.id, team, _finding(c, close, team), now)
        tell(c, close.launched, alert_id, directory.agents_for(c, team), now)
    if decision is Decision.KEEP and newest and solid:
        alerts_store.renew(c, newest.id, _finding(c, close, team))
        outbox.edit_alert(c, close.launched.id, newest.id, now)
    if decision is Decision.RESOLVE and newest:
        alerts_store.change(c, newest, AlertState.RESOLVED, now, agent_id=newest.agent_id)
        outbox.edit_alert(c, close.launched.id, newest.id, now)


def _finding(c: Connection, close: _Close, team: int) -> Finding:
    cell, judgement = close.cells[team], close.looks[team].judgement
    assert isinstance(cell, Released)  # noqa: S101  a solid alarm has both
    assert judgement is not None  # noqa: S101
    launched = close.launched
    actions = launched.definition.campaign.agent_actions
    return Finding(
        team=close.tree.teams[team].name,
        kind=AlertKind(judgement.kind),
        strength=strength(judgement.evidence),
        since=span(launched.launched_at, close.weeks, judgement.since).start.date(),
        size=cell.size,
        barrier=cell.barrier,
        themes=cell.themes,
        actions=suggest(actions, cell.barrier, cell.themes),
        sent=tuple(aggregates.sent_to_team(c, launched.id, team)),
    )


def tell(
    c: Connection,
    launched: Launched,
    alert_id: int,
    agents: Sequence[int],
    now: datetime,
    again: str = "",
) -> None:
    """Each of these agents gets the alert in the chat, once; `again` sets a repetition apart."""
    rows = [
        NewDelivery(
            once=f"alert:{alert_id}:{agent}{again}",
            kind=Kind.ALERT,
            person_id=agent,
            due_at=now,
            campaign_id=launched.id,
            version_id=launched.version_id,
            subject_id=alert_id,
        )
        for agent in agents
    ]
    outbox.put(c, rows)


def _wake(database: Database, now: datetime) -> None:
    with database.read() as c:
        if not alerts_store.asleep(c, now):
            return
    with database.write() as c:
        for alert in alerts_store.asleep(c, now):
            if alert.agent_id is None:
                continue
            if alerts_store.change(c, alert, AlertState.TAKEN, now, agent_id=alert.agent_id):
                launched = campaigns_store.by_id(c, alert.campaign_id)
                outbox.edit_alert(c, launched.id, alert.id, now)
                tell(c, launched, alert.id, [alert.agent_id], now, f":v{alert.version + 1}")
