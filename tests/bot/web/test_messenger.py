"""The browser chat as a messenger; what every messenger must do is asked in tests/contracts."""

from datetime import datetime, timedelta

import pytest

from bot.web.messenger import BrowserMessenger
from campaigns.domain.messages import Message, Text
from campaigns.errors import FinalDeliveryError
from campaigns.storage import mailbox
from campaigns.storage.database import Database
from tests.scene import Scene


def a_message(key: str, text: str = "Good morning") -> Message:
    return Message(key, text, "en", (Text(text),))


def test_send_posts_once_when_a_doubtful_sending_is_repeated(
    database: Database, now: datetime
) -> None:
    person = Scene(database, now).person()
    messenger = BrowserMessenger(database, lambda: now)
    first = messenger.send(person, a_message("k1"))
    assert messenger.send(person, a_message("k1")) == first
    with database.read() as connection:
        assert len(mailbox.thread(connection, person.id)) == 1


def test_send_fails_for_good_when_the_key_is_another_persons(
    database: Database, now: datetime
) -> None:
    scene = Scene(database, now)
    person, other = scene.person("P1"), scene.person("P2")
    messenger = BrowserMessenger(database, lambda: now)
    messenger.send(person, a_message("k1"))
    with pytest.raises(FinalDeliveryError):
        messenger.send(other, a_message("k1"))


def test_update_shows_the_new_shape_and_when_it_changed(database: Database, now: datetime) -> None:
    person = Scene(database, now).person()
    clock = [now]
    messenger = BrowserMessenger(database, lambda: clock[0])
    external_id = messenger.send(person, a_message("k1"))
    clock[0] += timedelta(minutes=5)
    messenger.update(person, external_id, a_message("k1", "Thank you"))
    with database.read() as connection:
        [posted] = mailbox.thread(connection, person.id)
    assert posted.message.fallback_text == "Thank you"
    assert (posted.posted_at, posted.changed_at) == (now, clock[0])
