"""Watched teams, and as many others, are reminded once more; nobody can tell which are which."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import insert

from campaigns.domain.confidentiality import Released
from campaigns.domain.outbox import State
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.detecting import Watched, urged
from campaigns.flows.planning import launch, plan
from campaigns.flows.watching import close_periods
from campaigns.storage import campaigns, detector_states, directory, outbox
from campaigns.storage.database import Database
from campaigns.storage.detector_states import Carried
from campaigns.storage.tables import answers
from sentiment.fading import Ints, Kept
from sentiment.resistance import Confusion
from sentiment.watch import Judgement
from tests.agency import Agency, everybody, first_of_the_first, published
from tests.fakes import RecordingMessenger
from tests.people import clerk
from tests.scene import VAULT
from tests.sending import campaign, pulse, reminder, rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Told:
    """A detector that is told the evidence of each team, in the order of the teams."""

    confusion = Confusion()

    def __init__(self, evidence: Sequence[float]) -> None:
        self.evidence = evidence

    def judge(self, _kept: Kept, _team: Ints, n_teams: int) -> list[Judgement | None]:
        return [Judgement("high", one, one) for one in self.evidence[:n_teams]]


def close(agency: Agency, week: int, evidence: Sequence[float]) -> set[int]:
    """The numbers of the teams that are asked once more after the close of that week."""
    now = agency.launched_at + timedelta(weeks=week + 1, hours=2)
    close_periods(agency.database, VAULT, Told(evidence), now)
    with agency.database.read() as c:
        found = urged(c, agency.campaign.id, agency.teams)
    return {agency.teams.index(team) for team in found}


def test_beside_a_watched_team_another_is_asked_as_long_as_it_is(
    sqlite_database: Database, now: datetime
) -> None:
    agency = Agency(sqlite_database, now, [12] * 7 + [4])
    agency.pulse(now + DAY, everybody((3, None)))
    one, all_calm = [0.6, *[0.1] * 7], [0.1] * 8
    assert [close(agency, week, one) for week in range(3)] == [set()] * 3  # nothing is shown yet
    chosen = [close(agency, week, one) for week in range(3, 7)]
    assert all(0 in those and len(those) == 2 for those in chosen)
    assert all(one == other for one, other in pairwise(chosen))  # the other one stays
    assert close(agency, 7, all_calm) == set()


def test_a_team_that_is_not_shown_is_never_asked_more(
    sqlite_database: Database, now: datetime
) -> None:
    agency = Agency(sqlite_database, now, [*[12] * 6, 5])
    agency.pulse(now + DAY, first_of_the_first(3))
    chosen = close(agency, 3, [2.0] * 7)
    [cells] = [one.cells for one in published(agency)]
    shown = {n for n, team in enumerate(agency.teams) if isinstance(cells[team], Released)}
    assert chosen == shown - {6}  # which is too small for an alert
    assert 0 not in chosen


@pytest.fixture
def messenger() -> RecordingMessenger:
    return RecordingMessenger()


def sent_to_two_teams(
    database: Database, messenger: RecordingMessenger, now: datetime, **more: Any
) -> None:
    """A pulse of six days with a reminder after two went out to a person of either team; the first
    one's is asked once more."""
    with database.write() as c:
        chosen, other = (directory.put_team(c, name) for name in ("Permits", "Parks"))
        directory.put_all(c, [clerk("one", chosen), clerk("two", other)])
    launch(database, campaign(pulse(), reminder(), **more), now)
    with database.write() as c:
        [launched] = campaigns.all_launched(c)
        states = {chosen: Watched(urged=True).dump(), other: Watched().dump()}
        detector_states.replace(c, launched.id, Carried(1, "{}", states))
    plan(database, now)
    assert deliver_due(database, messenger, compose, now) == 2


def extra(database: Database) -> list[Any]:
    return [row for row in rows(database) if row.once.startswith("more:")]


def test_one_reminder_more_is_planned_far_from_what_else_comes(
    database: Database, now: datetime, messenger: RecordingMessenger
) -> None:
    sent_to_two_teams(database, messenger, now)
    asked, *_ = rows(database)
    [more] = extra(database)
    assert (more.person_id, more.subject_id) == (asked.person_id, asked.id)
    # Between the pulse and its reminder: after that comes the weekend, and then the end.
    assert more.due_at == now + DAY
    assert more.closes_at == asked.closes_at


def test_it_asks_the_same_question_again(
    database: Database, now: datetime, messenger: RecordingMessenger
) -> None:
    sent_to_two_teams(database, messenger, now)
    [more] = extra(database)
    deliver_due(database, messenger, compose, more.due_at)
    first, again = messenger.shown(more.person_id)
    assert again.key == more.key
    assert again.fallback_text == first.fallback_text


def test_it_does_not_come_once_a_question_is_answered(
    database: Database, now: datetime, messenger: RecordingMessenger
) -> None:
    sent_to_two_teams(database, messenger, now)
    asked, *_ = rows(database)
    [more] = extra(database)
    with database.write() as c:
        team_id = directory.person(c, asked.person_id).team_id
        row = {"delivery_id": asked.id, "campaign_id": 1, "person_id": asked.person_id}
        row |= {"team_id": team_id, "answered_at": now, "question": "clear", "kind": "skip"}
        c.execute(insert(answers).values(row))
    deliver_due(database, messenger, compose, more.due_at)
    [more] = extra(database)
    assert (more.state, more.reason) == (State.CANCELLED, "answered")


def test_it_is_planned_with_the_pulse_and_not_when_that_is_edited(
    database: Database, now: datetime, messenger: RecordingMessenger
) -> None:
    sent_to_two_teams(database, messenger, now)
    other = next(row for row in rows(database, State.SENT) if row.person_id == 2)
    with database.write() as c:
        [launched] = campaigns.all_launched(c)
        states = dict.fromkeys(directory.tree(c).teams, Watched(urged=True).dump())
        detector_states.replace(c, launched.id, Carried(2, "{}", states))
        outbox.edit(c, other.id, now + HOUR)
    assert deliver_due(database, messenger, compose, now + HOUR) == 1
    assert [row.person_id for row in extra(database)] == [1]


def test_a_campaign_can_leave_it_out(
    database: Database, now: datetime, messenger: RecordingMessenger
) -> None:
    sent_to_two_teams(database, messenger, now, ask_once_more=False)
    assert not extra(database)
