"""What was published comes back the same, once, with the tree as it was."""

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError

from campaigns.domain.cells import Node
from campaigns.domain.confidentiality import WITHHELD, Cell, Closing, Respondent, release
from campaigns.storage import detector_states, directory, releases
from campaigns.storage.database import Database
from campaigns.storage.detector_states import Carried, Stamp
from tests.agency import Agency


def cells(agency: Agency) -> dict[Node, Cell]:
    people = {
        person: Respondent(team, (0.2, 0.1, 0.1, 0.6))
        for team in agency.teams[:2]
        for person in agency.staff[team]
    }
    with agency.database.read() as c:
        tree = directory.tree(c)
    invited = {team: len(agency.staff[team]) for team in agency.teams}
    return release(
        Closing(tree, people, invited), agency.campaign.definition.campaign.confidentiality
    )


def test_publication_comes_back_with_its_tree(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [12, 25, 3])
    published = cells(agency)
    with database.write() as c:
        tree = directory.tree(c)
        assert releases.count(c, agency.campaign.id) == 0
        releases.put(c, agency.campaign.id, 0, published, tree, now)
        assert releases.count(c, agency.campaign.id) == 1
        directory.put_team(c, "T00", agency.root)
        found = releases.since(c, agency.campaign.id, 0)
    assert [one.cells for one in found] == [published]
    assert published[agency.teams[2]] == WITHHELD
    assert found[0].parents == {team.id: team.parent_id for team in tree.teams.values()}
    assert found[0].top == agency.root


def test_database_refuses_to_publish_twice(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [12])
    with database.write() as c:
        tree = directory.tree(c)
        releases.put(c, agency.campaign.id, 0, cells(agency), tree, now)
    with pytest.raises(IntegrityError), database.write() as c:
        releases.put(c, agency.campaign.id, 0, cells(agency), tree, now)


def test_only_later_periods_are_given_in_order(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [12])
    with database.write() as c:
        tree = directory.tree(c)
        for period in (2, 0, 1):
            releases.put(c, agency.campaign.id, period, cells(agency), tree, now)
        assert [one.period for one in releases.since(c, agency.campaign.id, 1)] == [1, 2]


def test_detector_states_are_replaced_as_a_whole(database: Database, now: datetime) -> None:
    agency = Agency(database, now, [12, 12])
    first, second = agency.teams
    with database.write() as c:
        one = Carried(1, "x", {first: "a", second: "b"}, {"p": (first, b"1"), "q": (first, b"2")})
        other = Carried(2, "y", {second: "c"}, {"q": (second, b"3")})
        for carried in (one, other):
            detector_states.replace(c, agency.campaign.id, carried)
            assert detector_states.of_campaign(c, agency.campaign.id) == carried
        assert detector_states.stamp(c, agency.campaign.id) == Stamp(2, "y", 1)
        detector_states.forget(c, agency.campaign.id)
        assert detector_states.of_campaign(c, agency.campaign.id) == Carried()
