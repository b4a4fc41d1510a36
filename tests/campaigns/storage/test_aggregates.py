"""Answers add up to one row a person, by the period that they count in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from campaigns.domain.periods import Span
from campaigns.storage import aggregates, asked, campaigns
from campaigns.storage.aggregates import Answered
from campaigns.storage.database import Database
from campaigns.storage.tables import scores
from sentiment.labels import Barrier, Theme
from sentiment.resistance import Evidence
from tests.agency import Agency


@pytest.fixture
def agency(database: Database, now: datetime) -> Agency:
    return Agency(database, now, [3, 3])


def period(agency: Agency, number: int = 0) -> Span:
    start = agency.launched_at + timedelta(weeks=4 * number)
    return Span(start, start + timedelta(weeks=4))


def found(
    agency: Agency, number: int = 0, team_ids: Sequence[int] | None = None
) -> dict[int, Answered]:
    with agency.database.read() as c:
        _, questions = aggregates.rules(c, agency.campaign.id, period(agency, number).end)
        return aggregates.respondents(
            c, agency.campaign.id, questions, period(agency, number), team_ids
        )


def say(agency: Agency, day: int, scale: int | None, text: float | None, team: int = 0) -> int:
    person = agency.staff[agency.teams[team]][0]
    with agency.database.write() as c:
        at = agency.launched_at + timedelta(days=day)
        agency.ask(c, at, [(person, agency.teams[team], (scale, text))])
    return person


def test_scales_and_texts_of_one_person_become_one_row(agency: Agency) -> None:
    for day, (scale, text) in enumerate([(1, None), (3, 0.8), (None, 0.6)]):
        person = say(agency, day, scale, text)
    one = found(agency)[person]
    assert one.team_id == agency.teams[0]
    assert one.first_at == agency.launched_at + timedelta(hours=1)
    assert one.evidence.n_scales == 2
    assert one.evidence.favourable == pytest.approx(0.25)
    assert one.evidence.n_texts == 2
    assert one.evidence.p_stance == pytest.approx((0.7, 0.03, 0.06, 0.21))
    assert one.barriers == {Barrier.ABILITY}
    assert one.themes == {Theme.TOOLS, Theme.WORKLOAD}


def test_an_answer_counts_in_the_period_it_was_given_in(agency: Agency) -> None:
    person = say(agency, 27, 5, None)
    say(agency, 28, 1, None)
    assert found(agency)[person].evidence == Evidence(n_scales=1, favourable=1.0)
    assert found(agency, 1)[person].evidence == Evidence(n_scales=1, favourable=0.0)


def test_a_text_counts_in_the_period_it_was_scored_in(agency: Agency) -> None:
    person = say(agency, 27, None, 0.9)
    with agency.database.write() as c:
        c.execute(update(scores).values(scored_at=agency.launched_at + timedelta(days=29)))
    assert found(agency) == {}
    assert found(agency, 1)[person].evidence.n_texts == 1


def test_what_was_not_scored_is_not_counted(agency: Agency) -> None:
    say(agency, 1, None, 0.9)
    with agency.database.write() as c:
        c.execute(update(scores).values(counts=False))
    assert found(agency) == {}


def test_who_moved_counts_in_the_team_of_the_first_answer(agency: Agency) -> None:
    person = agency.staff[agency.teams[0]][0]
    with agency.database.write() as c:
        for day, team in ((2, agency.teams[1]), (1, agency.teams[0]), (3, agency.teams[1])):
            at = agency.launched_at + timedelta(days=day)
            agency.ask(c, at, [(person, team, (5, 0.1))])
    one = found(agency)[person]
    assert (one.team_id, one.evidence.n_scales, one.evidence.n_texts) == (agency.teams[0], 3, 3)
    assert found(agency, team_ids=[agency.teams[1]]) == {person: one}


def test_people_of_a_team_are_the_same_without_their_answers(agency: Agency) -> None:
    say(agency, 1, 4, None)
    say(agency, 2, None, 0.5, team=1)
    with agency.database.read() as c:
        _, questions = aggregates.rules(c, agency.campaign.id, period(agency).end)
        teams = aggregates.teams_of_respondents(c, agency.campaign.id, questions, period(agency))
    expected: dict[int, set[int]] = {}
    for person, one in found(agency).items():
        expected.setdefault(one.team_id, set()).add(person)
    assert teams == expected


def test_one_team_gives_only_who_answered_in_it(agency: Agency) -> None:
    say(agency, 1, 4, 0.2)
    other = say(agency, 1, 4, 0.2, team=1)
    assert found(agency, team_ids=[agency.teams[1]]).keys() == {other}


def test_invited_and_members_are_counted_by_team(agency: Agency) -> None:
    agency.pulse(agency.launched_at, lambda _team, _person: None)
    agency.pulse(agency.launched_at + timedelta(days=1), lambda _team, _person: None)
    with agency.database.read() as c:
        assert asked.invited(c, agency.campaign.id, period(agency)) == dict.fromkeys(
            agency.teams, 3
        )
        assert asked.invited(c, agency.campaign.id, period(agency, 1)) == {}
        members = asked.members(c)
    assert members == dict.fromkeys(agency.teams, 3) | dict.fromkeys(agency.divisions, 1)


def test_minimums_can_rise_but_the_rest_of_the_promise_stays(agency: Agency) -> None:
    content = agency.campaign.definition
    promise = content.campaign.confidentiality.model_copy(
        update={"minimum_group": 8, "minimum_for_words": 12, "period_weeks": 2}
    )
    changed = content.campaign.model_copy(update={"confidentiality": promise})
    later = agency.launched_at + timedelta(days=30)
    with agency.database.write() as c:
        campaigns.put(c, content.model_copy(update={"campaign": changed}), later)
        before, _ = aggregates.rules(c, agency.campaign.id, later)
        after, _ = aggregates.rules(c, agency.campaign.id, later + timedelta(days=1))
    assert (before.minimum_group, before.period_weeks) == (5, 4)
    assert (after.minimum_group, after.minimum_for_words, after.period_weeks) == (8, 12, 4)


def test_a_scale_that_is_favourable_when_low_is_turned_round(
    database: Database, now: datetime
) -> None:
    question = {"key": "ready", "kind": "scale", "prompt": "Worried?", "favourable": "low"}
    pulse = {
        "kind": "pulse",
        "key": "pulse",
        "when": {"days_after_launch": 0},
        "title": "How?",
        "questions": ["ready"],
    }
    agency = Agency(
        database, now, [3], questions=[{**question, "points": 10}], touchpoints=[pulse], rules=[]
    )
    person = say(agency, 1, 10, None)
    assert found(agency)[person].evidence.favourable == 0
