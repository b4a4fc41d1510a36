"""Two chats behind one messenger: who is written to where, and where a message is found again."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.chats import Chats
from bot.web.messenger import BrowserMessenger
from campaigns.domain.messages import Message, Text
from campaigns.domain.people import Person
from campaigns.storage import mailbox
from campaigns.storage.database import Database
from tests.bot.slack import desk
from tests.scene import Scene
from tests.slack_server import SlackServer


def a_message(key: str = "k1", text: str = "Good morning") -> Message:
    return Message(key, text, "en", (Text(text),))


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(["U1"]) as server:
        yield server


@pytest.fixture
def chats(sqlite_database: Database, now: datetime, slack: SlackServer) -> Chats:
    return Chats(
        desk.messenger(slack, sqlite_database, now, 300),
        BrowserMessenger(sqlite_database, lambda: now),
    )


@pytest.fixture
def person(sqlite_database: Database, now: datetime) -> Person:
    return Scene(sqlite_database, now).person()


def in_browser(database: Database, person: Person) -> list[str]:
    with database.read() as c:
        return [one.message.fallback_text for one in mailbox.thread(c, person.id)]


def test_send_goes_to_slack_when_it_knows_the_person(
    chats: Chats, slack: SlackServer, sqlite_database: Database, person: Person
) -> None:
    chats.send(desk.known(sqlite_database, person, "U1"), a_message())
    assert [one.text for one in slack.messages("U1")] == ["Good morning"]
    assert in_browser(sqlite_database, person) == []


def test_send_goes_to_the_browser_when_slack_does_not_know_the_person(
    chats: Chats, slack: SlackServer, sqlite_database: Database, person: Person
) -> None:
    chats.send(person, a_message())
    assert slack.calls() == []
    assert in_browser(sqlite_database, person) == ["Good morning"]


def test_message_is_found_and_edited_where_it_was_sent_when_the_person_came_to_slack_since(
    chats: Chats, slack: SlackServer, sqlite_database: Database, person: Person
) -> None:
    external_id = chats.send(person, a_message())
    since = desk.known(sqlite_database, person, "U1")
    assert chats.find(since, "k1") == external_id
    chats.update(since, external_id, a_message(text="Thank you"))
    assert in_browser(sqlite_database, person) == ["Thank you"]
    assert slack.calls() == []


def test_only_people_in_slack_are_asked_for(
    chats: Chats, slack: SlackServer, sqlite_database: Database, person: Person, now: datetime
) -> None:
    assert chats.undisturbed_until([person], now) == {}
    assert slack.calls() == []
    slack.do_not_disturb("U1", now.timestamp(), now.timestamp() + 60)
    known = desk.known(sqlite_database, person, "U1")
    assert set(chats.undisturbed_until([person, known], now)) == {person.id}


def test_only_people_in_slack_take_turns(
    chats: Chats, sqlite_database: Database, person: Person
) -> None:
    assert set(chats.lanes) == {"send", "find", "update", "ask"}
    assert not chats.in_lane(person)
    assert chats.in_lane(desk.known(sqlite_database, person, "U1"))
