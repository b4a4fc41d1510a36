"""What delivering and the conversation expect of any chat; asked of each that there is."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from bot.chats import Chats
from bot.web.messenger import BrowserMessenger
from campaigns.domain.messages import Message, Text
from campaigns.domain.people import Person
from campaigns.errors import DeliveryError
from campaigns.flows.delivering import Messenger
from campaigns.storage.database import Database
from tests.bot.slack import desk
from tests.fakes import RecordingMessenger
from tests.scene import Scene
from tests.slack_server import SlackServer

Maker = Callable[[Database, datetime], Iterator[Messenger]]


def fake(_database: Database, _now: datetime) -> Iterator[Messenger]:
    yield RecordingMessenger()


def browser(database: Database, now: datetime) -> Iterator[Messenger]:
    yield BrowserMessenger(database, lambda: now)


def slack(database: Database, now: datetime) -> Iterator[Messenger]:
    with SlackServer(["UP1", "UP2"]) as server:
        yield desk.messenger(server, database, now)


def both(database: Database, now: datetime) -> Iterator[Messenger]:
    with SlackServer(["UP1", "UP2"]) as server:
        yield Chats(desk.messenger(server, database, now), BrowserMessenger(database, lambda: now))


MAKERS: dict[str, Maker] = {"fake": fake, "browser": browser, "slack": slack, "both": both}


@pytest.fixture(params=MAKERS)
def messenger(
    request: pytest.FixtureRequest, database: Database, now: datetime
) -> Iterator[Messenger]:
    yield from MAKERS[request.param](database, now)


@pytest.fixture
def people(database: Database, now: datetime) -> tuple[Person, Person]:
    """Two people whom Slack knows, for the chats that ask."""
    scene = Scene(database, now)
    return (
        desk.known(database, scene.person("P1"), "UP1"),
        desk.known(database, scene.person("P2"), "UP2"),
    )


def a_message(key: str, text: str = "Good morning") -> Message:
    return Message(key, text, "en", (Text(text),))


def sent(database: Database, messenger: Messenger, person: Person, message: Message) -> str:
    """As delivery does it: posted, then settled."""
    external_id = messenger.send(person, message)
    with database.write() as c:
        messenger.keep(c, [(person, external_id)])
    return external_id


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
    database: Database, messenger: Messenger, people: tuple[Person, Person]
) -> None:
    external_id = sent(database, messenger, people[0], a_message("k1"))
    messenger.update(people[0], external_id, a_message("k1", "Good evening"))
    assert messenger.find(people[0], "k1") == external_id


@pytest.mark.parametrize("external_id", ["0", "999999", "no-such-message", "", "DP1:1.000001"])
def test_messenger_refuses_an_update_when_there_is_no_such_message(
    messenger: Messenger, people: tuple[Person, Person], external_id: str
) -> None:
    with pytest.raises(DeliveryError):
        messenger.update(people[0], external_id, a_message("k1"))


def test_messenger_refuses_an_update_when_the_message_is_another_persons(
    database: Database, messenger: Messenger, people: tuple[Person, Person]
) -> None:
    external_id = sent(database, messenger, people[0], a_message("k1"))
    with pytest.raises(DeliveryError):
        messenger.update(people[1], external_id, a_message("k1", "Not yours"))


def test_messenger_knows_of_nobody_who_wants_not_to_be_disturbed_when_all_are_about(
    messenger: Messenger, people: tuple[Person, Person], now: datetime
) -> None:
    assert messenger.undisturbed_until(people, now) == {}
    assert messenger.undisturbed_until([], now) == {}


def test_messenger_has_a_lane_for_nobody_when_there_is_no_limit(
    messenger: Messenger, people: tuple[Person, Person]
) -> None:
    assert not any(act in messenger.lanes for act in ("send", "find", "update"))
    assert isinstance(messenger.in_lane(people[0]), bool)
