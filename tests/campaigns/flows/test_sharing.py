"""Everybody sees what was released of their own groups, and what is done; others see nothing."""

from datetime import datetime

import pytest

from campaigns.domain.people import Person
from campaigns.domain.results_message import results
from campaigns.flows.reporting import overview
from campaigns.flows.sharing import shared
from campaigns.storage import directory
from campaigns.storage.database import Database
from sentiment.labels import Theme
from tests.campaigns.flows.ledgers import Heard, cell
from tests.people import clerk

OPEN = {"confidentiality": {"staff_see_results": True}}


@pytest.fixture
def heard(sqlite_database: Database, now: datetime) -> Heard:
    return Heard(sqlite_database, now, **OPEN, audience={"except": {"roles": ["cook"]}})


def of(heard: Heard, team: int) -> Person:
    with heard.database.read() as c:
        return directory.person(c, heard.agency.staff[team][0])


def levels(heard: Heard, person: Person) -> list[str]:
    with heard.database.read() as c:
        return [level.name for one in shared(c, person) for level in one.levels]


def read(heard: Heard, person: Person) -> str:
    with heard.database.read() as c:
        return results(shared(c, person), "en").fallback_text


def test_levels_are_the_shown_groups_from_ones_own_team_up(heard: Heard) -> None:
    first, second, third, _ = heard.agency.teams
    assert levels(heard, of(heard, first)) == ["T00", "North"]
    assert levels(heard, of(heard, third)) == ["North"]  # its own team is not shown
    assert levels(heard, of(heard, second)) == []
    heard.publish({heard.agency.root: cell("communication")})
    assert levels(heard, of(heard, first)) == ["Agency"]  # the newest period alone


def test_figures_read_as_on_the_dashboard(heard: Heard) -> None:
    said = read(heard, of(heard, heard.agency.teams[2]))
    assert "20–35 % against the change, of 10–19 people who answered" in said
    assert "Topics: workload" in said
    assert "tools" not in said


def test_what_most_chose_is_told_in_the_words_of_the_file(heard: Heard) -> None:
    gone = ("hurdle", "an option that the file has no more")
    heard.publish({heard.agency.root: cell(picks=[("hurdle", "skill"), gone, ("hurdle", "time")])})
    said = read(heard, of(heard, heard.agency.teams[2]))
    assert "What is in your way?: Skill · Time" in said
    picks = overview(heard.database, heard.agency.campaign.key, heard.now).picks
    assert picks == (("What is in your way?", ["Skill", "Time"]),)


def test_who_is_not_in_the_audience_sees_nothing(heard: Heard) -> None:
    heard.write(heard.voice(heard.north))
    heard.tell(heard.entries()[0])
    with heard.database.write() as c:
        cook = directory.person(c, directory.put(c, clerk("cook", heard.north, role="cook")))
        assert shared(c, cook) == []
    assert "There is nothing to show yet." in read(heard, cook)


def test_entry_is_seen_by_its_group_once_it_was_told(heard: Heard) -> None:
    inside, outside = of(heard, heard.agency.teams[2]), of(heard, heard.agency.teams[1])
    heard.write(heard.voice(heard.north))
    heard.write(heard.voice(heard.agency.teams[0], Theme.TOOLS))
    assert "counter" not in read(heard, inside)
    for entry in heard.entries():
        heard.tell(entry)
    assert read(heard, inside).count("Two more people at the counter.") == 1
    assert "counter" not in read(heard, outside)


def test_figures_are_shown_only_where_that_was_promised(
    sqlite_database: Database, now: datetime
) -> None:
    heard = Heard(sqlite_database, now)
    person = of(heard, heard.agency.teams[0])
    assert levels(heard, person) == []
    heard.write(heard.voice(heard.north))
    heard.tell(heard.entries()[0])
    assert "counter" in read(heard, person)
