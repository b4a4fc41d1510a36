"""What delivering and the conversation expect of any chat; asked of the fake and of the browser."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.web.messenger import BrowserMessenger
from campaigns.domain.messages import Message, Text
from campaigns.domain.people import Person
from campaigns.errors import DeliveryError
from campaigns.flows.delivering import Messenger
from campaigns.storage.database import Database
from tests.fakes import RecordingMessenger
from tests.scene import Scene

MAKERS: dict[str, Callable[[Database, datetime], Messenger]] = {
    "fake": lambda _database, _now: RecordingMessenger(),
    "browser": lambda database, now: BrowserMessenger(database, lambda: now),
}


@pytest.fixture(params=MAKERS)
def messenger(request: pytest.FixtureRequest, database: Database, now: datetime) -> Messenger:
    return MAKERS[request.param](database, now)


@pytest.fixture
def people(database: Database, now: datetime) -> tuple[Person, Person]:
    scene = Scene(database, now)
    return scene.person("P1"), scene.person("P2")


def a_message(key: str, text: str = "Good morning") -> Message:
    return Message(key, text, "en", (Text(text),))


def test_messenger_finds_a_message_when_it_was_sent(
    messenger: Messenger, people: tuple[Person, Person]
) -> None:
    assert messenger.find(people[0], "k1") is None
    external_id = messenger.send(people[0], a_message("k1"))
    assert external_id
    assert messenger.find(people[0], "k1") == external_id


def test_messenger_finds_nothing_when_another_person_got_it(
    messenger: Messenger, people: tuple[Person, Person]
) -> None:
    messenger.send(people[0], a_message("k1"))
    assert messenger.find(people[1], "k1") is None


def test_messenger_keeps_messages_apart_when_their_keys_differ(
    messenger: Messenger, people: tuple[Person, Person]
) -> None:
    first = messenger.send(people[0], a_message("k1"))
    second = messenger.send(people[0], a_message("k2"))
    assert first != second
    assert messenger.find(people[0], "k2") == second


def test_messenger_keeps_the_id_when_a_message_is_updated(
    messenger: Messenger, people: tuple[Person, Person]
) -> None:
    external_id = messenger.send(people[0], a_message("k1"))
    messenger.update(people[0], external_id, a_message("k1", "Good evening"))
    assert messenger.find(people[0], "k1") == external_id


@pytest.mark.parametrize("external_id", ["0", "999999", "no-such-message", ""])
def test_messenger_refuses_an_update_when_there_is_no_such_message(
    messenger: Messenger, people: tuple[Person, Person], external_id: str
) -> None:
    with pytest.raises(DeliveryError):
        messenger.update(people[0], external_id, a_message("k1"))


def test_messenger_refuses_an_update_when_the_message_is_another_persons(
    messenger: Messenger, people: tuple[Person, Person]
) -> None:
    external_id = messenger.send(people[0], a_message("k1"))
    with pytest.raises(DeliveryError):
        messenger.update(people[1], external_id, a_message("k1", "Not yours"))
