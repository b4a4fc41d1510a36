"""Other budgets of false alarms, looked at from the end: the same weeks, more alerts or fewer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from campaigns.domain.alerts import AlertState, Ending
from campaigns.domain.confidentiality import Released
from campaigns.errors import StateError
from campaigns.flows.hindsight import Hindsight, hindsight
from campaigns.flows.watching import close_periods
from campaigns.storage import alerts
from campaigns.storage.database import Database
from sentiment.fading import Ints, Kept
from sentiment.resistance import Confusion
from sentiment.watch import Judgement, TeamDetector
from tests.agency import Agency, everybody, first_of_the_first, published, usual
from tests.scene import VAULT


@dataclass(frozen=True)
class High:
    """A detector for which every team stands out so far."""

    evidence: float
    confusion: Confusion = field(default_factory=Confusion)

    def judge(self, _kept: Kept, _team: Ints, n_teams: int) -> list[Judgement | None]:
        return [Judgement("high", self.evidence, self.evidence)] * n_teams


def key(agency: Agency) -> str:
    return agency.campaign.key


def test_the_budget_in_use_comes_to_what_was_told(database: Database, now: datetime) -> None:
    agency, chance = Agency(database, now, [18, 20, 16, 22, 24, 18, 20, 16]), Random(1)
    for period in range(5):
        turned = (3,) if period >= 2 else ()
        for week in range(2):
            at = now + timedelta(weeks=4 * period + week, days=1)
            agency.pulse(at, usual(chance, turned, rate=0.5))
        close_periods(database, VAULT, TeamDetector(), agency.close_at(period))
    with database.read() as c:
        told = alerts.of_campaign(c, agency.campaign.id)
    tight, used, loose = hindsight(
        database, VAULT, key(agency), [TeamDetector(teams_a_year=n) for n in (50, 10, 5)]
    )
    assert used.n_alerts == len(told) == 1
    assert tight.n_alerts <= used.n_alerts <= loose.n_alerts


def test_what_agents_found_stands_beside_it(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((1, None)))
    now = small.close_at(0)
    close_periods(small.database, VAULT, High(2.0), now)
    with small.database.write() as c:
        first, second, _ = alerts.of_campaign(c, small.campaign.id)
        for one, ending in ((first, Ending.NOTHING), (second, Ending.STARTED)):
            alerts.change(c, one, AlertState.CLOSED, now, agent_id=small.agents[0], ending=ending)
    found = hindsight(small.database, VAULT, key(small), [High(2.0), High(0.9)])
    assert found == [Hindsight(n_alerts=3, n_true=1, n_false=1), Hindsight(0, 0, 0)]


def test_a_team_that_was_not_shown_counts_in_no_alert(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), first_of_the_first(3))
    close_periods(small.database, VAULT, High(0.0), small.close_at(0))
    [found] = hindsight(small.database, VAULT, key(small), [High(2.0)])
    [cells] = [one.cells for one in published(small)]
    shown = [team for team in small.teams if isinstance(cells[team], Released)]
    assert found.n_alerts == len(shown) == 1  # another one would give the first away


def test_nothing_was_told_before_the_first_figures(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((1, None)))
    close_periods(small.database, VAULT, High(0.0), small.launched_at + timedelta(weeks=3))
    assert hindsight(small.database, VAULT, key(small), [High(2.0)]) == [Hindsight(0, 0, 0)]


def test_there_is_nothing_to_look_back_on_before_the_first_close(small: Agency) -> None:
    with pytest.raises(StateError, match="no week"):
        hindsight(small.database, VAULT, key(small), [High(2.0)])
