"""A run before it begins: it says what the real one then does, and writes nothing."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from campaigns.domain.alerts import MINIMUM_MEMBERS
from campaigns.domain.assumptions import Assumptions, Platform
from campaigns.domain.lanes import Lane
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import WorkingHours
from campaigns.flows import telling_back
from campaigns.flows.delivering import deliver_due
from campaigns.flows.noticing import notice_silence
from campaigns.flows.planning import launch, plan
from campaigns.flows.simulating import Wanted, simulate
from campaigns.storage.database import Database
from tests.campaigns.flows.ledgers import Heard, cell
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
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUNDAY = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)


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
    assert {kind: round(n) for kind, n in found.run.weeks[0].by_kind.items()} == real
    assert found.run.weeks[0].people == {2: 6.0}


def test_simulated_pulse_waits_for_telling_back_as_the_real_one_does(
    sqlite_database: Database,
) -> None:
    heard = Heard(sqlite_database, SUNDAY - 2 * DAY, tell_back="wait")
    heard.publish({heard.agency.root: cell("workload")})
    assumed = replace(NOBODY_ANSWERS, told_days=4)
    content, wanted = heard.agency.campaign.definition, Wanted(n_weeks=1)
    found = simulate(sqlite_database, content, SUNDAY, assumed, wanted)
    tuesday = SUNDAY + 2 * DAY
    assert list(found.went_on.values()) == [tuesday]
    messenger = InterruptedMessenger()
    at_work = (hour for hour in range(5 * 24) if 6 <= (SUNDAY + hour * HOUR).hour < 17)
    for heard.now in (SUNDAY + hour * HOUR for hour in at_work):
        if heard.now == tuesday:
            heard.write(heard.voice(heard.agency.root, period=1))
            heard.tell(heard.entries()[0])
        telling_back.spread(sqlite_database, heard.now)
        plan(sqlite_database, heard.now)
        while deliver_due(sqlite_database, messenger, plain, heard.now):
            pass
    real = Counter((row.kind, row.sent_at) for row in rows(sqlite_database, State.SENT))
    flown = Counter[tuple[str, datetime | None]]()
    for place, seen in found.mine():
        assert seen.first_at == seen.last_at  # all of these people have the same hours
        flown[place.kind, seen.first_at] += round(seen.n_sent)
    assert flown == real
    assert flown[Kind.TOLD, tuesday] == flown[Kind.PULSE, tuesday] == 14


def test_simulated_team_is_held_out_as_a_whole_as_the_real_one_is(
    sqlite_database: Database, now: datetime
) -> None:
    for team in range(8):
        staff(sqlite_database, 4, start=10 * team, team=f"Team {team}")
    help_ = {"kind": "follow_up", "key": "help", "title": "H", "text": "H", "purpose": "why"}
    rule = {"key": "quiet", "when": {"silence_pulses": 1}, "send": "help", "holdout": 0.5}
    content = campaign(
        pulse(open_days=2), help_, rules=[{**rule, "holdout_by": "team", "after_hours": 0}]
    )
    found = simulate(sqlite_database, content, now, NOBODY_ANSWERS, Wanted(n_weeks=1))
    launch(sqlite_database, content, now)
    messenger = InterruptedMessenger()
    for moment in (now + hour * HOUR for hour in range(0, 4 * 24, 3)):
        plan(sqlite_database, moment)
        notice_silence(sqlite_database, moment, Random(1))
        while deliver_due(sqlite_database, messenger, plain, moment):
            pass
    real = Counter(row.state for row in rows(sqlite_database) if row.kind == Kind.FOLLOW_UP)
    flown = found.run.follow_ups["portal", "quiet"]
    assert flown.n_decided == real.total() == 32
    for n_held in (round(flown.n_held), real[State.DROPPED]):
        assert 0 < n_held < 32
        assert n_held % 4 == 0  # nobody of a team without the others


def test_simulated_run_has_what_is_planned_and_not_out_yet(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 3)
    content = campaign(pulse(cron="0 12 * * 2,3"))
    launch(sqlite_database, content, now)
    plan(sqlite_database, now)
    later = now + 4 * HOUR  # the first is over: it had been due at noon
    found = simulate(sqlite_database, content, later, NOBODY_ANSWERS, Wanted(n_weeks=1))
    assert [seen.first_at for _, seen in found.mine()] == [
        now + 27 * HOUR,
        now + 7 * DAY + 3 * HOUR,
    ]


def test_simulated_teams_that_are_watched_get_one_reminder_more_once_figures_are_out(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, MINIMUM_MEMBERS)
    staff(sqlite_database, MINIMUM_MEMBERS - 1, start=50, team="Small")
    content = campaign(pulse(cron="0 9 * * 3"), confidentiality={"period_weeks": 1})
    for share, n_reminded in ((0, 0), (1, 2 * MINIMUM_MEMBERS)):
        assumed = replace(NOBODY_ANSWERS, watched_teams=share)
        found = simulate(sqlite_database, content, now, assumed, Wanted(n_weeks=3))
        sent = [seen.n_sent for place, seen in found.mine() if place.kind is Kind.REMINDER]
        assert sum(sent) == n_reminded


def test_simulated_run_writes_nothing_and_stands_for_everybody(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 30)
    staff(sqlite_database, 10, start=31, role="driver")
    content = campaign(pulse(), audience={"roles": ["clerk"]})
    wanted = Wanted(n_weeks=2, lives=5)
    found = simulate(sqlite_database, content, now, Assumptions(answer_rate=1), wanted)
    assert (found.n_lives, found.n_teams, found.run.n_people) == (5, 1, 30)
    assert found.run.answers["portal"] == 30
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


def test_simulated_words_lead_to_nothing_where_no_model_reads_their_language(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 20)
    staff(sqlite_database, 20, start=30, language="de")
    why = {"key": "why", "kind": "text", "prompt": {"en": "Why?", "de": "Warum?"}}
    more = {"kind": "follow_up", "key": "more", "title": "M", "text": "M", "purpose": "why"}
    stances = ["resistant", "ambivalent", "neutral", "supportive"]
    rule = {"key": "all", "when": {"stance": stances}, "send": "more", "holdout": 0}
    content = campaign(
        pulse() | {"questions": ["why"]},
        more,
        languages=["en", "de"],
        questions=[why],
        rules=[rule],
    )
    assumed = Assumptions(answer_rate=1, answer_hours=1, words_rate=1, scored_rate=1)
    for reads, n_followed in (((), 40), (("en",), 20), (("fr",), 0)):
        wanted = Wanted(n_weeks=1, reads=reads)
        found = simulate(sqlite_database, content, now, assumed, wanted)
        assert found.run.words["portal"] == 40
        assert found.run.follow_ups["portal", "all"].n_decided == n_followed
