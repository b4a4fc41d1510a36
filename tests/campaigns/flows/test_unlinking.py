"""After eight periods nobody can join an answer with its person; figures are made of the same."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from campaigns.domain.messages import Action
from campaigns.domain.periods import span
from campaigns.flows import answering, planning
from campaigns.flows.closing import rebuilt
from campaigns.flows.rescoring import rescore
from campaigns.flows.retention import erase_aged
from campaigns.flows.unlinking import unlink
from campaigns.flows.watching import close_periods
from campaigns.storage import aggregates, counted, pseudonyms
from campaigns.storage.database import Database
from campaigns.storage.loosening import linked
from campaigns.storage.tables import answers, decisions, deliveries, loose_answers, scores
from sentiment.fading import ANSWERS, SILENCE
from sentiment.watch import TeamDetector
from tests.agency import Agency, everybody, usual
from tests.fakes import FixedScorer
from tests.scene import FEAR, VAULT, Scene, event, follow_ups, rows, score, write

PERIODS = 9  # so many are closed when the first one's answers lose their people


@pytest.fixture
def old(database: Database, now: datetime) -> Agency:
    """Three teams that answered in the first period, and eight closed periods more."""
    agency = Agency(database, now, [12, 12, 3])
    agency.pulse(agency.launched_at, usual(Random(3), rate=0.9))
    agency.pulse(agency.launched_at + timedelta(days=7), usual(Random(4), rate=0.9))
    close_periods(database, VAULT, TeamDetector(), agency.close_at(PERIODS - 1))
    return agency


def table(agency: Agency, which: Any) -> list[Any]:
    with agency.database.read() as c:
        return list(c.execute(select(which)).all())


def evidence(agency: Agency) -> Counter[str]:
    """What the people of the first period said, one value a person, without who they are."""
    with agency.database.read() as c:
        first = span(agency.launched_at, 4, 0)
        _, questions = aggregates.rules(c, agency.campaign.id, first.end)
        found = aggregates.respondents(c, agency.campaign.id, questions, first)
    return Counter(
        f"{one.evidence.n_scales} {one.evidence.favourable:.6f} {one.evidence.n_texts} "
        f"{[round(p, 6) for p in one.evidence.p_stance]} {sorted(one.barriers)} "
        f"{sorted(one.themes)}"
        for one in found.values()
    )


def test_answers_lose_their_people_when_eight_more_periods_are_closed(old: Agency) -> None:
    n_answers, before = len(table(old, answers)), evidence(old)
    assert unlink(old.database, old.close_at(PERIODS - 2)) == 0
    assert unlink(old.database, old.close_at(PERIODS - 1)) == n_answers
    assert unlink(old.database, old.close_at(PERIODS - 1)) == 0
    assert table(old, answers) == []
    assert table(old, scores) == []
    assert len(table(old, loose_answers)) == n_answers
    assert evidence(old) == before


def test_nothing_is_unlinked_while_a_close_is_late(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [12])
    agency.pulse(agency.launched_at, everybody((4, None)))
    close_periods(database, VAULT, TeamDetector(), agency.close_at(PERIODS - 2))
    assert unlink(database, agency.close_at(PERIODS + 3)) == 0


def test_what_is_left_tells_neither_person_nor_moment_nor_order(old: Agency) -> None:
    people = {row.id: row.person_id for row in table(old, answers)}
    with old.database.read() as c:
        before = [one.person_id for one in linked(c, old.campaign.id, span(old.launched_at, 4, 0))]
    unlink(old.database, old.close_at(PERIODS - 1), Random(5))
    left = table(old, loose_answers)
    assert {"person_id", "delivery_id", "answered_at", "words"}.isdisjoint(loose_answers.c.keys())
    assert {row.period_start for row in left} == {old.launched_at}
    assert {row.id for row in left}.isdisjoint(people)
    # An alias is one person's, with all that they answered in the period.
    aliases = [row.alias for row in left]
    assert len(set(aliases)) == len(set(people.values()))
    assert [aliases.index(one) for one in aliases] != [before.index(one) for one in before]
    with old.database.read() as c:
        assert counted.of_period(c, old.campaign.id, 0) == {}


def test_small_team_is_put_together_with_others_above_it(old: Agency) -> None:
    unlink(old.database, old.close_at(PERIODS - 1))
    people: dict[int, set[int]] = {}
    for row in table(old, loose_answers):
        people.setdefault(row.team_id, set()).add(row.alias)
    assert old.teams[2] not in people  # three people
    assert all(len(aliases) >= 5 for aliases in people.values())


def test_answers_of_too_few_people_are_erased_altogether(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [3])
    agency.pulse(agency.launched_at, everybody((4, 0.2)))
    close_periods(database, VAULT, TeamDetector(), agency.close_at(PERIODS - 1))
    unlink(database, agency.close_at(PERIODS - 1))
    assert table(agency, answers) == table(agency, loose_answers) == []


def test_text_that_counts_in_the_next_period_keeps_its_person_as_long(old: Agency) -> None:
    late = old.launched_at + timedelta(weeks=4, hours=1)
    with old.database.write() as c:
        some = select(scores.c.answer_id).limit(1).scalar_subquery()
        c.execute(update(scores).where(scores.c.answer_id == some).values(scored_at=late))
    unlink(old.database, old.close_at(PERIODS - 1))
    assert len(table(old, answers)) == 1
    close_periods(old.database, VAULT, TeamDetector(), old.close_at(PERIODS))
    unlink(old.database, old.close_at(PERIODS))
    assert table(old, answers) == []


def test_loose_answers_are_erased_by_age(old: Agency) -> None:
    unlink(old.database, old.close_at(PERIODS - 1))
    erase_aged(old.database, old.launched_at + timedelta(days=360))
    assert table(old, loose_answers) != []
    erase_aged(old.database, old.launched_at + timedelta(days=366))
    assert table(old, loose_answers) == []


def test_texts_are_read_anew_when_others_have_lost_their_people(
    old: Agency, scorer: FixedScorer
) -> None:
    unlink(old.database, old.close_at(PERIODS - 1))
    left = table(old, loose_answers)
    done = rescore(old.database, VAULT, scorer, TeamDetector(), lambda _: None)
    assert done.n_new == 0
    assert table(old, loose_answers) == left


def test_rebuilt_detector_takes_nobody_for_silent_in_weeks_that_lost_their_people(
    old: Agency,
) -> None:
    old.pulse(old.launched_at + timedelta(weeks=4 * PERIODS), everybody((4, 0.2)))
    later = old.close_at(PERIODS)
    close_periods(old.database, VAULT, TeamDetector(), later)
    unlink(old.database, later)
    with old.database.read() as c:
        name = pseudonyms.namer(c, VAULT, old.campaign.initiative_id)
        assert name is not None
        n_weeks = 4 * (PERIODS + 1)
        people = rebuilt(c, old.campaign, n_weeks, name, TeamDetector()).kept.people
    n_answered, n_asked = people[:, ANSWERS, 0, 0], people[:, SILENCE, 0, 0]
    assert set(n_answered) == set(n_asked) == {1.0}


def test_stopped_campaign_loses_its_people_too(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [12, 12])
    agency.pulse(agency.launched_at, everybody((4, None)))
    close_periods(database, VAULT, TeamDetector(), agency.close_at(0))
    planning.stop(database, agency.campaign.key, agency.close_at(0))
    assert unlink(database, agency.close_at(PERIODS - 2)) == 0
    assert unlink(database, agency.close_at(PERIODS - 1)) == 24
    with database.read() as c:
        assert counted.of_period(c, agency.campaign.id, 0) == {}


def test_what_was_chosen_because_of_an_answer_goes_with_its_person(
    scene: Scene, scorer: FixedScorer
) -> None:
    """Else a rule that fired for one person alone would tell whose the loose answer is."""
    people = [scene.person(f"P{n}") for n in range(6)]
    for person in people:
        pulse = write(scene, person, FEAR)
        tap = event(pulse, Action.ANSWER, "ready", "2")
        assert answering.record(scene.database, VAULT, tap, scene.now).refusal is None
    score(scene, scorer)
    with scene.database.write() as c:
        replies = update(deliveries).where(deliveries.c.kind == "follow_up")
        c.execute(replies.values(state="sent"))
    later = scene.now + timedelta(weeks=4 * PERIODS, hours=2)
    close_periods(scene.database, VAULT, TeamDetector(), later)
    assert unlink(scene.database, later) == 12
    assert rows(scene, decisions) == []
    assert follow_ups(scene, people[0]) == []
    assert len(rows(scene, loose_answers)) == 12
