"""Slack as a messenger; what every messenger must do is asked in tests/contracts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.slack.blocks import EVENT_TYPE
from bot.slack.client import HURRIED_SECONDS
from bot.slack.messenger import SlackMessenger
from bot.slack.scopes import BOT_SCOPES
from campaigns.domain.messages import Action, Actions, Button, Message, Tap, Text
from campaigns.domain.people import Person
from campaigns.errors import (
    DeliveryError,
    FinalDeliveryError,
    InDoubtError,
    PlatformClosedError,
    RetryLaterError,
)
from campaigns.storage import directory
from campaigns.storage.database import Database
from tests.bot.slack import desk
from tests.scene import Scene
from tests.slack_server import Member, SlackServer

POST, OPEN, HISTORY = "chat.postMessage", "conversations.open", "conversations.history"


def a_message(key: str = "k1", text: str = "Good morning") -> Message:
    button = Button("Clear to me", Tap(Action.ACKNOWLEDGE))
    return Message(key, text, "en", (Text(text), Actions((button,))))


def somebody(database: Database, now: datetime) -> Person:
    return desk.known(database, Scene(database, now).person("P1"), "U1")


def sent(chat: SlackMessenger, database: Database, person: Person) -> str:
    """A message to the person, as delivery settles it; its id."""
    external_id = chat.send(person, a_message())
    with database.write() as c:
        chat.keep(c, [(person, external_id)])
    return external_id


def again(database: Database, person: Person) -> Person:
    with database.read() as c:
        return directory.person(c, person.id)


def test_send_takes_one_call_and_remembers_the_conversation(
    database: Database, now: datetime
) -> None:
    with SlackServer(["U1"]) as slack:
        person = somebody(database, now)
        external_id = sent(desk.messenger(slack, database, now), database, person)
        [call], [shown] = slack.calls(), slack.messages("U1")
        assert call.method == POST
        assert call.args["channel"] == "U1"
        assert not call.args["unfurl_links"]
        assert not call.args["unfurl_media"]
        assert external_id == f"{shown.channel}:{shown.ts}"
        assert again(database, person).slack_channel == shown.channel
        assert shown.metadata == {"event_type": EVENT_TYPE, "event_payload": {"key": "k1"}}


def test_update_needs_no_other_call_and_keeps_the_key(database: Database, now: datetime) -> None:
    with SlackServer(["U1"]) as slack:
        person, chat = somebody(database, now), desk.messenger(slack, database, now)
        external_id = sent(chat, database, person)
        chat.update(person, external_id, a_message(text="Thank you"))
        assert [call.method for call in slack.calls()] == [POST, "chat.update"]
        [shown] = slack.messages("U1")
        assert shown.text == "Thank you"
        assert not shown.edited
        assert chat.find(again(database, person), "k1") == external_id


def test_find_opens_a_conversation_once_when_nobody_knows_it(
    database: Database, now: datetime
) -> None:
    with SlackServer(["U1"]) as slack:
        person, chat = somebody(database, now), desk.messenger(slack, database, now)
        slack.faults.add(POST, "reset_after_accept")
        with pytest.raises(InDoubtError):
            chat.send(person, a_message())
        [shown] = slack.messages("U1")
        assert chat.find(person, "k1") == f"{shown.channel}:{shown.ts}"
        assert chat.find(again(database, person), "k2") is None
        assert [call.method for call in slack.calls()] == [POST, OPEN, HISTORY, HISTORY]


@pytest.mark.parametrize("kind", ["500", "internal_error", "reset_before_accept"])
def test_find_is_repeated_later_when_slack_fails(
    database: Database, now: datetime, kind: str
) -> None:
    with SlackServer(["U1"]) as slack:
        person, chat = somebody(database, now), desk.messenger(slack, database, now)
        sent(chat, database, person)
        slack.faults.add(HISTORY, kind)
        with pytest.raises(RetryLaterError):
            chat.find(again(database, person), "k1")


def test_find_passes_over_what_is_not_ours(database: Database, now: datetime) -> None:
    with SlackServer(["U1"]) as slack:
        person, chat = somebody(database, now), desk.messenger(slack, database, now)
        external_id = sent(chat, database, person)
        client = chat._client
        forged = {"event_type": "another_app", "event_payload": {"key": "k1"}}
        client.chat_postMessage(channel="U1", text="Not ours", metadata=forged)
        client.chat_postMessage(channel="U1", text="Without any")
        assert chat.find(again(database, person), "k1") == external_id


def test_send_fails_for_good_when_the_account_is_closed(database: Database, now: datetime) -> None:
    with SlackServer([Member("U1", deleted=True)]) as slack, pytest.raises(FinalDeliveryError):
        desk.messenger(slack, database, now).send(somebody(database, now), a_message())


def test_send_fails_for_good_when_slack_does_not_know_the_person(
    database: Database, now: datetime
) -> None:
    with SlackServer(["U1"]) as slack:
        person, chat = Scene(database, now).person(), desk.messenger(slack, database, now)
        with pytest.raises(FinalDeliveryError):
            chat.send(person, a_message())
        with pytest.raises(FinalDeliveryError):
            chat.find(person, "k1")
        assert slack.calls() == []


def test_lanes_are_shared_by_who_has_the_same_token(database: Database, now: datetime) -> None:
    with SlackServer(["U1"]) as slack:
        one, other = (desk.messenger(slack, database, now, 300) for _ in range(2))
        assert one.lanes == other.lanes
        assert len({lane.name for lane in one.lanes.values()}) == 4
        assert all(slack.tokens.bot not in lane.name for lane in one.lanes.values())
        assert one.lanes["send"].per_minute == 300


@pytest.mark.parametrize(
    ("start", "end", "is_on"),
    [(0, 1, True), (-9, 1, True), (-9, 0, False), (1, 9, False), (-9, 10**12, True)],
)
def test_undisturbed_is_who_has_do_not_disturb_on_at_this_moment(
    sqlite_database: Database, now: datetime, start: int, end: int, is_on: bool
) -> None:
    with SlackServer(["U1", "U2"]) as slack:
        person = somebody(sqlite_database, now)
        stranger = replace(person, id=99, slack_id="U404")
        at = now.timestamp()
        slack.do_not_disturb("U1", at + start, at + end)
        chat = desk.messenger(slack, sqlite_database, now)
        found = chat.undisturbed_until([person, stranger], now)
    until = now + timedelta(seconds=min(end, 366 * 86_400))
    assert found == ({person.id: until} if is_on else {})


@pytest.mark.parametrize(
    ("kind", "error"), [("429", RetryLaterError), ("500", InDoubtError), ("slow", InDoubtError)]
)
def test_undisturbed_gives_up_soon_when_slack_does_not_tell(
    sqlite_database: Database, now: datetime, kind: str, error: type[DeliveryError]
) -> None:
    with SlackServer(["U1"]) as slack:
        person = somebody(sqlite_database, now)
        slack.faults.add("dnd.teamInfo", kind, seconds=HURRIED_SECONDS + 1)
        chat = desk.messenger(slack, sqlite_database, now)
        with pytest.raises(error):
            chat.undisturbed_until([person], now)


def test_undisturbed_is_refused_and_quotes_nothing_when_the_scope_is_missing(
    sqlite_database: Database, now: datetime
) -> None:
    with SlackServer(["U1"], scopes=BOT_SCOPES) as slack:
        person = somebody(sqlite_database, now)
        with pytest.raises(PlatformClosedError) as refused:
            desk.messenger(slack, sqlite_database, now).undisturbed_until([person], now)
    assert "U1" not in str(refused.value)
