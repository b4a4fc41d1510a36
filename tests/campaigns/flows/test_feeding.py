"""What is carried of people follows them: moves, holes, late and double answers, renamed teams."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from sqlalchemy import insert, update

from campaigns.flows.closing import fed
from campaigns.flows.feeding import NOBODY, Crowd, dump, load
from campaigns.flows.watching import close_periods
from campaigns.storage import detector_states, directory, outbox, pseudonyms
from campaigns.storage.detector_states import Carried
from campaigns.storage.tables import deliveries, people, teams
from sentiment.fading import ANSWERS, SILENCE, Floats
from sentiment.watch import TeamDetector
from tests.agency import Agency, everybody, first_of_the_first, usual
from tests.scene import VAULT

DETECTOR = TeamDetector()


def name_of(agency: Agency) -> Callable[[int], str]:
    with agency.database.write() as c:
        pseudonyms.make(c, VAULT, agency.campaign.initiative_id)
        name = pseudonyms.namer(c, VAULT, agency.campaign.initiative_id)
    assert name is not None
    return name


def after_weeks(agency: Agency, weeks: int, crowd: Crowd = NOBODY) -> Crowd:
    name = name_of(agency)
    with agency.database.read() as c:
        return fed(c, agency.campaign, crowd, weeks, name, DETECTOR)


def row(agency: Agency, crowd: Crowd, person: int) -> Floats:
    found: Floats = crowd.kept.people[crowd.names.index(name_of(agency)(person))]
    return found


def pulses(agency: Agency, weeks: int, seed: int = 1) -> None:
    chance = Random(seed)
    for week in range(weeks):
        agency.pulse(agency.launched_at + timedelta(weeks=week, days=1), usual(chance, rate=0.7))


def same(one: Crowd, other: Crowd) -> bool:
    return dump(one) == dump(other)


def test_weeks_one_by_one_give_what_all_weeks_at_once_give(small: Agency) -> None:
    pulses(small, 5)
    one_by_one = NOBODY
    for week in range(5):
        one_by_one = load(dump(after_weeks(small, week + 1, one_by_one)))
    assert same(one_by_one, after_weeks(small, 5))


def test_closes_carry_what_can_be_made_anew_of_the_answers(small: Agency) -> None:
    pulses(small, 4)
    close_periods(small.database, VAULT, DETECTOR, small.close_at(0))
    with small.database.read() as c:
        carried = detector_states.of_campaign(c, small.campaign.id)
    assert same(load(carried), after_weeks(small, 4))


def test_who_answers_twice_in_a_week_counts_once(small: Agency) -> None:
    for day in (1, 3):
        small.pulse(small.launched_at + timedelta(days=day), everybody((4, None)))
    crowd = after_weeks(small, 1)
    assert set(crowd.kept.people[:, ANSWERS, 0, 0]) == {1.0}


def test_silence_of_a_team_that_was_asked_once_more_does_not_count(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), first_of_the_first(3))
    silent = small.staff[small.teams[0]][5]
    plain = after_weeks(small, 1)
    with small.database.write() as c:
        pulse = outbox.of_person(c, silent)[0]
        row_of = {"once": f"more:{pulse.id}", "key": "again", "kind": "reminder", "state": "sent"}
        about = {"campaign_id": small.campaign.id, "person_id": silent, "subject_id": pulse.id}
        at = small.launched_at + timedelta(days=3)
        c.execute(insert(deliveries).values(**row_of, **about, due_at=at, sent_at=at))
    more = after_weeks(small, 1)
    assert row(small, plain, silent)[SILENCE, 0, 0] == 1.0
    assert row(small, more, silent)[SILENCE, 0, 0] == 0.0
    other = small.staff[small.teams[1]][0]
    assert row(small, more, other)[SILENCE, 0, 0] == 1.0


def test_who_answers_late_counts_when_they_answer(small: Agency) -> None:
    person = small.staff[small.teams[0]][0]
    everyone = first_of_the_first(99)
    small.pulse(
        small.launched_at + timedelta(days=1),
        lambda team, n: None if (team, n) == (0, 0) else everyone(team, n),
    )
    small.pulse(small.launched_at + timedelta(days=8), everyone)
    counts = [row(small, after_weeks(small, weeks), person)[ANSWERS, 0, 0] for weeks in (1, 2)]
    assert counts == [0.0, 1.0]
    assert row(small, after_weeks(small, 2), person)[SILENCE, 0, 0] == 2.0


def test_who_changes_the_team_begins_anew_in_it(small: Agency) -> None:
    pulses(small, 3)
    before = after_weeks(small, 3)
    person = small.staff[small.teams[0]][0]
    with small.database.write() as c:
        c.execute(update(people).where(people.c.id == person).values(team_id=small.teams[1]))
    after = after_weeks(small, 4, before)
    assert row(small, before, person).any()
    assert not row(small, after, person).any()
    assert after.team_ids[after.names.index(name_of(small)(person))] == small.teams[1]


def test_of_who_left_nothing_is_kept(small: Agency) -> None:
    pulses(small, 3)
    before = after_weeks(small, 3)
    person = small.staff[small.teams[0]][0]
    with small.database.write() as c:
        directory.deactivate(c, [person])
    after = after_weeks(small, 4, before)
    assert set(before.names) - set(after.names) == {name_of(small)(person)}


def test_a_hole_of_six_weeks_fades_and_breaks_nothing(small: Agency) -> None:
    pulses(small, 4)
    before, after = after_weeks(small, 4), after_weeks(small, 10)
    assert after.names == before.names
    assert np.allclose(after.kept.people[:, :, 0], before.kept.people[:, :, 0])
    assert np.allclose(after.kept.people[:, :, 1], 0.6**6 * before.kept.people[:, :, 1])
    places = after.teams()[1]
    assert len(DETECTOR.judge(after.kept, places, 3)) == 3


def test_a_team_that_is_renamed_carries_on(small: Agency) -> None:
    pulses(small, 4)
    close_periods(small.database, VAULT, DETECTOR, small.launched_at + timedelta(weeks=2, hours=2))
    with small.database.write() as c:
        c.execute(update(teams).where(teams.c.id == small.teams[0]).values(name="Otherwise"))
    close_periods(small.database, VAULT, DETECTOR, small.close_at(0))
    with small.database.read() as c:
        carried = detector_states.of_campaign(c, small.campaign.id)
    assert same(load(carried), after_weeks(small, 4))


def test_a_team_that_emptied_is_judged_no_more(small: Agency) -> None:
    pulses(small, 4)
    with small.database.write() as c:
        directory.deactivate(c, small.staff[small.teams[0]])
    assert small.teams[0] not in after_weeks(small, 4).teams()[0]


@pytest.mark.parametrize("weeks", [0, 4])
def test_periods_that_were_published_before_are_taken_in_without_an_alert(
    small: Agency, weeks: int
) -> None:
    pulses(small, 8)
    close_periods(small.database, VAULT, DETECTOR, small.close_at(0))
    with small.database.write() as c:
        if not weeks:
            detector_states.replace(c, small.campaign.id, Carried())
    assert close_periods(small.database, VAULT, DETECTOR, small.close_at(1)) == 1
    with small.database.read() as c:
        assert same(load(detector_states.of_campaign(c, small.campaign.id)), after_weeks(small, 8))
