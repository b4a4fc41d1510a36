"""The staff directory: what is put is found again, who left stays known, agents are never lost."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from campaigns.domain.people import Person, WorkingHours
from campaigns.errors import NotFoundError
from campaigns.storage import accounts, directory, slack_ids, wishes
from campaigns.storage.database import Database
from tests.people import clerk


def someone(external_id: str, team_id: int, **changes: Any) -> Person:
    """Somebody of whom no field is as it would be by default."""
    own = {
        "email": f"{external_id.lower()}@agency.example",
        "hours": WorkingHours(time(7, 30), time(16, 0), frozenset({0, 2, 4})),
        "chat_id": f"U{external_id}",
    }
    return clerk(external_id, team_id, **{**own, **changes})


def test_put_gives_back_the_same_person_when_asked_again(database: Database) -> None:
    with database.write() as connection:
        team = directory.put_team(connection, "Permits")
        given = someone("P1", team)
        person_id = directory.put(connection, given)
    with database.read() as connection:
        found = directory.person(connection, person_id)
        assert found == replace(given, id=person_id)
        assert directory.person_by_external_id(connection, "P1") == found


def test_put_changes_the_row_when_the_external_id_is_known(database: Database) -> None:
    with database.write() as connection:
        team = directory.put_team(connection, "Permits")
        first = directory.put(connection, someone("P1", team))
        second = directory.put(connection, someone("P1", team, role="head"))
        assert first == second
        assert directory.person(connection, first).role == "head"


def test_put_keeps_a_pause_when_the_person_is_imported_again(
    database: Database, now: datetime
) -> None:
    until = now + timedelta(days=7)
    with database.write() as connection:
        team = directory.put_team(connection, "Permits")
        person_id = directory.put(connection, someone("P1", team))
        wishes.pause(connection, person_id, until)
        wishes.limit(connection, person_id, 1)
        directory.put(connection, someone("P1", team))
        assert directory.person(connection, person_id).per_week == 1
        assert directory.person(connection, person_id).paused_until == until
        wishes.pause(connection, person_id, None)
        assert directory.person(connection, person_id).paused_until is None


def test_directory_refuses_a_person_that_does_not_exist(database: Database) -> None:
    with database.write() as connection:
        with pytest.raises(NotFoundError):
            directory.person(connection, 99)
        with pytest.raises(NotFoundError):
            directory.person_by_external_id(connection, "P99")
        with pytest.raises(NotFoundError):
            wishes.pause(connection, 99, None)


def test_everyone_gives_each_active_person_once_by_id(database: Database) -> None:
    with database.write() as connection:
        team = directory.put_team(connection, "Permits")
        directory.put_all(connection, (someone(f"P{i}", team) for i in range(4500)))
        ids = directory.ids_by_external_id(connection)
        directory.deactivate(connection, [ids["P7"], ids["P4400"]])
    with database.read() as connection:
        seen = [person.id for person in directory.everyone(connection)]
        assert seen == sorted(set(seen))
        assert set(ids.values()) - set(seen) == {ids["P7"], ids["P4400"]}
        assert directory.count(connection) == 4498
        assert len(list(directory.roster(connection))) == 4500


def test_page_goes_on_after_the_last_id_when_asked_again(database: Database) -> None:
    with database.write() as connection:
        team = directory.put_team(connection, "Permits")
        directory.put_all(connection, [someone(f"P{i}", team) for i in range(5)])
        first = directory.page(connection, 0, 3)
        rest = directory.page(connection, first[-1].id, 3)
        assert [person.external_id for person in first + rest] == [f"P{i}" for i in range(5)]
        assert directory.page(connection, rest[-1].id, 3) == []


def test_people_leaves_out_ids_that_do_not_exist(database: Database) -> None:
    with database.write() as connection:
        team = directory.put_team(connection, "Permits")
        person_id = directory.put(connection, someone("P1", team))
        found = directory.people(connection, [person_id, *range(10_000, 12_000)])
        assert list(found) == [person_id]


def test_tree_keeps_a_team_that_left_unless_only_active_ones_are_asked(
    database: Database,
) -> None:
    with database.write() as connection:
        root = directory.put_team(connection, "Agency")
        old = directory.put_team(connection, "Typing Pool", root)
        directory.keep_teams(connection, [root])
        assert set(directory.tree(connection).descendants(root)) == {root, old}
        assert set(directory.tree(connection, active_only=True).teams) == {root}
        assert directory.put_team(connection, "Typing Pool", root) == old
        assert old in directory.tree(connection, active_only=True).teams


def test_agents_for_climbs_to_the_nearest_team_that_has_an_active_one(
    database: Database,
) -> None:
    with database.write() as connection:
        root = directory.put_team(connection, "Agency")
        middle = directory.put_team(connection, "Division", root)
        leaf = directory.put_team(connection, "Team", middle)
        top = directory.put(connection, someone("P1", root))
        head = directory.put(connection, someone("P2", middle))
        assert directory.agents_for(connection, leaf) == []
        directory.replace_agents(connection, [(root, top), (middle, head)])
        assert directory.agents_for(connection, leaf) == [head]
        assert directory.agents_for(connection, root) == [top]
        directory.deactivate(connection, [head])
        assert directory.agents_for(connection, leaf) == [top]


def test_is_agent_for_holds_below_the_own_team_and_nowhere_else(database: Database) -> None:
    with database.write() as connection:
        root = directory.put_team(connection, "Agency")
        middle = directory.put_team(connection, "Division", root)
        leaf = directory.put_team(connection, "Team", middle)
        other = directory.put_team(connection, "Other", root)
        head = directory.put(connection, someone("P2", middle))
        directory.replace_agents(connection, [(middle, head)])
        allowed = [directory.is_agent_for(connection, head, t) for t in (root, middle, leaf, other)]
        assert allowed == [False, True, True, False]
        directory.deactivate(connection, [head])
        assert not directory.is_agent_for(connection, head, leaf)


def test_replace_agents_forgets_the_earlier_ones(database: Database) -> None:
    with database.write() as connection:
        team = directory.put_team(connection, "Team")
        a, b = (directory.put(connection, someone(x, team)) for x in ("P1", "P2"))
        directory.replace_agents(connection, [(team, a), (team, a)])
        directory.replace_agents(connection, [(team, b)])
        assert directory.agent_pairs(connection) == {(team, b)}


def test_put_keeps_what_slack_knows_when_a_staff_file_comes_again(database: Database) -> None:
    with database.write() as connection:
        person_id = directory.put(
            connection, someone("P1", directory.put_team(connection, "Permits"))
        )
        person = directory.person(connection, person_id)
        accounts.change(connection, [replace(person, slack_id="U1")])
        slack_ids.remember_channels(connection, {person_id: ("U1", "D1")})
        directory.put(connection, directory.person(connection, person_id))
        assert slack_ids.channel(connection, person_id) == "D1"
        assert directory.person(connection, person_id).slack_channel == "D1"
