"""A run before it begins: it says what the real one then does, and writes nothing."""

from collections import Counter
from datetime import datetime, timedelta

from campaigns.domain.assumptions import Assumptions, Platform
from campaigns.domain.lanes import Lane
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import WorkingHours
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import launch, plan
from campaigns.flows.simulating import Wanted, simulate
from campaigns.storage.database import Database
from tests.sending import (
    InterruptedMessenger,
    campaign,
    plain,
    pulse,
    reminder,
    rows,
    staff,
    vision,
)

NOBODY_ANSWERS = Assumptions(answer_rate=0, reminder_gain=0)
HOUR = timedelta(hours=1)


def test_simulated_run_is_what_the_real_one_does_hour_by_hour(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 3)
    staff(sqlite_database, 3, start=4, time_zone="Asia/Tokyo", hours=WorkingHours())
    limits = {"messages_per_week": 2}
    running = campaign(vision(cron="0 10 * * *"), key="other", limits=limits)
    launch(sqlite_database, running, now)
    content = campaign(pulse(cron="0 9 * * 3"), reminder(), limits=limits)
    found = simulate(sqlite_database, content, now, NOBODY_ANSWERS, Wanted(n_weeks=1))
    assert found.others == ("other",)
    launch(sqlite_database, content, now)
    messenger = InterruptedMessenger()
    for hour in range(7 * 24):
        plan(sqlite_database, now + hour * HOUR)
        while deliver_due(sqlite_database, messenger, plain, now + hour * HOUR):
            pass
    real = Counter(row.kind for row in rows(sqlite_database, State.SENT))
    assert {kind: round(n) for kind, n in found.outlook.weeks[0].by_kind.items()} == real
    assert found.outlook.weeks[0].people == {2: 6.0}


def test_simulated_run_writes_nothing_and_stands_for_everybody(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 30)
    staff(sqlite_database, 10, start=31, role="driver")
    content = campaign(pulse(), audience={"roles": ["clerk"]})
    wanted = Wanted(n_weeks=2, lives=5)
    found = simulate(sqlite_database, content, now, Assumptions(answer_rate=1), wanted)
    assert (found.n_lives, found.n_teams, found.outlook.n_people) == (5, 1, 30)
    assert found.outlook.answers["portal"] == 30
    assert rows(sqlite_database) == []


def test_simulated_round_ends_by_the_pace_of_the_platform(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 120)
    content = campaign(vision(at=now.replace(tzinfo=None).isoformat()))
    for platform, minutes in ((Platform.BROWSER, 0), (Platform.SLACK, 5)):
        wanted = Wanted(n_weeks=1, lane=Lane("slack", 20), platform=platform)
        found = simulate(sqlite_database, content, now, NOBODY_ANSWERS, wanted)
        [end] = found.ends.values()
        assert (end - now) // timedelta(minutes=1) >= minutes
        assert (end == now) is (platform is Platform.BROWSER)


def test_alerts_to_expect_grow_with_weeks_and_budget(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 10)
    found = [
        simulate(
            sqlite_database, campaign(), now, NOBODY_ANSWERS, Wanted(n_weeks=n, teams_a_year=years)
        ).alerts.n_false
        for n, years in ((4, 10), (8, 10), (8, 5))
    ]
    assert found[0] * 4 == found[1] * 2 == found[2]


def test_simulated_kinds_are_those_that_reach_people(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 2)
    found = simulate(sqlite_database, campaign(), now, NOBODY_ANSWERS, Wanted(n_weeks=1))
    [(place, seen)] = found.mine()
    assert (place.kind, place.touchpoint, seen.n_sent) == (Kind.VISION, "why", 2)
