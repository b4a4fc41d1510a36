"""Only the team that turned gets an alert, whose agent hears of it once and until it is over."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import delete, update

from campaigns.domain.alerts import AlertKind, AlertState, Finding, Strength
from campaigns.domain.confidentiality import WITHHELD, Size
from campaigns.domain.outbox import Kind
from campaigns.flows import handling
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.notifying import notify
from campaigns.flows.watching import close_periods
from campaigns.storage import alerts, campaigns, outbox
from campaigns.storage.alerts import Alert
from campaigns.storage.database import Database
from campaigns.storage.tables import teams
from sentiment.fading import Ints, Kept
from sentiment.resistance import Confusion
from sentiment.watch import Judgement, TeamDetector
from tests.agency import Agency, everybody, first_of_the_first, published, usual
from tests.fakes import RecordingMessenger
from tests.scene import VAULT, definition

SIZES = [18, 20, 16, 22, 24, 18, 20, 16, 24, 20, 18, 4]
TURNED, SMALL = 3, 11


class Always:
    """A detector that finds every team high; `without` is what is left without one person."""

    confusion = Confusion()

    def __init__(self, evidence: float = 2.0, without: float | None = None) -> None:
        self.evidence = evidence
        self.without = evidence if without is None else without

    def judge(self, _kept: Kept, _team: Ints, n_teams: int) -> list[Judgement | None]:
        return [Judgement("high", self.evidence, self.without)] * n_teams


def run(
    agency: Agency, periods: int, seed: int = 1, turns_in: int = 3, turn: Sequence[int] = (TURNED,)
) -> None:
    chance = Random(seed)
    for period in range(periods):
        turned = turn if period >= turns_in else []
        start = agency.launched_at + timedelta(weeks=4 * period, days=1)
        for week in range(2):
            agency.pulse(start + timedelta(weeks=week), usual(chance, turned, rate=0.45))
        close_periods(agency.database, VAULT, TeamDetector(), agency.close_at(period))


def all_alerts(agency: Agency) -> list[Alert]:
    with agency.database.read() as c:
        return alerts.of_campaign(c, agency.campaign.id)


def test_the_team_that_turned_gets_an_alert_and_no_other(database: Database, now: datetime) -> None:
    agency = Agency(database, now, SIZES)
    run(agency, periods=6)
    found = all_alerts(agency)
    assert [one.team_id for one in found] == [agency.teams[TURNED]]
    finding = found[0].finding
    assert finding.team == "T03"
    assert finding.kind is AlertKind.RISING
    assert (now + timedelta(weeks=12)).date() <= finding.since
    assert finding.since <= (now + timedelta(weeks=16)).date()
    assert finding.barrier == "ability"
    assert "tools" in finding.themes
    assert finding.actions[0] == "practise"
    cells = [one.cells[agency.teams[SMALL]] for one in published(agency)]
    assert cells == [WITHHELD] * 6


def test_what_moves_everybody_flags_no_team_and_is_told_once(
    database: Database, now: datetime
) -> None:
    agency = Agency(database, now, SIZES)
    run(agency, periods=5, seed=3, turn=range(len(SIZES)))
    (one,) = all_alerts(agency)
    assert (one.team_id, one.finding.kind) == (agency.root, AlertKind.EVERYBODY)


def test_what_moves_everybody_is_told_once_where_the_tree_has_several_roots(
    database: Database, now: datetime
) -> None:
    agency = Agency(database, now, SIZES)
    with database.write() as c:
        c.execute(update(teams).where(teams.c.id.in_(agency.divisions)).values(parent_id=None))
        c.execute(delete(teams).where(teams.c.id == agency.root))
    run(agency, periods=5, seed=3, turn=range(len(SIZES)))
    (one,) = all_alerts(agency)
    assert one.finding.kind is AlertKind.EVERYBODY
    for agent in agency.agents:
        with database.read() as c:
            told = [delivery for delivery in outbox.of_person(c, agent) if delivery.subject_id]
            assert [delivery.subject_id for delivery in told] == [one.id]
            message = handling.compose_alert(c, told[0])
        assert message.fallback_text.startswith("All teams need a change agent")
    taken = handling.take(database, one.id, agency.agents[1], one.version, now)
    assert taken.agent_id == agency.agents[1]


def test_the_nearest_agent_is_told_in_the_same_transaction(
    database: Database, now: datetime
) -> None:
    agency = Agency(database, now, SIZES)
    run(agency, periods=6)
    alert = all_alerts(agency)[0]
    with database.read() as c:
        sent = [one for agent in agency.agents for one in outbox.of_person(c, agent)]
    assert [(one.kind, one.person_id, one.subject_id, one.once) for one in sent] == [
        (Kind.ALERT, agency.agents[1], alert.id, f"alert:{alert.id}:{agency.agents[1]}")
    ]


def test_two_watchers_at_once_publish_and_tell_once(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((1, None)))
    now = small.close_at(0)
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(lambda _: close_periods(small.database, VAULT, Always(), now), range(4))
        )
    assert sum(done) == 1
    assert len(all_alerts(small)) == 3


def test_no_alert_for_a_team_of_five(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [5, 6, 20, 20])
    agency.pulse(now + timedelta(days=1), everybody((1, None)))
    close_periods(database, VAULT, Always(), agency.close_at(0))
    assert {one.team_id for one in all_alerts(agency)} == set(agency.teams[1:])


@pytest.mark.parametrize(("without", "alerted"), [(0.9, 0), (1.0, 3)])
def test_no_alert_that_one_person_decides(small: Agency, without: float, alerted: int) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((1, None)))
    close_periods(small.database, VAULT, Always(2.0, without), small.close_at(0))
    assert len(all_alerts(small)) == alerted


def test_no_alert_while_the_team_is_not_shown(small: Agency) -> None:
    for period, n in enumerate((8, 9)):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, first_of_the_first(n))
        before = small.close_at(period) - timedelta(weeks=1)
        close_periods(small.database, VAULT, Always(0.0), before)
        close_periods(small.database, VAULT, Always(2.0 * period), small.close_at(period))
    assert small.teams[0] not in {one.team_id for one in all_alerts(small)}


def test_an_open_alert_is_kept_and_renewed_without_a_second_message(small: Agency) -> None:
    for period in range(2):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, everybody((1, 0.9 if period else None)))
        close_periods(small.database, VAULT, Always(), small.close_at(period))
    found = all_alerts(small)
    assert [one.team_id for one in reversed(found)] == sorted(small.teams)
    assert {one.version for one in found} == {1}
    assert {one.finding.barrier for one in found} == {"ability"}
    assert {one.finding.size for one in found} == {Size.TENS}
    with small.database.read() as c:
        told = [len(outbox.of_person(c, agent)) for agent in small.agents]
    assert told == [2, 1]


def test_an_alert_is_resolved_after_calm_weeks_and_rests(small: Agency) -> None:
    states = []
    for period, evidence in enumerate((2.0, 0.7, 0.2, 2.0)):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, everybody((3, None)))
        close_periods(small.database, VAULT, Always(evidence), small.close_at(period))
        states.append([one.state for one in all_alerts(small)][-1])
    opened, resolved = AlertState.OPEN, AlertState.RESOLVED
    assert states == [opened, opened, resolved, resolved]
    assert len(all_alerts(small)) == 6  # four weeks later they may be raised anew


def test_what_agents_got_is_edited_when_their_alert_is_over(small: Agency) -> None:
    messenger, said = RecordingMessenger(), []
    for period, evidence in enumerate((2.0, 0.7, 0.2)):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, everybody((3, None)))
        now = small.close_at(period)
        close_periods(small.database, VAULT, Always(evidence), now)
        deliver_due(small.database, messenger, compose, now)
        shown = messenger.shown(small.agents[0])
        said.append(shown[0].fallback_text)
        assert len(shown) == 2  # one message an alert, edited where it stands
    assert ["back to normal" in text for text in said] == [False, False, True]


def test_an_agent_hears_of_the_largest_teams_first_and_of_the_others_a_week_later(
    database: Database, now: datetime
) -> None:
    sizes = [10, 12, 20, 22, 30, 32, 25, 27, 15, 17]
    agency = Agency(database, now, sizes, limits={"alerts_per_week": 2})
    agency.pulse(now + timedelta(days=1), everybody((1, None)))
    told = []
    for weeks in range(3):
        closes = agency.close_at(0) + timedelta(weeks=weeks)
        close_periods(database, VAULT, Always(), closes)
        close_periods(database, VAULT, Always(), closes + timedelta(days=6))
        told.append(sorted(int(one.finding.team[1:]) for one in all_alerts(agency)))
    assert told[0] == [4, 5, 6, 7]  # two in each division
    assert told[1] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert told[2] == list(range(10))
    with database.read() as c:
        heard = [len(outbox.of_person(c, agent)) for agent in agency.agents]
    assert heard == [5, 5]


def test_what_an_agent_hears_in_another_campaign_counts(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [20, 20], limits={"alerts_per_week": 1})
    agency.pulse(now + timedelta(days=1), everybody((1, None)))
    raised_at = agency.close_at(0) - timedelta(days=2)
    with database.write() as c:
        other = campaigns.put(c, definition(key="other"), now)
        finding = Finding("T00", AlertKind.HIGH, Strength.SOME, now.date(), Size.TENS)
        alert_id = alerts.put(c, other.id, agency.teams[0], finding, raised_at)
        notify(c, other, Kind.ALERT, alert_id, [agency.agents[0]], raised_at)
    close_periods(database, VAULT, Always(), agency.close_at(0))
    assert [one.team_id for one in all_alerts(agency)] == [agency.teams[1]]


def test_a_snoozed_alert_comes_back_to_the_one_who_put_it_off(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((1, None)))
    now = small.close_at(0)
    close_periods(small.database, VAULT, Always(), now)
    alert, agent = all_alerts(small)[0], small.agents[0]
    with small.database.write() as c:
        alerts.change(
            c, alert, AlertState.SNOOZED, now, agent_id=agent, snoozed_until=now + timedelta(days=7)
        )
    close_periods(small.database, VAULT, Always(), now + timedelta(days=6))
    assert all_alerts(small)[0].state is AlertState.SNOOZED
    for _ in range(2):
        close_periods(small.database, VAULT, Always(), now + timedelta(days=7))
    assert all_alerts(small)[0].state is AlertState.TAKEN
    with small.database.read() as c:
        again = [one.once for one in outbox.of_person(c, agent) if one.subject_id == alert.id]
    assert again == [f"alert:{alert.id}:{agent}", f"alert:{alert.id}:{agent}:v3"]
