"""The report shows what was published and what went out by plan, and nothing before the close."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from campaigns.domain.alerts import AlertState
from campaigns.domain.confidentiality import WITHHELD, Band, Rate, Released
from campaigns.domain.outbox import Kind, State
from campaigns.domain.ranking import Sign
from campaigns.errors import NotFoundError
from campaigns.flows.reporting import overview
from campaigns.flows.watching import close_periods
from campaigns.storage import alerts, campaigns, directory, leases, outbox
from campaigns.storage.database import Database
from campaigns.storage.leases import Settlement
from campaigns.storage.outbox import NewDelivery
from sentiment.watch import TeamDetector
from tests.agency import Agency
from tests.campaigns.storage.test_alerts import FINDING
from tests.scene import VAULT

KEY = "portal-2027"


@pytest.fixture
def agency(database: Database, now: datetime) -> Agency:
    return Agency(database, now, [30, 14, 3])


def answered(agency: Agency, period: int = 0) -> datetime:
    """Everybody is in favour in that period; the moment after its close."""
    at = agency.launched_at + timedelta(weeks=4 * period, days=1)
    agency.pulse(at, lambda _team, _person: (5, 0.1))
    close_periods(agency.database, VAULT, TeamDetector(), agency.close_at(period))
    return agency.close_at(period)


def send(agency: Agency, kind: Kind, touchpoint: str, n: int, state: State = State.SENT) -> None:
    """That touchpoint went to the first n people."""
    staff = [person for team in agency.teams for person in agency.staff[team]][:n]
    at = agency.launched_at
    with agency.database.write() as c:
        for person in staff:
            once = f"{kind}:{touchpoint}:{state}:{person}"
            new = NewDelivery(
                once, kind, person, at, agency.campaign.id, agency.campaign.version_id,
                touchpoint=touchpoint,
            )  # fmt: skip
            outbox.put(c, [new])
            found = next(one for one in outbox.of_person(c, person) if one.once == once)
            lease = at + timedelta(minutes=1)
            sent_at = at if state is State.SENT else None
            settled = Settlement(found.id, state, at, 1, sent_at=sent_at)
            leases.claim(c, at, lease, 1000)
            leases.settle(c, [settled], lease)


def test_unknown_campaign_is_not_found(database: Database, now: datetime) -> None:
    with pytest.raises(NotFoundError):
        overview(database, "nothing", now)


def test_before_the_first_close_there_is_no_figure(agency: Agency) -> None:
    agency.pulse(agency.launched_at + timedelta(days=1), lambda _team, _person: (5, 0.1))
    report = overview(agency.database, KEY, agency.launched_at + timedelta(days=20))
    assert (report.periods, report.organisation, report.themes) == ((), (), ())
    assert report.rate is None
    assert {row.cells for row in report.teams} == {()}
    assert report.next_close_on == (agency.launched_at + timedelta(weeks=4)).date()


def test_answers_after_the_close_change_nothing(agency: Agency) -> None:
    now = answered(agency)
    before = overview(agency.database, KEY, now)
    agency.pulse(now, lambda _team, _person: (1, 0.9))
    after = overview(agency.database, KEY, now)
    assert after.organisation == before.organisation
    assert after.teams == before.teams
    assert after.themes == before.themes


def test_it_has_what_was_published(agency: Agency) -> None:
    report = overview(agency.database, KEY, answered(agency))
    (whole,) = report.organisation
    assert isinstance(whole, Released)
    assert whole.band is Band.LOW
    assert whole.shares is not None
    assert (report.rate, report.barrier) == (Rate.MOST, None)
    assert report.themes == ("training",)
    assert [(one.number, one.starts_on) for one in report.periods] == [
        (0, agency.launched_at.date())
    ]
    assert report.periods[0].ends_on == (agency.launched_at + timedelta(days=27)).date()
    assert (report.state, report.version, report.sponsor) == ("running", 1, "Head of permits")


def test_teams_stand_in_the_order_of_the_tree_and_by_name(agency: Agency) -> None:
    report = overview(agency.database, KEY, answered(agency))
    assert [(row.name, row.depth) for row in report.teams] == [
        ("Agency", 0),
        ("North", 1),
        ("T00", 2),
        ("T02", 2),
        ("South", 1),
        ("T01", 2),
    ]
    assert [row.cells == (WITHHELD,) for row in report.teams] == [
        False, False, False, True, False, False
    ]  # fmt: skip


def test_every_row_has_a_cell_for_every_period(agency: Agency) -> None:
    answered(agency)
    with agency.database.write() as c:
        late = directory.put_team(c, "Brand new", agency.divisions[0])
    now = answered(agency, 1)
    report = overview(agency.database, KEY, now)
    assert late
    assert len(report.organisation) == len(report.periods) == 2
    assert {len(row.cells) for row in report.teams} == {2}


def test_several_roots_have_a_whole_of_their_own(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [12, 14])
    with database.write() as c:
        for name in ("North", "South"):
            directory.put_team(c, name)
        active = {team.id for team in directory.tree(c).teams.values()} - {agency.root}
        directory.keep_teams(c, active)
    report = overview(database, KEY, answered(agency))
    assert isinstance(report.organisation[0], Released)
    assert [row.depth for row in report.teams] == [0, 1, 0, 1]


def test_reach_counts_what_goes_out_by_plan(agency: Agency) -> None:
    send(agency, Kind.VISION, "vision", 5)
    send(agency, Kind.PULSE, "pulse", 3)
    send(agency, Kind.PULSE, "pulse", 2, State.FAILED)
    send(agency, Kind.HELP, "", 9)
    send(agency, Kind.FOLLOW_UP, "training", 8)
    send(agency, Kind.REMINDER, "nudge", 4)
    send(agency, Kind.REMINDER, "nudge", 6, State.PENDING)  # an answer would cancel one
    reach = overview(agency.database, KEY, agency.launched_at).reach
    assert (reach.people, reach.sent, reach.queued, reach.failed) == (5, 8, 0, 2)


@pytest.mark.parametrize(("n", "shown"), [(0, None), (9, None), (10, 10), (14, 10), (15, 15)])
def test_follow_ups_are_counted_from_ten_people_on_in_steps(
    agency: Agency, n: int, shown: int | None
) -> None:
    send(agency, Kind.FOLLOW_UP, "training", n)
    rows = overview(agency.database, KEY, answered(agency)).follow_ups
    assert (rows[0].title, rows[0].people) == ("About training", shown)
    assert {row.people for row in rows[1:]} == {None}


def test_alerts_show_their_team_state_and_owner(agency: Agency) -> None:
    agent = agency.agents[0]
    with agency.database.write() as c:
        put = alerts.put(c, agency.campaign.id, agency.teams[0], FINDING, agency.launched_at)
        seen = alerts.by_id(c, put)
        alerts.change(c, seen, AlertState.TAKEN, agency.launched_at, agent_id=agent)
        owner = directory.person(c, agent).name
    (row,) = overview(agency.database, KEY, agency.launched_at).alerts
    assert (row.team, row.state, row.owner) == ("Permits", AlertState.TAKEN, owner)
    assert row.raised_on == agency.launched_at.date()


def test_a_stopped_campaign_has_no_next_close(agency: Agency) -> None:
    with agency.database.write() as c:
        campaigns.set_state(c, agency.campaign.id, campaigns.STOPPED, agency.launched_at)
    now = agency.close_at(3)
    close_periods(agency.database, VAULT, TeamDetector(), now)
    assert overview(agency.database, KEY, now).next_close_on is None


def test_it_never_asks_for_an_answer(agency: Agency) -> None:
    now = answered(agency)
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(agency.database.engine, "before_cursor_execute", note)
    overview(agency.database, KEY, now)
    event.remove(agency.database.engine, "before_cursor_execute", note)
    assert asked
    assert not [one for one in asked if "answers" in one or "scores" in one or "decisions" in one]


def test_teams_that_are_shown_have_their_place_and_others_none(agency: Agency) -> None:
    now = agency.launched_at + timedelta(weeks=3)
    assert overview(agency.database, KEY, now).order == ()
    order = overview(agency.database, KEY, answered(agency)).order
    assert {row.team: row.sign for row in order} == {"T00": Sign.NONE, "T01": Sign.NONE}


def test_the_order_stays_until_the_next_period_is_published(agency: Agency) -> None:
    before = overview(agency.database, KEY, answered(agency)).order
    at = agency.launched_at + timedelta(weeks=4, days=1)
    agency.pulse(at, lambda team, _person: (1, 0.9) if team else (5, 0.1))
    close_periods(agency.database, VAULT, TeamDetector(), at + timedelta(weeks=2))
    assert overview(agency.database, KEY, at + timedelta(weeks=2)).order == before
