"""How many alerts a campaign would have had so far with other budgets of false alarms.

The closed weeks are gone through anew, once for each budget, from the answers that are kept. What
comes out are counts of alerts and no team's name: what was not told then is not told now.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from campaigns.domain.alerts import AlertState, Decision, Ending, Past, decide
from campaigns.domain.cells import Node
from campaigns.domain.confidentiality import Cell
from campaigns.domain.periods import span
from campaigns.errors import StateError
from campaigns.flows.closing import before_all, fed, large_teams, solid
from campaigns.flows.detecting import Detector, Watched, look
from campaigns.storage import aggregates, detector_states, pseudonyms, releases
from campaigns.storage import alerts as alerts_store
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What a budget would have come to: alerts, and of these how many were about a team where
    agents found something, or found nothing; the others nobody has looked into."""

    n_alerts: int
    n_true: int
    n_false: int


def hindsight(
    database: Database, vault: Vault, key: str, detectors: Sequence[Detector]
) -> list[Hindsight]:
    """What each of these detectors would have told, before any cap per agent.

    Raises NotFoundError, and StateError where no week is closed or nothing is kept any more.
    """
    with database.read() as c:
        launched = campaigns_store.by_key(c, key)
        n_weeks = detector_states.stamp(c, launched.id).weeks
        name = pseudonyms.namer(c, vault, launched.initiative_id)
        if not n_weeks or name is None:
            raise StateError(
                f"There is nothing to look back on: no week of {key} is closed, or it is over."
            )
        endings = _endings(c, launched)
        return [_told(c, launched, n_weeks, name, one, endings) for one in detectors]


def _told(
    c: Connection,
    launched: Launched,
    n_weeks: int,
    name: pseudonyms.Namer,
    detector: Detector,
    endings: Mapping[int, Ending],
) -> Hindsight:
    crowd, large, shown = before_all(c, launched), large_teams(c), _published(c, launched)
    watched: dict[int, Watched] = {}
    pasts: dict[int, Past] = {}
    raised: Counter[int] = Counter()
    for week in range(crowd.kept.weeks, n_weeks):
        crowd = fed(c, launched, crowd, week + 1, name, detector)
        looks = look(watched, crowd, week, detector)
        watched = {team: seen.watched for team, seen in looks.items()}
        told, now = solid(looks, shown(week), large), span(launched.launched_at, 1, week).end
        for team, seen in looks.items():
            past = pasts.get(team)
            decision = decide(seen.evidence, team in told, seen.watched.calm, past, now)
            if decision is Decision.RAISE:
                raised[team] += 1
                pasts[team] = Past(AlertState.OPEN, now, now)
            if decision is Decision.RESOLVE and past is not None:
                pasts[team] = Past(AlertState.RESOLVED, past.raised_at, now)
    n_false = sum(n for team, n in raised.items() if endings.get(team) is Ending.NOTHING)
    n_known = sum(n for team, n in raised.items() if team in endings)
    return Hindsight(raised.total(), n_known - n_false, n_false)


def _published(c: Connection, launched: Launched) -> Callable[[int], Mapping[Node, Cell]]:
    """Week → the cells that had been published by its end."""
    promise, _ = aggregates.rules(c, launched.id, launched.launched_at)
    cells = {one.period: one.cells for one in releases.since(c, launched.id, 0)}
    return lambda week: cells.get((week + 1) // promise.period_weeks - 1, {})


def _endings(c: Connection, launched: Launched) -> dict[int, Ending]:
    """Team → what came of its newest alert that was closed with a result."""
    found = reversed(alerts_store.of_campaign(c, launched.id))
    return {one.team_id: one.ending for one in found if one.ending is not None}
