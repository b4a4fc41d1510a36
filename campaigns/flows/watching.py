"""The close of a week: the detector takes in what was said, and teams that stand out get an agent.

Where the week ends a period, its figures are published as well, once. Everything is computed from
what was answered by then (`closing`), and never again.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from math import inf

from sqlalchemy import Connection

from campaigns.domain import desk
from campaigns.domain.alerts import (
    AlertKind,
    AlertState,
    Decision,
    Finding,
    Past,
    decide,
    renewed,
    strength,
    suggest,
)
from campaigns.domain.confidentiality import Released
from campaigns.domain.outbox import Kind
from campaigns.domain.periods import closed, span
from campaigns.flows.closing import Close, cell_of, prepare, somebody_went
from campaigns.flows.counting import next_period
from campaigns.flows.detecting import Detector as Detector
from campaigns.flows.feeding import dump
from campaigns.flows.notifying import notify
from campaigns.flows.viewing import viewers
from campaigns.storage import alerts as alerts_store
from campaigns.storage import (
    asked,
    counted,
    detector_states,
    directory,
    outbox,
    pseudonyms,
    releases,
)
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage.alerts import Alert
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault


def close_periods(
    database: Database,
    vault: Vault,
    detector: Detector,
    now: datetime,
    comms_team: Collection[str] = (),
) -> int:
    """Every week that is over is closed; gives how many periods were published with them. Snoozed
    alerts wake up.

    A week is closed in one transaction with the alerts that follow from it, so that whoever comes
    second finds it done. `comms_team` has the addresses of those who see all figures.
    """
    with database.read() as c:
        known = campaigns_store.all_launched(c)
    done = sum(_close_due(database, vault, one, detector, now, comms_team) for one in known)
    _wake(database, now)
    return done


def _close_due(
    database: Database,
    vault: Vault,
    launched: Launched,
    detector: Detector,
    now: datetime,
    comms_team: Collection[str],
) -> int:
    done = 0
    while True:
        with database.read() as c:
            stamp = detector_states.stamp(c, launched.id)
            period, weeks = next_period(c, launched)
            if period is None or max(stamp.weeks, period * weeks) >= closed(
                launched.launched_at, 1, now
            ):
                break
            name = pseudonyms.namer(c, vault, launched.initiative_id)
            close = None
            if name is not None:
                readers = viewers(c, comms_team)
                close = prepare(c, launched, period, weeks, name, detector, readers)
        with database.write() as c:
            releases.lock(c, launched.id)
            if close is None:
                pseudonyms.make(c, vault, launched.initiative_id)
                continue
            # What all texts read anew leave behind is looked at again, and not overwritten.
            as_before = detector_states.stamp(c, launched.id) == close.carried
            as_before = as_before and not somebody_went(c, close)
            if as_before and releases.count(c, launched.id) == period:
                _publish(c, close, now)
                done += close.publishes
    if period is None and stamp.weeks:
        _forget(database, launched)
    return done


def _forget(database: Database, launched: Launched) -> None:
    """The campaign is over and closed: nothing is kept of its people."""
    with database.write() as c:
        releases.lock(c, launched.id)
        detector_states.forget(c, launched.id)


def _publish(c: Connection, close: Close, now: datetime) -> None:
    campaign_id = close.launched.id
    if close.publishes:
        releases.put(c, campaign_id, close.period, close.cells, close.tree, now)
        counted.put(c, campaign_id, close.period, close.counted)
    states = {team: seen.watched.dump() for team, seen in close.looks.items()}
    detector_states.replace(c, campaign_id, replace(dump(close.crowd), teams=states))
    newest = alerts_store.newest(c, campaign_id)
    stand_out = [team for team in close.looks if _settle(c, close, team, newest.get(team), now)]
    _raise(c, close, stand_out, now)


def _settle(c: Connection, close: Close, team: int, newest: Alert | None, now: datetime) -> bool:
    """The team's alert is kept or resolved; gives whether one is to be raised."""
    seen, solid = close.looks[team], team in close.solid
    past = Past(newest.state, newest.raised_at, newest.changed_at) if newest else None
    decision = decide(seen.evidence, solid, seen.watched.calm, past, now)
    if decision is Decision.KEEP and newest and solid:
        alerts_store.renew(c, newest.id, renewed(newest.finding, _finding(c, close, team)))
        outbox.edit_about(c, close.launched.id, Kind.ALERT, newest.id, now)
    if decision is Decision.RESOLVE and newest:
        alerts_store.change(c, newest, AlertState.RESOLVED, now, agent_id=newest.agent_id)
        outbox.edit_about(c, close.launched.id, Kind.ALERT, newest.id, now)
    return decision is Decision.RAISE


def _raise(c: Connection, close: Close, teams: Sequence[int], now: datetime) -> None:
    """Those of the teams that an agent has room for get their alert; the others wait a week."""
    agents = {team: _responsible(c, close, team) for team in teams}
    heard = alerts_store.heard(c, set(chain(*agents.values())), now - timedelta(days=desk.DAYS))
    members = asked.members(c) if teams else {}
    benefits = {team: _benefit(close, team, members.get(team, 0)) for team in teams}
    most = close.launched.definition.campaign.limits.alerts_per_week
    for team, told in desk.hand_out(benefits, agents, heard, most).items():
        alert_id = alerts_store.put(c, close.launched.id, team, _finding(c, close, team), now)
        notify(c, close.launched, Kind.ALERT, alert_id, told, now)


def _responsible(c: Connection, close: Close, team: int) -> list[int]:
    """The team's agents; of everybody, those of every root."""
    judgement = close.looks[team].judgement
    of_all = judgement is not None and judgement.kind == "everybody"
    nodes = close.tree.children(None) if of_all else [team]
    return sorted({agent for node in nodes for agent in directory.agents_for(c, node)})


def _benefit(close: Close, team: int, members: int) -> float:
    """Of a team by its own size; what moves everybody comes before all teams."""
    judgement = close.looks[team].judgement
    assert judgement is not None  # noqa: S101  a solid alarm has one
    of_all = judgement.kind == "everybody"
    return inf if of_all else desk.benefit(judgement.without, members)


def _finding(c: Connection, close: Close, team: int) -> Finding:
    seen = close.looks[team]
    cell = cell_of(seen, team, close.cells)
    judgement, since = seen.judgement, seen.watched.since
    assert isinstance(cell, Released)  # noqa: S101  a solid alarm has both
    assert judgement is not None  # noqa: S101
    launched = close.launched
    actions = launched.definition.campaign.agent_actions
    return Finding(
        team=close.tree.teams[team].name,
        kind=AlertKind(judgement.kind),
        strength=strength(judgement.evidence),
        since=span(launched.launched_at, 1, close.week if since is None else since).start.date(),
        size=cell.size,
        barrier=cell.barrier,
        themes=cell.themes,
        actions=suggest(actions, cell.barrier, cell.themes),
        sent=tuple(asked.sent_to_team(c, launched.id, team)),
    )


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
                outbox.edit_about(c, launched.id, Kind.ALERT, alert.id, now)
                again = f":v{alert.version + 1}"
                notify(c, launched, Kind.ALERT, alert.id, [alert.agent_id], now, again)
