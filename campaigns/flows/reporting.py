"""The report of one campaign: what was published and how far its messages got.

It reads releases, alerts and counts of deliveries, and never an answer to a question: what the last
close did not publish can't be on a page, however often it is loaded.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from campaigns.domain.confidentiality import WITHHELD, Cell, Released, release_effect
from campaigns.domain.counts import release_count
from campaigns.domain.definition import pick
from campaigns.domain.experiments import Tally
from campaigns.domain.holdout import share_held
from campaigns.domain.outbox import State
from campaigns.domain.people import TeamTree
from campaigns.domain.periods import span
from campaigns.domain.picked import picked
from campaigns.domain.reports import (
    AlertRow,
    EffectRow,
    FollowUpRow,
    OrderRow,
    Overview,
    Period,
    Reach,
    TeamRow,
    TrainingRow,
    TriedRow,
)
from campaigns.flows.counting import next_period, open_since
from campaigns.flows.detecting import order
from campaigns.storage import alerts as alerts_store
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage import directory, effects, offers, reach, releases
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.offers import RESULTS
from campaigns.storage.releases import Publication


def overview(database: Database, key: str, now: datetime) -> Overview:
    """The report of the campaign with that key; NotFoundError where there is none."""
    with database.read() as c:
        launched = campaigns_store.by_key(c, key)
        definition, default = launched.definition, launched.definition.default_language
        published = releases.since(c, launched.id, 0)
        next_number, weeks = next_period(c, launched)
        tree = directory.tree(c, active_only=True)
        whole = _organisation(published)
        latest = whole[-1] if whole else WITHHELD
        shown = latest if isinstance(latest, Released) else None
        return Overview(
            key=launched.key,
            title=pick(definition.campaign.title, default, default),
            initiative=pick(definition.initiative.title, default, default),
            sponsor=definition.initiative.sponsor,
            state=launched.state,
            version=launched.number,
            launched_on=launched.launched_at.date(),
            next_close_on=_next_close(launched, next_number, weeks, now),
            reach=_reach(c, launched),
            periods=tuple(_period(launched, weeks, one.period) for one in published),
            organisation=tuple(whole),
            teams=tuple(_rows(tree, published)),
            rate=shown.rate if shown else None,
            barrier=shown.barrier if shown else None,
            themes=shown.themes if shown else (),
            picks=tuple(picked(shown, definition, default)) if shown else (),
            alerts=tuple(_alerts(c, launched)),
            follow_ups=tuple(_follow_ups(c, launched)),
            trainings=tuple(_trainings(c, launched)),
            order=tuple(_order(c, launched, tree)),
            effects=tuple(_effects(c, launched)),
            tried=tuple(_tried(c, launched)),
            reason=launched.reason,
        )


def periods(c: Connection, launched: Launched) -> dict[int, Period]:
    """Every published period of the campaign by its number."""
    _, weeks = next_period(c, launched)
    return {n: _period(launched, weeks, n) for n in range(releases.count(c, launched.id))}


def _organisation(published: Sequence[Publication]) -> list[Cell]:
    """The cell of everybody in each period: the root's, or where there are several, their own."""
    return [one.cells.get(one.top, WITHHELD) for one in published]


def _period(launched: Launched, weeks: int, number: int) -> Period:
    during = span(launched.launched_at, weeks, number)
    return Period(number, during.start.date(), (during.end - timedelta(days=1)).date())


def _next_close(launched: Launched, number: int | None, weeks: int, now: datetime) -> date | None:
    if number is None:
        return None
    return max(span(launched.launched_at, weeks, number).end, now).date()


def _reach(c: Connection, launched: Launched) -> Reach:
    counts = reach.by_state(c, launched.id)
    queued = sum(counts.get(state, 0) for state in (State.PENDING, State.SENDING, State.DOUBTFUL))
    people = reach.people_reached(c, launched.id)
    return Reach(people, counts.get(State.SENT, 0), queued, counts.get(State.FAILED, 0))


def _rows(tree: TeamTree, published: Sequence[Publication]) -> Iterator[TeamRow]:
    """Parents before children, brothers and sisters by name: no figure decides about the order."""
    waiting = [(root, 0) for root in _by_name(tree, None)]
    while waiting:
        team, depth = waiting.pop()
        cells = tuple(one.cells.get(team, WITHHELD) for one in published)
        yield TeamRow(tree.teams[team].name, depth, cells)
        waiting.extend((child, depth + 1) for child in _by_name(tree, team))


def _by_name(tree: TeamTree, parent: int | None) -> list[int]:
    """Last name first, for a stack."""
    return sorted(
        tree.children(parent), key=lambda team: tree.teams[team].name.casefold(), reverse=True
    )


def _alerts(c: Connection, launched: Launched) -> Iterator[AlertRow]:
    found = alerts_store.of_campaign(c, launched.id)
    owners = directory.people(c, {one.agent_id for one in found if one.agent_id is not None})
    for one in found:
        owner = owners[one.agent_id].name if one.agent_id in owners else None
        yield AlertRow(
            id=one.id,
            team=one.finding.team,
            kind=one.finding.kind,
            strength=one.finding.strength,
            state=one.state,
            owner=owner,
            raised_on=one.raised_at.date(),
            since=one.finding.since,
            overdue=one.escalated_at is not None,
            ending=one.ending,
        )


def _tried(c: Connection, launched: Launched) -> Iterator[TriedRow]:
    """In the order of the campaign file."""
    experience = alerts_store.experience(c, launched.id)
    default = launched.definition.default_language
    for action in launched.definition.campaign.agent_actions:
        if action.key in experience:
            yield TriedRow(pick(action.title, default, default), experience[action.key])


def _order(c: Connection, launched: Launched, tree: TeamTree) -> Iterator[OrderRow]:
    """As of the last published close; nothing before the first one, and once all is over."""
    for team, sign in order(c, launched.id).items():
        if team in tree.teams:
            yield OrderRow(tree.teams[team].name, sign)


def _follow_ups(c: Connection, launched: Launched) -> Iterator[FollowUpRow]:
    """As of the last close: a number that moves in between would tell what somebody just said."""
    counts = reach.follow_ups(c, launched.id, open_since(c, launched))
    definition, default = launched.definition, launched.definition.default_language
    for follow_up in definition.campaign.follow_ups:
        if follow_up.purpose != "help":
            title = pick(follow_up.title, default, default)
            yield FollowUpRow(title, release_count(counts.get(follow_up.key, 0)))


def _trainings(c: Connection, launched: Launched) -> Iterator[TrainingRow]:
    """What became of the catalogue, in its order; as of the last close, as above."""
    if not launched.definition.campaign.trainings:
        return
    counts = offers.results(c, launched.id, open_since(c, launched))
    definition, default = launched.definition, launched.definition.default_language
    minimum = definition.campaign.confidentiality.minimum_group
    for training in definition.campaign.trainings:
        n_people = counts.get(training.key, Counter())
        shown = {name: release_count(n_people[name], minimum) for name in RESULTS}
        yield TrainingRow(pick(training.title, default, default), **shown)


def _effects(c: Connection, launched: Launched) -> Iterator[EffectRow]:
    """Of every rule of the file that can be told, in its order; as of the last close."""
    known = effects.of_campaign(c, launched.id)
    definition, default = launched.definition, launched.definition.default_language
    for rule in definition.campaign.rules:
        if share_held(definition, rule) > 0 and not rule.when.safeguarding:
            titles = (pick(definition.touchpoint(key).title, default, default) for key in rule.send)
            tally = known[rule.key].tally if rule.key in known else Tally()
            yield EffectRow(rule.key, tuple(titles), release_effect(tally))
