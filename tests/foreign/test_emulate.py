"""Our calls are calls of Slack's, as somebody else understood its documentation."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.slack import directory as slack_directory
from bot.slack import doctor
from bot.slack.client import connect
from bot.slack.messenger import SlackMessenger
from campaigns.domain.accounts import Groups, Standing
from campaigns.domain.messages import Message, Text
from campaigns.domain.people import Person
from campaigns.errors import ConfigurationError, FinalDeliveryError, PlatformClosedError
from campaigns.flows.enrolling import import_people
from campaigns.flows.syncing import sync
from campaigns.storage import directory
from campaigns.storage.database import Database
from tests.foreign.server import PEOPLE, Foreign, without

GOLDEN = sorted((Path(__file__).parents[1] / "bot" / "slack" / "golden").glob("*.json"))


@pytest.fixture
def ada(foreign: Foreign, sqlite_database: Database) -> Person:
    """Ada, joined with her account by a sync."""
    import_people(sqlite_database, "id,name,team,email\nP1,Ada,Agency,Ada@agency.example\n")
    sync(sqlite_database, foreign.users(), Groups())
    with sqlite_database.read() as connection:
        return directory.person_by_external_id(connection, "P1")


def hello(key: str, text: str = "Hello") -> Message:
    return Message(key, text, "en", (Text(text),))


def test_sync_reads_all_pages_and_joins_people(
    foreign: Foreign, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_directory, "PAGE", 2)
    found = [one for one in foreign.users() if one.standing is Standing.STAFF]
    assert {f"{name}@agency.example" for name in PEOPLE} <= {one.email for one in found}
    assert ada.slack_id in {one.id for one in found}
    assert (ada.time_zone, ada.language) == ("UTC", "en")  # it tells neither


def test_message_is_sent_found_by_its_key_and_edited(
    foreign: Foreign, ada: Person, sqlite_database: Database, now: datetime
) -> None:
    chat = foreign.messenger(sqlite_database, now)
    first = chat.send(ada, hello("k1"))
    second = chat.send(ada, hello("k2"))
    assert (chat.find(ada, "k1"), chat.find(ada, "k2")) == (first, second)
    assert chat.find(ada, "k3") is None
    with sqlite_database.read() as connection:
        ada = directory.person_by_external_id(connection, "P1")
    chat.update(ada, first, hello("k1", "Changed"))
    assert chat.find(ada, "k1") == first  # an edit keeps the key
    channel, _, moment = first.partition(":")
    assert shown(foreign, channel, moment)["text"] == "Changed"


def shown(foreign: Foreign, channel: str, moment: str) -> dict[str, Any]:
    """The message as it reads now."""
    read = connect(foreign.settings()).conversations_history(channel=channel, limit=100)
    [message] = [one for one in read["messages"] if one["ts"] == moment]
    found: dict[str, Any] = message
    return found


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_every_layout_is_taken_and_comes_back_as_it_was(
    foreign: Foreign, ada: Person, file: Path
) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    posted = connect(foreign.settings()).chat_postMessage(channel=str(ada.slack_id), **content)
    message = shown(foreign, str(posted["channel"]), str(posted["ts"]))
    assert (message["text"], message["blocks"]) == (content["text"], content["blocks"])


def test_layouts_are_there_to_be_tried() -> None:
    assert GOLDEN


def test_nobody_gets_a_message_that_has_no_account(
    foreign: Foreign, ada: Person, sqlite_database: Database, now: datetime
) -> None:
    chat = foreign.messenger(sqlite_database, now)
    gone = Person(**{**_fields(ada), "slack_id": "U0NOBODY99", "slack_channel": None})
    with pytest.raises(FinalDeliveryError):
        chat.send(gone, hello("k9"))


def _fields(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in Person.__dataclass_fields__}


@pytest.mark.parametrize("scope", ["chat:write", "im:history", "im:write"])
def test_sending_needs_each_scope_that_the_manifest_asks_for(
    foreign: Foreign, ada: Person, sqlite_database: Database, now: datetime, scope: str
) -> None:
    chat = foreign.messenger(sqlite_database, now, without(scope))
    with pytest.raises(PlatformClosedError, match="missing_scope"):
        _send_and_find(chat, ada, f"without {scope}")


def _send_and_find(chat: SlackMessenger, person: Person, key: str) -> None:
    chat.send(person, hello(key))
    chat.find(person, key)


def test_directory_needs_its_scope_and_names_it(foreign: Foreign) -> None:
    with pytest.raises(ConfigurationError, match="users:read is missing"):
        foreign.users(without("users:read"))


def test_doctor_gets_on_with_a_server_that_tells_no_scopes(foreign: Foreign) -> None:
    found = {one.subject: one for one in doctor.look(foreign.settings())}
    assert found["Slack"].ok
    assert "doesn't say" in found["Scopes"].message
