"""The browser chat's post box: each message once, each person's own, no change ever missed."""

from datetime import datetime, timedelta

import pytest

from campaigns.domain.messages import Message, Text
from campaigns.domain.people import Person
from campaigns.errors import NotFoundError
from campaigns.storage import mailbox
from campaigns.storage.database import Database
from tests.scene import Scene


@pytest.fixture
def people(database: Database, now: datetime) -> tuple[Person, Person]:
    scene = Scene(database, now)
    return scene.person("P1"), scene.person("P2")


def a_message(key: str, text: str = "Good morning") -> Message:
    return Message(key, text, "en", (Text(text),))


def test_post_puts_a_message_there_once_when_it_is_posted_again(
    database: Database, people: tuple[Person, Person], now: datetime
) -> None:
    with database.write() as connection:
        first = mailbox.post(connection, people[0].id, a_message("k1"), now)
        second = mailbox.post(connection, people[0].id, a_message("k1", "changed"), now)
    with database.read() as connection:
        [posted] = mailbox.thread(connection, people[0].id)
    assert first == second == posted.external_id
    assert posted.message == a_message("k1")
    assert posted.posted_at == posted.changed_at == now


def test_post_refuses_when_the_key_is_another_persons(
    database: Database, people: tuple[Person, Person], now: datetime
) -> None:
    with database.write() as connection:
        mailbox.post(connection, people[0].id, a_message("k1"), now)
        with pytest.raises(NotFoundError):
            mailbox.post(connection, people[1].id, a_message("k1"), now)
    with database.read() as connection:
        assert mailbox.thread(connection, people[1].id) == []


def test_thread_gives_the_newest_messages_oldest_first_when_there_are_many(
    database: Database, people: tuple[Person, Person], now: datetime
) -> None:
    with database.write() as connection:
        for i in range(5):
            moment = now + timedelta(hours=i)
            mailbox.post(connection, people[0].id, a_message(f"k{i}"), moment)
        mailbox.post(connection, people[1].id, a_message("theirs"), now)
    with database.read() as connection:
        keys = [posted.message.key for posted in mailbox.thread(connection, people[0].id, 3)]
    assert keys == ["k2", "k3", "k4"]


def test_replace_changes_what_the_person_reads_when_the_message_is_theirs(
    database: Database, people: tuple[Person, Person], now: datetime
) -> None:
    later = now + timedelta(minutes=1)
    with database.write() as connection:
        external_id = mailbox.post(connection, people[0].id, a_message("k1"), now)
        mailbox.replace(connection, people[0].id, external_id, a_message("k1", "Done"), later)
    with database.read() as connection:
        [posted] = mailbox.thread(connection, people[0].id)
    assert posted.message.fallback_text == "Done"
    assert (posted.posted_at, posted.changed_at) == (now, later)


def test_replace_refuses_when_the_message_is_another_persons_or_another_deliverys(
    database: Database, people: tuple[Person, Person], now: datetime
) -> None:
    with database.write() as connection:
        external_id = mailbox.post(connection, people[0].id, a_message("k1"), now)
        for person_id, message in (
            (people[1].id, a_message("k1")),
            (people[0].id, a_message("k2")),
        ):
            with pytest.raises(NotFoundError):
                mailbox.replace(connection, person_id, external_id, message, now)


@pytest.mark.parametrize("external_id", ["", "-1", "1.5", "²", "9" * 40, "x"])
def test_replace_refuses_when_the_id_is_none(
    database: Database, people: tuple[Person, Person], now: datetime, external_id: str
) -> None:
    with database.write() as connection, pytest.raises(NotFoundError):
        mailbox.replace(connection, people[0].id, external_id, a_message("k1"), now)


def test_latest_change_moves_on_when_the_clock_stands_still(
    database: Database, people: tuple[Person, Person], now: datetime
) -> None:
    person_id, seen = people[0].id, []
    with database.write() as connection:
        assert mailbox.latest_change(connection, person_id) is None
        first = mailbox.post(connection, person_id, a_message("k1"), now)
        seen.append(mailbox.latest_change(connection, person_id))
        mailbox.post(connection, person_id, a_message("k2"), now)
        seen.append(mailbox.latest_change(connection, person_id))
        mailbox.replace(connection, person_id, first, a_message("k1", "Done"), now)
        seen.append(mailbox.latest_change(connection, person_id))
    assert seen[0] == now
    assert seen == sorted(set(seen), key=lambda moment: moment or now)
