"""Periods close once, and what they publish shows nobody."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from campaigns.domain.confidentiality import WITHHELD, Released
from campaigns.errors import ConfigurationError
from campaigns.flows.feeding import load
from campaigns.flows.watching import close_periods
from campaigns.storage import campaigns, detector_states, directory, pseudonyms
from campaigns.storage.database import Database
from campaigns.storage.tables import initiatives
from campaigns.storage.tables import releases as releases_table
from campaigns.storage.vault import Vault, new_key
from sentiment.fading import NUMBERS
from sentiment.resistance import Confusion
from sentiment.watch import TeamDetector
from tests.agency import Agency, everybody, first_of_the_first, published
from tests.scene import VAULT


def test_a_period_is_published_once(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    now = small.close_at(0)
    assert close_periods(small.database, VAULT, TeamDetector(), now) == 1
    before = published(small)
    # Late answers change nothing that is out.
    small.pulse(small.launched_at + timedelta(days=2), everybody((1, None)))
    assert close_periods(small.database, VAULT, TeamDetector(), now) == 0
    assert published(small) == before
    with small.database.read() as c:
        rows = c.scalar(select(func.count()).select_from(releases_table))
    assert rows == 6  # the agency, two divisions, three teams


def test_nothing_is_published_before_the_close(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    end = small.launched_at + timedelta(weeks=4)
    assert close_periods(small.database, VAULT, TeamDetector(), end + timedelta(minutes=59)) == 0
    assert close_periods(small.database, VAULT, TeamDetector(), end + timedelta(hours=1)) == 1


def test_missed_closes_are_made_up_for_one_by_one(small: Agency) -> None:
    for period in range(3):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, everybody((4, None)))
    assert close_periods(small.database, VAULT, TeamDetector(), small.close_at(2)) == 3
    assert [one.period for one in published(small)] == [0, 1, 2]


def test_a_late_answer_counts_in_the_next_period(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), lambda team, _: (4, None) if team else None)
    small.pulse(
        small.launched_at + timedelta(weeks=4, minutes=30),
        lambda team, _: None if team else (4, None),
    )
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(1))
    cells = [one.cells[small.teams[0]] for one in published(small)]
    assert cells[0] == WITHHELD
    assert isinstance(cells[1], Released)


def test_one_person_counts_once_however_often_they_answer(small: Agency) -> None:
    for day in range(1, 20):
        small.pulse(
            small.launched_at + timedelta(days=day),
            lambda team, person: (1, None) if (team, person) in {(0, 0), (0, 1), (0, 2)} else None,
        )
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(0))
    assert published(small)[0].cells[small.teams[0]] == WITHHELD


def test_a_group_that_one_person_joined_is_not_shown(small: Agency) -> None:
    for period, n in enumerate((8, 9, 8)):
        at = small.launched_at + timedelta(weeks=4 * period, days=1)
        small.pulse(at, first_of_the_first(n))
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(2))
    shown = [isinstance(one.cells[small.teams[0]], Released) for one in published(small)]
    assert shown == [True, False, True]


def test_a_group_is_compared_with_what_it_was_six_periods_before(
    sqlite_database: Database, now: datetime
) -> None:
    agency = Agency(sqlite_database, now, [9, 10, 10])
    for period, n in ((0, 8), (6, 9)):  # nobody is asked in between
        agency.pulse(now + timedelta(weeks=4 * period, days=1), first_of_the_first(n))
    close_periods(agency.database, VAULT, TeamDetector(), agency.close_at(6))
    shown = [isinstance(one.cells[agency.teams[0]], Released) for one in published(agency)]
    assert shown == [True, *[False] * 6]


def test_moving_a_team_does_not_change_what_was_compared(small: Agency) -> None:
    at = small.launched_at + timedelta(days=1)
    small.pulse(at, everybody((4, None)))
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(0))
    with small.database.write() as c:
        directory.put_team(c, "T00", small.divisions[1])
    # In the other team one person is silent: whoever knew its figure, or what is left of the new
    # division's without T00, would know that person's answer.
    small.pulse(
        at + timedelta(weeks=4),
        lambda team, person: None if team == 1 and not person else (4, None),
    )
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(1))
    first, second = published(small)
    assert isinstance(first.cells[small.teams[1]], Released)
    assert second.cells[small.teams[1]] == WITHHELD
    assert second.cells[small.divisions[1]] == WITHHELD
    assert isinstance(second.cells[small.teams[0]], Released)


def test_a_stopped_campaign_publishes_its_last_period_and_no_more(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    with small.database.write() as c:
        stopped_at = small.launched_at + timedelta(weeks=5)
        campaigns.set_state(c, small.campaign.id, campaigns.STOPPED, stopped_at)
    assert close_periods(small.database, VAULT, TeamDetector(), small.close_at(5)) == 2


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
    assert close_periods(small.database, VAULT, TeamDetector(), later) == 0


def test_numbers_of_people_stand_under_names_that_only_the_secret_gives(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(0))
    with small.database.read() as c:
        carried = detector_states.of_campaign(c, small.campaign.id)
        name = pseudonyms.namer(c, VAULT, small.campaign.initiative_id)
        secret = c.scalar(select(initiatives.c.secret))
    assert name is not None
    assert secret is not None
    staff = [person for people in small.staff.values() for person in people]
    assert {name(person) for person in staff} == carried.people.keys()
    assert {len(numbers) for _, numbers in carried.people.values()} == {8 * NUMBERS}
    assert VAULT.decrypt(secret) not in carried.organisation
    with pytest.raises(ConfigurationError):
        Vault([new_key()]).decrypt(secret)


def test_numbers_of_people_are_gone_when_the_campaign_is_over(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(0))
    with small.database.write() as c:
        campaigns.set_state(
            c, small.campaign.id, campaigns.STOPPED, small.launched_at + timedelta(weeks=5)
        )
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(1))
    with small.database.read() as c:
        assert detector_states.of_campaign(c, small.campaign.id) == detector_states.Carried()


def test_values_are_corrected_for_what_the_model_is_known_to_get_wrong(
    database: Database, now: datetime
) -> None:
    shown = []
    for sensitivity in (0.95, 0.55):
        agency = Agency(database, now, [12, 12], key=f"portal-{sensitivity * 100:.0f}")
        agency.pulse(now + timedelta(days=1), everybody((None, 0.45)))
        detector = TeamDetector(Confusion(sensitivity, 0.95))
        close_periods(database, VAULT, detector, agency.close_at(0))
        with database.read() as c:
            shown.append(load(detector_states.of_campaign(c, agency.campaign.id)).kept.middle)
    assert shown[0] < shown[1] - 0.1
