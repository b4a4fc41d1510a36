"""Periods close once, and only the team that turned gets an alert."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from campaigns.domain.alerts import AlertKind, AlertState
from campaigns.domain.confidentiality import WITHHELD, Released, Size
from campaigns.domain.outbox import Kind
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.detecting import Watched
from campaigns.flows.watching import close_periods
from campaigns.storage import alerts, campaigns, detector_states, directory, outbox, releases
from campaigns.storage.alerts import Alert
from campaigns.storage.database import Database
from campaigns.storage.releases import Publication
from campaigns.storage.tables import releases as releases_table
from sentiment.resistance import Confusion
from sentiment.trend import Judgement, PlainDetector, Point
from tests.agency import Agency, Mood, usual
from tests.fakes import RecordingMessenger

SIZES = [18, 20, 16, 22, 24, 18, 20, 16, 24, 20, 18, 4]
TURNED, SMALL = 3, 11


class Always:
    """A detector that finds every team high, ever since the first period it is shown."""

    confusion = Confusion()

    def __init__(self, evidence: float = 2.0) -> None:
        self.evidence = evidence

    def judge(self, points: Sequence[Point]) -> Judgement | None:
        return Judgement("high", self.evidence, points[0].period)


def run(agency: Agency, periods: int, seed: int = 1, turns_in: int = 3) -> None:
    chance = Random(seed)
    for period in range(periods):
        turned = [TURNED] if period >= turns_in else []
        start = agency.launched_at + timedelta(weeks=4 * period, days=1)
        for week in range(2):
            agency.pulse(start + timedelta(weeks=week), usual(chance, turned, rate=0.45))
        close_periods(agency.database, PlainDetector(), agency.close_at(period))


def published(agency: Agency) -> list[Publication]:
    with agency.database.read() as c:
        return releases.since(c, agency.campaign.id, 0)


def all_alerts(agency: Agency) -> list[Alert]:
    with agency.database.read() as c:
        return alerts.of_campaign(c, agency.campaign.id)


def everybody(said: Mood | None) -> Callable[[int, int], Mood | None]:
    return lambda _team, _person: said


def first_of_the_first(n: int) -> Callable[[int, int], Mood | None]:
    """Everybody answers, but of the first team only `n` people."""
    return lambda team, person: (4, None) if team or person < n else None


@pytest.fixture
def small(database: Database, now: datetime) -> Agency:
    """Two teams of twelve that stay calm, and a third of ten."""
    return Agency(database, now, [12, 12, 10])


def test_the_team_that_turned_gets_an_alert_and_no_other(database: Database, now: datetime) -> None:
    agency = Agency(database, now, SIZES)
    run(agency, periods=6)
    found = all_alerts(agency)
    assert [one.team_id for one in found] == [agency.teams[TURNED]]
    finding = found[0].finding
    assert finding.team == "T03"
    assert finding.kind is AlertKind.RISING
    assert finding.since == (now + timedelta(weeks=12)).date()
    assert finding.barrier == "ability"
    assert "tools" in finding.themes
    assert finding.actions[0] == "practise"
    cells = [one.cells[agency.teams[SMALL]] for one in published(agency)]
    assert cells == [WITHHELD] * 6


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


def test_a_period_is_published_once(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    now = small.close_at(0)
    assert close_periods(small.database, PlainDetector(), now) == 1
    before = published(small)
    # Late answers change nothing that is out.
    small.pulse(small.launched_at + timedelta(days=2), everybody((1, None)))
    assert close_periods(small.database, PlainDetector(), now) == 0
    assert published(small) == before
    with small.database.read() as c:
        rows = c.scalar(select(func.count()).select_from(releases_table))
    assert rows == 6  # the agency, two divisions, three teams


def test_two_watchers_at_once_publish_and_tell_once(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((1, None)))
    now = small.close_at(0)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: close_periods(small.database, Always(), now), range(4)))
    assert sum(done) == 1
    assert len(all_alerts(small)) == 3


def test_nothing_is_published_before_the_close(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    end = small.launched_at + timedelta(weeks=4)
    assert close_periods(small.database, PlainDetector(), end + timedelta(minutes=59)) == 0
    assert close_periods(small.database, PlainDetector(), end + timedelta(hours=1)) == 1


def test_missed_closes_are_made_up_for_one_by_one(small: Agency) -> None:
    for period in range(3):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, everybody((4, None)))
    assert close_periods(small.database, PlainDetector(), small.close_at(2)) == 3
    assert [one.period for one in published(small)] == [0, 1, 2]


def test_a_late_answer_counts_in_the_next_period(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), lambda team, _: (4, None) if team else None)
    small.pulse(
        small.launched_at + timedelta(weeks=4, minutes=30),
        lambda team, _: None if team else (4, None),
    )
    close_periods(small.database, PlainDetector(), small.close_at(1))
    cells = [one.cells[small.teams[0]] for one in published(small)]
    assert cells[0] == WITHHELD
    assert isinstance(cells[1], Released)


def test_one_person_counts_once_however_often_they_answer(small: Agency) -> None:
    for day in range(1, 20):
        small.pulse(
            small.launched_at + timedelta(days=day),
            lambda team, person: (1, None) if (team, person) in {(0, 0), (0, 1), (0, 2)} else None,
        )
    close_periods(small.database, PlainDetector(), small.close_at(0))
    assert published(small)[0].cells[small.teams[0]] == WITHHELD


def test_a_group_that_one_person_joined_is_not_shown(small: Agency) -> None:
    for period, n in enumerate((8, 9, 8)):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, first_of_the_first(n))
    close_periods(small.database, PlainDetector(), small.close_at(2))
    shown = [isinstance(one.cells[small.teams[0]], Released) for one in published(small)]
    assert shown == [True, False, True]


def test_moving_a_team_does_not_change_what_was_compared(small: Agency) -> None:
    at = small.launched_at + timedelta(days=1)
    small.pulse(at, everybody((4, None)))
    close_periods(small.database, PlainDetector(), small.close_at(0))
    with small.database.write() as c:
        directory.put_team(c, "T00", small.divisions[1])
    # The division lost two teams and kept nobody; the other is as before, one person short.
    small.pulse(
        at + timedelta(weeks=4),
        lambda team, person: None if team == 1 and not person else (4, None),
    )
    close_periods(small.database, PlainDetector(), small.close_at(1))
    first, second = published(small)
    assert isinstance(first.cells[small.teams[1]], Released)
    assert second.cells[small.teams[1]] == WITHHELD
    assert isinstance(second.cells[small.divisions[1]], Released)


def test_a_stopped_campaign_publishes_its_last_period_and_no_more(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    with small.database.write() as c:
        stopped_at = small.launched_at + timedelta(weeks=5)
        campaigns.set_state(c, small.campaign.id, campaigns.STOPPED, stopped_at)
    assert close_periods(small.database, PlainDetector(), small.close_at(5)) == 2


def test_no_alert_for_a_team_of_five(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [5, 6, 20, 20])
    agency.pulse(now + timedelta(days=1), everybody((1, None)))
    close_periods(database, Always(), agency.close_at(0))
    assert {one.team_id for one in all_alerts(agency)} == set(agency.teams[1:])


class DecidedByOne:
    """A detector that alarms only while the mean is above .5."""

    confusion = Confusion()

    def judge(self, points: Sequence[Point]) -> Judgement | None:
        return Judgement("high", 2.0 if points[-1].mean > 0.5 else 0.0, 0)


@pytest.mark.parametrize(("against", "alerted"), [(4, False), (5, True)])
def test_no_alert_that_one_person_decides(
    database: Database, now: datetime, against: int, alerted: bool
) -> None:
    agency = Agency(database, now, [7, 20])
    agency.pulse(
        now + timedelta(days=1),
        lambda team, person: (1, None) if not team and person < against else (5, None),
    )
    close_periods(database, DecidedByOne(), agency.close_at(0))
    assert [one.team_id for one in all_alerts(agency)] == agency.teams[:1] * alerted


def test_no_alert_while_the_team_is_not_shown(small: Agency) -> None:
    for period, n in enumerate((8, 9)):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, first_of_the_first(n))
        detector = Always(0.0 if period == 0 else 2.0)
        close_periods(small.database, detector, small.close_at(period))
    assert small.teams[0] not in {one.team_id for one in all_alerts(small)}


def test_an_open_alert_is_kept_and_renewed_without_a_second_message(small: Agency) -> None:
    for period in range(2):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, everybody((1, 0.9 if period else None)))
        close_periods(small.database, Always(), small.close_at(period))
    found = all_alerts(small)
    assert [one.team_id for one in reversed(found)] == sorted(small.teams)
    assert {one.version for one in found} == {1}
    assert {one.finding.barrier for one in found} == {"ability"}
    assert {one.finding.size for one in found} == {Size.TENS}
    with small.database.read() as c:
        told = [len(outbox.of_person(c, agent)) for agent in small.agents]
    assert told == [2, 1]


def test_an_alert_is_resolved_after_two_calm_closes_and_rests(small: Agency) -> None:
    states = []
    for period, evidence in enumerate((2.0, 0.7, 0.2, 0.2, 2.0)):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, everybody((3, None)))
        close_periods(small.database, Always(evidence), small.close_at(period))
        states.append([one.state for one in all_alerts(small)][-1])
    opened, resolved = AlertState.OPEN, AlertState.RESOLVED
    assert states == [opened, opened, opened, resolved, resolved]
    assert len(all_alerts(small)) == 6  # four weeks later they may be raised anew


def test_what_agents_got_is_edited_when_their_alert_is_over(small: Agency) -> None:
    messenger, said = RecordingMessenger(), []
    for period, evidence in enumerate((2.0, 0.2, 0.2)):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, everybody((3, None)))
        now = small.close_at(period)
        close_periods(small.database, Always(evidence), now)
        deliver_due(small.database, messenger, compose, now)
        shown = messenger.shown(small.agents[0])
        said.append(shown[0].fallback_text)
        assert len(shown) == 2  # one message an alert, edited where it stands
    assert ["back to normal" in text for text in said] == [False, False, True]


def test_a_snoozed_alert_comes_back_to_the_one_who_put_it_off(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((1, None)))
    now = small.close_at(0)
    close_periods(small.database, Always(), now)
    alert, agent = all_alerts(small)[0], small.agents[0]
    with small.database.write() as c:
        alerts.change(
            c, alert, AlertState.SNOOZED, now, agent_id=agent, snoozed_until=now + timedelta(days=7)
        )
    close_periods(small.database, Always(), now + timedelta(days=6))
    assert all_alerts(small)[0].state is AlertState.SNOOZED
    for _ in range(2):
        close_periods(small.database, Always(), now + timedelta(days=7))
    assert all_alerts(small)[0].state is AlertState.TAKEN
    with small.database.read() as c:
        again = [one.once for one in outbox.of_person(c, agent) if one.subject_id == alert.id]
    assert again == [f"alert:{alert.id}:{agent}", f"alert:{alert.id}:{agent}:v3"]


def test_the_promise_is_the_first_versions(small: Agency) -> None:
    content = small.campaign.definition
    weaker = content.campaign.confidentiality.model_copy(update={"period_weeks": 1})
    changed = content.campaign.model_copy(update={"confidentiality": weaker})
    with small.database.write() as c:
        campaigns.put(
            c,
            content.model_copy(update={"campaign": changed}),
            small.launched_at + timedelta(days=2),
        )
    later = small.launched_at + timedelta(weeks=2)
    assert close_periods(small.database, PlainDetector(), later) == 0


def test_detector_numbers_are_never_of_fewer_than_the_minimum(small: Agency) -> None:
    small.pulse(
        small.launched_at + timedelta(days=1),
        lambda team, person: (1, None) if team or person < 4 else None,
    )
    close_periods(small.database, PlainDetector(), small.close_at(0))
    with small.database.read() as c:
        assert small.teams[0] not in detector_states.of_campaign(c, small.campaign.id)


def test_values_are_corrected_for_what_the_model_is_known_to_get_wrong(
    database: Database, now: datetime
) -> None:
    shown = []
    for sensitivity in (0.95, 0.55):
        agency = Agency(database, now, [12, 12], key=f"portal-{sensitivity * 100:.0f}")
        agency.pulse(now + timedelta(days=1), everybody((None, 0.45)))
        close_periods(database, PlainDetector(Confusion(sensitivity, 0.95)), agency.close_at(0))
        with database.read() as c:
            (state,) = set(detector_states.of_campaign(c, agency.campaign.id).values())
        shown.append(Watched.load(state).points[0].mean)
    assert shown[0] < shown[1] - 0.1
