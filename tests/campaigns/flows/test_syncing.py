"""A sync joins accounts with people by e-mail and leaves alone what is not certain."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from campaigns.domain.accounts import Groups, Standing
from campaigns.domain.people import Person
from campaigns.errors import StateError
from campaigns.flows import syncing
from campaigns.flows.enrolling import import_people
from campaigns.flows.syncing import sync
from campaigns.storage import directory, slack_ids, wishes
from campaigns.storage.database import Database
from tests.accounts import account

FILE = (
    "id,name,team,parent_team,role,email\n"
    "P1,Ada,Agency,,head,Ada@agency.example\n"
    "P2,Bea,Permits,Agency,clerk,bea@agency.example\n"
    "P3,Cea,Permits,Agency,clerk,\n"
)
NONE = Groups()


ADA, BEA = account(1, "ada@AGENCY.example"), account(2, "bea@agency.example")


@pytest.fixture
def database(database: Database) -> Database:
    """The usual one, with three people in it."""
    import_people(database, FILE)
    return database


def people(database: Database) -> dict[str, Person]:
    with database.read() as connection:
        return {person.external_id: person for person in directory.roster(connection)}


def links(database: Database) -> dict[str, str | None]:
    return {who: person.slack_id for who, person in people(database).items()}


def team_of(database: Database, external_id: str) -> str:
    with database.read() as connection:
        return directory.tree(connection).teams[people(database)[external_id].team_id].name


def test_sync_joins_by_email_whatever_its_case_and_takes_zone_and_language(
    database: Database,
) -> None:
    report = sync(database, [ADA, BEA], NONE)
    ada = people(database)["P1"]
    assert (ada.slack_id, ada.time_zone, ada.language) == ("U1", "Asia/Tokyo", "de-DE")
    assert (ada.name, ada.email, ada.role) == ("Ada", "Ada@agency.example", "head")
    assert (report.joined.first, report.changed.n, report.applied) == (["P1", "P2"], 2, True)
    assert links(database)["P3"] is None


def test_sync_changes_nothing_when_it_is_repeated(database: Database) -> None:
    sync(database, [ADA, BEA], NONE)
    before = people(database)
    again = sync(database, [BEA, ADA], NONE)
    assert again.changes_nothing
    assert again.n_unchanged == 2
    assert people(database) == before


def test_profiles_stay_as_the_file_has_them_when_that_is_wished(database: Database) -> None:
    report = sync(database, [ADA], NONE, profiles=False)
    ada = people(database)["P1"]
    assert (ada.slack_id, ada.time_zone, ada.language) == ("U1", "UTC", "en")
    assert report.changed.n == 0


def test_plain_language_stays_when_the_account_says_the_same_with_a_country(
    database: Database,
) -> None:
    sync(database, [replace(ADA, language="en-US")], NONE)
    assert people(database)["P1"].language == "en"


def test_dry_run_tells_the_same_and_changes_nothing(database: Database) -> None:
    groups = Groups(teams={"U2": "Phones", "U9": "Phones"}, roles={"U1": "director"})
    accounts = [ADA, BEA, account(9, "new@agency.example"), account(8, "other@agency.example")]
    before = people(database)
    told = sync(database, accounts, groups, dry_run=True)
    assert people(database) == before
    done = sync(database, accounts, groups)
    assert not told.applied
    assert replace(done, applied=False) == told
    assert told.teams_added == ["Phones"]
    assert (told.added.first, told.unknown.first) == (["slack:U9"], ["U8"])


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.STAFF])
def test_sync_leaves_out_who_is_not_staff(database: Database, standing: Standing) -> None:
    report = sync(database, [replace(ADA, standing=standing), BEA], NONE)
    assert links(database) == {"P1": None, "P2": "U2", "P3": None}
    assert report.left_out == {standing: 1}


def test_account_is_parted_from_its_person_when_it_is_deactivated(database: Database) -> None:
    sync(database, [ADA, BEA, account(3, "x@agency.example")], NONE)
    report = sync(database, [replace(ADA, standing=Standing.DEACTIVATED), BEA], NONE)
    assert links(database)["P1"] is None
    assert people(database)["P1"].active  # only the staff file says who left
    assert report.parted.first == ["P1"]
    assert sync(database, [ADA, BEA], NONE).joined.first == ["P1"]


@pytest.mark.parametrize("order", [1, -1])
def test_address_that_two_accounts_share_is_reported_and_left_alone(
    database: Database, order: int
) -> None:
    twins = [ADA, account(7, "Ada@Agency.example")][::order]
    report = sync(database, [*twins, BEA], NONE)
    assert links(database) == {"P1": None, "P2": "U2", "P3": None}
    assert sorted(report.twice.first) == ["U1", "U7"]


def test_address_keeps_its_account_when_a_second_one_turns_up(database: Database) -> None:
    sync(database, [ADA, BEA], NONE)
    sync(database, [account(7, "ada@agency.example"), ADA, BEA], NONE)
    assert links(database)["P1"] == "U1"


def test_address_that_two_people_share_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        twin = replace(people(database)["P3"], email="ADA@agency.example")
        directory.put(connection, twin)
    report = sync(database, [ADA, BEA], NONE)
    assert links(database) == {"P1": None, "P2": "U2", "P3": None}
    assert report.twice.first == ["U1"]


def test_account_stays_theirs_when_only_its_address_changed(database: Database) -> None:
    sync(database, [ADA, BEA], NONE)
    report = sync(database, [replace(ADA, email="ada.new@agency.example"), BEA], NONE)
    assert links(database)["P1"] == "U1"
    assert report.changes_nothing


def test_account_moves_with_its_address_when_two_swapped_them(database: Database) -> None:
    sync(database, [ADA, BEA], NONE)
    swapped = [replace(ADA, email=BEA.email), replace(BEA, email=ADA.email)]
    sync(database, swapped, NONE)
    assert links(database) == {"P1": "U2", "P2": "U1", "P3": None}
    assert sync(database, swapped, NONE).changes_nothing


def test_swap_holds_when_the_two_are_on_different_pages(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "_PAGE", 1)
    test_account_moves_with_its_address_when_two_swapped_them(database)


def test_new_account_takes_over_when_the_old_one_has_another_address_now(
    database: Database,
) -> None:
    sync(database, [ADA, BEA], NONE)
    accounts = [account(7, "ada@agency.example"), replace(ADA, email="left@agency.example"), BEA]
    sync(database, accounts, NONE)
    assert links(database)["P1"] == "U7"
    assert sync(database, accounts, NONE).changes_nothing


def test_account_goes_to_the_new_row_when_the_file_gave_its_person_another_id(
    database: Database,
) -> None:
    sync(database, [ADA, BEA], NONE)
    import_people(database, FILE.replace("P1,", "P9,"))
    sync(database, [ADA, BEA], NONE)
    assert links(database) == {"P1": None, "P2": "U2", "P3": None, "P9": "U1"}


def test_import_keeps_the_account_of_everybody(database: Database) -> None:
    sync(database, [ADA, BEA], NONE)
    import_people(database, FILE.replace("clerk", "officer"))
    assert links(database) == {"P1": "U1", "P2": "U2", "P3": None}


def test_new_account_forgets_the_conversation_of_the_old_one(database: Database) -> None:
    sync(database, [ADA, BEA], NONE)
    with database.write() as connection:
        slack_ids.remember_channels(connection, {people(database)["P1"].id: ("U1", "D1")})
    sync(database, [ADA, BEA], NONE)
    assert people(database)["P1"].slack_channel == "D1"
    sync(database, [account(7, "ada@agency.example"), BEA], NONE)
    assert people(database)["P1"].slack_channel is None


def test_group_becomes_a_team_that_moves_people_and_brings_new_ones(database: Database) -> None:
    groups = Groups(teams={"U2": "Phones", "U5": "permits"})
    report = sync(database, [ADA, BEA, account(5, "eve@agency.example")], groups)
    new = people(database)["slack:U5"]
    assert (team_of(database, "P2"), team_of(database, "slack:U5")) == ("Phones", "Permits")
    assert (new.name, new.email, new.slack_id) == ("Name 5", "eve@agency.example", "U5")
    assert (report.moved.first, report.added.first) == (["P2"], ["slack:U5"])
    with database.read() as connection:  # a team that was there stays where it was
        tree = directory.tree(connection)
        assert tree.teams[tree.teams[new.team_id].parent_id or 0].name == "Agency"
    again = sync(database, [ADA, BEA, account(5, "eve@agency.example", name="Eve")], groups)
    assert again.changed.first == ["slack:U5 (name)"]


def test_person_who_came_with_an_account_leaves_and_returns_with_it(
    database: Database, now: datetime
) -> None:
    groups = Groups(teams={"U5": "Phones"})
    eve = account(5, "eve@agency.example")
    sync(database, [ADA, BEA, eve], groups)
    with database.write() as connection:
        wishes.pause(connection, people(database)["slack:U5"].id, now + timedelta(days=1))
    report = sync(database, [ADA, BEA, replace(eve, standing=Standing.DEACTIVATED)], groups)
    assert report.left.first == ["slack:U5"]
    assert not people(database)["slack:U5"].active
    assert sync(database, [ADA, BEA, eve], NONE).unknown.first == ["U5"]
    assert sync(database, [ADA, BEA, eve], groups).returned.first == ["slack:U5"]
    assert people(database)["slack:U5"].active
    assert people(database)["slack:U5"].paused_until == now + timedelta(days=1)


def test_person_who_came_with_an_account_gives_way_to_the_file(database: Database) -> None:
    groups = Groups(teams={"U5": "Phones"})
    eve = account(5, "eve@agency.example")
    sync(database, [ADA, BEA, eve], groups)
    import_people(database, f"{FILE}P5,Eve,Permits,Agency,clerk,eve@agency.example\n")
    sync(database, [ADA, BEA, eve], NONE)
    after = people(database)
    assert (after["P5"].slack_id, after["slack:U5"].slack_id) == ("U5", None)
    assert not after["slack:U5"].active


def test_group_becomes_a_role_unless_somebody_is_in_two(database: Database) -> None:
    groups = Groups(roles={"U1": "director"}, unclear=frozenset({"U2"}))
    report = sync(database, [ADA, BEA], groups, profiles=False)
    assert (people(database)["P1"].role, people(database)["P2"].role) == ("director", "clerk")
    assert (report.changed.first, report.unclear.first) == (["P1 (role)"], ["U2"])


def test_sync_refuses_another_workspace_in_which_most_would_lose_their_account(
    database: Database,
) -> None:
    sync(database, [ADA, BEA], NONE)
    with pytest.raises(StateError, match="2 of 2 people would lose"):
        sync(database, [account(7, "z@other.example")], NONE)
    assert links(database) == {"P1": "U1", "P2": "U2", "P3": None}
    assert sync(database, [], NONE, dry_run=True).mass_parting
    assert sync(database, [], NONE, allow_mass_parting=True).parted.n == 2


def test_pages_before_a_failure_stay_and_the_same_again_finishes(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_people(sqlite_database, FILE)
    monkeypatch.setattr(syncing, "_PAGE", 1)
    with sqlite_database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON people WHEN NEW.slack_id = 'U2' "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(Exception, match="disk full"):
        sync(sqlite_database, [ADA, BEA], NONE)
    assert links(sqlite_database) == {"P1": "U1", "P2": None, "P3": None}
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert sync(sqlite_database, [ADA, BEA], NONE).joined.first == ["P2"]


def test_account_without_an_address_is_counted(database: Database) -> None:
    report = sync(database, [account(5, "")], NONE)
    assert (report.nameless.first, report.unknown.n) == (["U5"], 0)
