"""How many alerts a campaign would have had so far with other budgets of false alarms.

The closed weeks are gone through anew, once for all budgets, from the answers that are kept. What
comes out are counts of alerts and no team's name: what was not told then is not told now.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.alerts import AlertState, Decision, Ending, Past, decide
from campaigns.domain.cells import Node
from campaigns.domain.confidentiality import Cell
from campaigns.domain.periods import span
from campaigns.errors import StateError
from campaigns.flows.closing import before_all, fed, large_teams, solid
from campaigns.flows.detecting import Detector, Watched, look
from campaigns.flows.feeding import Crowd
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
    """What each of these detectors, all of them of one scorer, would have told, before any cap.

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
        endings, large, shown = _endings(c, launched), large_teams(c), _published(c, launched)
        replays = [_Replay(one) for one in detectors]
        crowd = before_all(c, launched)
        for week in range(crowd.kept.weeks, n_weeks):
            crowd = fed(c, launched, crowd, week + 1, name, detectors[0])
            now = span(launched.launched_at, 1, week).end
            for replay in replays:
                replay.close(crowd, week, shown(week), large, now)
    return [replay.outcome(endings) for replay in replays]


class _Replay:
    """What one detector tells, week by week."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._watched: dict[int, Watched] = {}
        self._pasts: dict[int, Past] = {}
        self._raised: Counter[int] = Counter()

    def close(
        self,
        crowd: Crowd,
        week: int,
        cells: Mapping[Node, Cell],
        large: Collection[int],
        now: datetime,
    ) -> None:
        looks = look(self._watched, crowd, week, self._detector)
        self._watched = {team: seen.watched for team, seen in looks.items()}
        told = solid(looks, cells, large)
        for team, seen in looks.items():
            past = self._pasts.get(team)
            decision = decide(seen.evidence, team in told, seen.watched.calm, past, now)
            if decision is Decision.RAISE:
                self._raised[team] += 1
                self._pasts[team] = Past(AlertState.OPEN, now, now)
            if decision is Decision.RESOLVE and past is not None:
                self._pasts[team] = Past(AlertState.RESOLVED, past.raised_at, now)

    def outcome(self, endings: Mapping[int, Ending]) -> Hindsight:
        known = {team: n for team, n in self._raised.items() if team in endings}
        n_false = sum(n for team, n in known.items() if endings[team] is Ending.NOTHING)
        return Hindsight(self._raised.total(), sum(known.values()) - n_false, n_false)


def _published(c: Connection, launched: Launched) -> Callable[[int], Mapping[Node, Cell]]:
    """Week → the cells that had been published by its end."""
    promise, _ = aggregates.rules(c, launched.id, launched.launched_at)
    cells = {one.period: one.cells for one in releases.since(c, launched.id, 0)}
    return lambda week: cells.get((week + 1) // promise.period_weeks - 1, {})


def _endings(c: Connection, launched: Launched) -> dict[int, Ending]:
    """Team → what came of its newest alert that was closed with a result."""
    found = reversed(alerts_store.of_campaign(c, launched.id))
    return {one.team_id: one.ending for one in found if one.ending is not None}
