"""What Slack tells as it happens reaches the directory, once, and only where it is certain."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event as events

from campaigns.domain.accounts import Account, Groups, Standing
from campaigns.domain.people import Person
from campaigns.flows.enrolling import import_people
from campaigns.flows.noticing_accounts import Noticed, notice
from campaigns.flows.syncing import sync
from campaigns.storage import directory, slack_ids
from campaigns.storage.database import Database

FILE = "id,name,team,email\nP1,Ada,Agency,ada@agency.example\nP2,Bea,Agency,bea@agency.example\n"
ADA = Account("U1", Standing.STAFF, "Ada", "ADA@agency.example", "Asia/Tokyo", "de")


@pytest.fixture
def database(database: Database) -> Database:
    """The usual one, with two people in it."""
    import_people(database, FILE)
    return database


def person(database: Database, external_id: str = "P1") -> Person:
    with database.read() as connection:
        return directory.person_by_external_id(connection, external_id)


def test_person_gets_the_account_when_they_join_the_team(database: Database) -> None:
    assert notice(database, ADA) is Noticed.JOINED
    assert (person(database).slack_id, person(database).time_zone) == ("U1", "Asia/Tokyo")
    assert notice(database, ADA) is Noticed.NOTHING_NEW


def test_profile_follows_when_it_changes_unless_the_file_has_the_say(database: Database) -> None:
    notice(database, ADA)
    assert notice(database, replace(ADA, time_zone="Europe/Rome")) is Noticed.CHANGED
    assert person(database).time_zone == "Europe/Rome"
    notice(database, replace(ADA, time_zone="Asia/Tokyo"), profiles=False)
    assert person(database).time_zone == "Europe/Rome"


def test_account_is_let_go_when_it_is_deactivated(database: Database) -> None:
    notice(database, ADA)
    gone = replace(ADA, standing=Standing.DEACTIVATED)
    assert notice(database, gone) is Noticed.PARTED
    assert notice(database, gone) is Noticed.UNKNOWN
    assert person(database).slack_id is None
    assert person(database).active
    assert notice(database, ADA) is Noticed.JOINED


def test_person_who_came_with_the_account_leaves_with_it(database: Database) -> None:
    eve = Account("U5", Standing.STAFF, "Eve", "eve@agency.example")
    sync(database, [eve], Groups(teams={"U5": "Phones"}))
    notice(database, replace(eve, standing=Standing.DEACTIVATED))
    assert not person(database, "slack:U5").active
    assert notice(database, eve) is Noticed.UNKNOWN


def test_nothing_is_changed_when_somebody_else_has_that_address_already(
    database: Database,
) -> None:
    notice(database, ADA)
    assert notice(database, replace(ADA, id="U7")) is Noticed.UNCERTAIN
    assert person(database).slack_id == "U1"


def test_nothing_is_changed_when_two_people_share_the_address(database: Database) -> None:
    with database.write() as connection:
        directory.put(connection, replace(person(database, "P2"), email="Ada@agency.example"))
    assert notice(database, ADA) is Noticed.UNCERTAIN
    assert person(database).slack_id is None


def test_account_stays_theirs_when_only_the_address_changed(database: Database) -> None:
    notice(database, ADA)
    assert notice(database, replace(ADA, email="x@agency.example")) is Noticed.NOTHING_NEW
    assert person(database).slack_id == "U1"


@pytest.mark.parametrize("email", ["", "nobody@agency.example"])
def test_stranger_to_the_directory_changes_nothing(database: Database, email: str) -> None:
    assert notice(database, replace(ADA, id="U9", email=email)) is Noticed.UNKNOWN


def remember(database: Database, account: str, channel: str) -> None:
    with database.write() as connection:
        slack_ids.remember_channels(connection, {person(database).id: (account, channel)})


def test_conversation_of_an_account_is_forgotten_when_the_account_changes(
    database: Database,
) -> None:
    notice(database, ADA)
    remember(database, "U1", "D1")
    notice(database, replace(ADA, time_zone="Europe/Rome"))
    assert person(database).slack_channel == "D1"
    notice(database, replace(ADA, standing=Standing.DEACTIVATED))
    assert (person(database).slack_id, person(database).slack_channel) == (None, None)
    notice(database, replace(ADA, id="U7"))
    assert (person(database).slack_id, person(database).slack_channel) == ("U7", None)


def test_conversation_is_forgotten_by_whom_an_account_is_taken_from(database: Database) -> None:
    notice(database, ADA)
    remember(database, "U1", "D1")
    notice(database, replace(ADA, email="bea@agency.example"))
    assert (person(database).slack_id, person(database).slack_channel) == (None, None)
    assert (person(database, "P2").slack_id, person(database, "P2").slack_channel) == ("U1", None)


def test_conversation_of_an_earlier_account_is_not_remembered_late(database: Database) -> None:
    notice(database, replace(ADA, id="U7"))
    remember(database, "U1", "D1")
    assert person(database).slack_channel is None


def test_account_and_conversation_go_in_one_statement(database: Database) -> None:
    notice(database, ADA)
    remember(database, "U1", "D1")
    left: list[object] = []

    def look(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE people"):
            rows = connection.exec_driver_sql("SELECT slack_id, slack_channel FROM people").all()
            left.extend(row for row in rows if row[0] is None and row[1] is not None)

    watched = (database.engine, "after_cursor_execute", look)
    events.listen(*watched)
    try:
        notice(database, replace(ADA, standing=Standing.DEACTIVATED))
    finally:
        events.remove(*watched)
    assert left == []
