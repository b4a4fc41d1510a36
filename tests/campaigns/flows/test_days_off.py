"""Holidays and absences from the staff file on: what moves, what is dropped, who is not silent."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.domain.wording import say_date
from campaigns.flows import copying, telling
from campaigns.flows.delivering import deliver_due
from campaigns.flows.enrolling import import_people
from campaigns.flows.noticing import notice_silence
from campaigns.flows.planning import plan
from campaigns.flows.retention import erase_aged
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.tables import people
from sentiment.fading import SILENCE
from tests.agency import Agency, first_of_the_first
from tests.campaigns.flows.test_feeding import after_weeks, row
from tests.scene import VAULT, Scene
from tests.sending import InterruptedMessenger, launched, plain, pulse, reminder, rows, vision

DAY = timedelta(days=1)
HEADER = "id,name,team,work_days,holidays,away_from,away_until\n"
ALWAYS = "P1,Ada,Permits,mon-sun"


def take_over(database: Database, *cells: str) -> Person:
    import_people(database, HEADER + ",".join([ALWAYS, *cells]) + "\n")
    with database.read() as c:
        return directory.person_by_external_id(c, "P1")


def deliver(database: Database, at: datetime) -> int:
    return deliver_due(database, InterruptedMessenger(), plain, at)


def test_import_replaces_an_absence_and_keeps_it_where_the_file_has_no_such_column(
    database: Database,
) -> None:
    first = take_over(database, "DE-BY", "2027-01-11", "2027-01-15")
    assert (first.holidays, first.away_from) == ("DE-BY", date(2027, 1, 11))
    assert import_people(database, "id,name,team\nP1,Ada,Permits\n").changes_nothing
    again = take_over(database, "FR", "", "")
    assert (again.holidays, again.away_from, again.away_until) == ("FR", None, None)


def test_messages_wait_behind_an_absence_or_are_dropped_when_they_close_before(
    sqlite_database: Database, now: datetime
) -> None:
    take_over(sqlite_database, "", "2027-01-11", "2027-01-15")
    launched(sqlite_database, now, vision(), pulse(open_days=2))
    assert deliver(sqlite_database, now) == 0
    assert [(row.touchpoint, row.state, row.reason) for row in rows(sqlite_database)] == [
        ("why", State.PENDING, "moved: away"),
        ("pulse", State.DROPPED, "away"),
    ]
    assert deliver(sqlite_database, now + 3 * DAY) == 0
    assert deliver(sqlite_database, datetime(2027, 1, 16, 8, tzinfo=now.tzinfo)) == 1


def test_message_goes_out_when_a_later_import_ends_the_absence_before_it_is_due(
    sqlite_database: Database, now: datetime
) -> None:
    take_over(sqlite_database, "", "2027-01-12", "2027-01-22")
    launched(sqlite_database, now - DAY, vision(days_after_launch=1))
    take_over(sqlite_database, "", "", "")
    assert deliver(sqlite_database, now) == 1


def test_reminder_is_dropped_when_an_absence_begins_after_the_pulse(
    sqlite_database: Database, now: datetime
) -> None:
    take_over(sqlite_database, "", "", "")
    launched(sqlite_database, now, pulse(open_days=6), reminder(days=2))
    assert deliver(sqlite_database, now) == 1
    take_over(sqlite_database, "", "2027-01-13", "2027-01-29")
    assert deliver(sqlite_database, now + 2 * DAY) == 0
    [again] = rows(sqlite_database, State.DROPPED)
    assert (again.kind, again.reason) == (Kind.REMINDER, "away")


def test_planned_message_comes_on_the_day_after_a_holiday(
    sqlite_database: Database, now: datetime
) -> None:
    take_over(sqlite_database, "ES", "", "")  # Good Friday is one there, the Monday after is not
    friday = datetime(2027, 3, 26, 9, tzinfo=now.tzinfo)
    launched(sqlite_database, friday)
    assert [row.due_at for row in rows(sqlite_database)] == [friday.replace(day=27, hour=8)]
    assert plan(sqlite_database, friday) == 0


@pytest.fixture
def scene(sqlite_database: Database, now: datetime) -> Scene:
    return Scene(sqlite_database, now)


def unanswered_weeks(scene: Scene, person: Person, n: int) -> None:
    for _ in range(n):
        scene.run(person)
        scene.now += 7 * DAY


def test_absence_is_no_silence_while_a_pulse_was_open(scene: Scene) -> None:
    """Two pulses in a row would call for a message: one while away is none of them."""
    person = scene.person()
    unanswered_weeks(scene, person, 1)
    assert notice_silence(scene.database, scene.now) == 0
    away = replace(person, away_from=scene.now.date() + 3 * DAY, away_until=scene.now.date())
    away = replace(away, away_until=scene.now.date() + 5 * DAY)
    with scene.database.write() as c:
        directory.put(c, away)
    unanswered_weeks(scene, person, 1)
    assert notice_silence(scene.database, scene.now) == 0
    unanswered_weeks(scene, person, 1)
    assert notice_silence(scene.database, scene.now) == 1


def test_absence_is_no_silence_to_the_detector(small: Agency) -> None:
    small.pulse(small.launched_at + DAY, first_of_the_first(3))
    silent, other = small.staff[small.teams[0]][5], small.staff[small.teams[1]][0]
    answered = small.staff[small.teams[0]][0]
    asked = after_weeks(small, 1)
    first = small.launched_at.date() + 2 * DAY
    with small.database.write() as c:
        gone = update(people).where(people.c.id.in_([silent, answered]))
        c.execute(gone.values(away_from=first, away_until=first + 9 * DAY))
    while_away = after_weeks(small, 1)
    assert row(small, asked, silent)[SILENCE, 0, 0] == 1.0
    assert row(small, while_away, silent)[SILENCE, 0, 0] == 0.0
    assert row(small, while_away, other)[SILENCE, 0, 0] == 1.0
    assert (row(small, while_away, answered) == row(small, asked, answered)).all()


def test_absence_is_told_to_its_person_and_forgotten_when_it_is_long_over(scene: Scene) -> None:
    gone = (date(2027, 1, 11), date(2027, 1, 15))
    person = scene.person(holidays="DE-BY", away_from=gone[0], away_until=gone[1])
    with scene.database.read() as c:
        text = telling.held(c, VAULT, person, scene.now).fallback_text
    assert "Public holidays: DE-BY" in text
    first, last = (say_date("en", day) for day in gone)
    assert f"Away: {first} – {last}" in text
    found = copying.copy_of(scene.database, VAULT, person, scene.now)["staff_directory"]
    assert (found["public_holidays_of"], found["away"]) == ("DE-BY", ["2027-01-11", "2027-01-15"])
    for days, kept in ((75, True), (80, False)):
        erase_aged(scene.database, scene.now + days * DAY)
        with scene.database.read() as c:
            assert (directory.person(c, person.id).away_until is not None) is kept
