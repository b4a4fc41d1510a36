"""Slack as a place to deliver to: by the person's id, found by an opaque key, edited in place.

Each call of a method here makes one call of Slack's, but for the first look into a conversation
that nobody knows yet. Limits are kept by whoever calls (`lanes`); nothing waits or retries here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection

from bot.slack.blocks import EVENT_TYPE
from bot.slack.client import calling, said
from bot.slack.rendering import Rendering
from bot.tokens import Tokens
from campaigns.domain.lanes import Act, Lane
from campaigns.domain.messages import Message
from campaigns.domain.people import Person
from campaigns.errors import FinalDeliveryError
from campaigns.storage import slack_ids
from campaigns.storage.database import Database

HANDS = 4
_YEAR = 366 * 86_400.0  # a later end is as good as none
LOOKED_THROUGH = 100  # newest messages of a conversation: months of them, at a few a week


class SlackMessenger:
    """A `Messenger` whose platform is one Slack workspace."""

    def __init__(
        self,
        client: WebClient,
        database: Database,
        tokens: Tokens,
        lanes: Mapping[Act, Lane],
        hurried: WebClient | None = None,
    ) -> None:
        self._client, self._database = client, database
        self._hurried = hurried or client
        self._rendering = Rendering(tokens)
        self._lanes = lanes

    @property
    def lanes(self) -> Mapping[Act, Lane]:
        """How often its methods may be called."""
        return self._lanes

    @property
    def hands(self) -> int:
        """Enough for the pace, where a call takes half a second or more."""
        return HANDS

    def in_lane(self, person: Person) -> bool:
        """Whether the person is known to Slack."""
        return person.slack_id is not None

    def send(self, person: Person, message: Message) -> str:
        """The message is in the bot's conversation with the person; its channel and time there.

        The key goes along as metadata; every app of the workspace may read that: nothing else does.
        """
        if person.slack_id is None:
            raise FinalDeliveryError("Slack does not know this person.")
        content = self._rendering.message(person.id, message)
        with calling():
            posted = self._client.chat_postMessage(
                channel=person.slack_id,
                unfurl_links=False,
                unfurl_media=False,
                **content,
            )
            channel, moment = said(posted.get("channel")), said(posted.get("ts"))
        return f"{channel}:{moment}"

    def find(self, person: Person, key: str) -> str | None:
        """Channel and time of the message with that key, among the newest of the conversation."""
        channel = self._channel(person)
        with calling(repeatable=True):
            read = self._client.conversations_history(
                channel=channel, include_all_metadata=True, limit=LOOKED_THROUGH
            )
            messages: list[dict[str, Any]] = read.get("messages") or []
        moments = [str(one["ts"]) for one in messages if _key(one) == key]
        return f"{channel}:{moments[0]}" if moments else None

    def update(self, person: Person, external_id: str, message: Message) -> None:
        """The message reads like this now. Raises FinalDeliveryError where it isn't theirs."""
        channel, _, moment = external_id.partition(":")
        with self._database.read() as c:
            known = slack_ids.channel(c, person.id)
        if not moment or channel != known:
            raise FinalDeliveryError("There is no such message in this person's conversation.")
        content = self._rendering.message(person.id, message)
        with calling(repeatable=True):
            self._client.chat_update(channel=channel, ts=moment, **content)

    def keep(self, c: Connection, sent: Sequence[tuple[Person, str]]) -> None:
        """The conversations that nobody knew before, so that no later call has to ask for them."""
        found = ((person, external_id.partition(":")[0]) for person, external_id in sent)
        new = {
            one.id: (one.slack_id, channel)
            for one, channel in found
            if one.slack_id is not None and channel != one.slack_channel
        }
        slack_ids.remember_channels(c, new)

    def undisturbed_until(self, people: Sequence[Person], now: datetime) -> Mapping[int, datetime]:
        """Who wants not to be disturbed at this moment: Slack's do-not-disturb, by its schedule.

        A pause that somebody began by hand is shown to that person alone, says its documentation.
        """
        by_id = {person.slack_id: person.id for person in people if person.slack_id}
        if not by_id:
            return {}
        with calling():
            told = self._hurried.dnd_teamInfo(users=list(by_id)).get("users")
            if not isinstance(told, dict):
                raise ValueError("Slack's answer lacks what it should say.")
        ends = ((person_id, _end(told.get(its), now)) for its, person_id in by_id.items())
        return {person_id: end for person_id, end in ends if end is not None}

    def _channel(self, person: Person) -> str:
        """The bot's conversation with the person, opened where it is not known yet."""
        if person.slack_channel is not None:
            return person.slack_channel
        if person.slack_id is None:
            raise FinalDeliveryError("Slack does not know this person.")
        with calling(repeatable=True):
            opened = self._client.conversations_open(users=person.slack_id)
            channel = said((opened.get("channel") or {}).get("id"))
        with self._database.write() as c:
            slack_ids.remember_channels(c, {person.id: (person.slack_id, channel)})
        return channel


def _key(message: Mapping[str, Any]) -> object:
    """The delivery key in a message's metadata; None where it has none of ours."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return (metadata.get("event_payload") or {}).get("key")


def _end(told: object, now: datetime) -> datetime | None:
    """When the do-not-disturb ends that is on at this moment; None where none is.

    What is switched off has the times 1 and 1, and the times of one that is on may be over or to
    come.
    """
    if not isinstance(told, Mapping) or told.get("dnd_enabled") is not True:
        return None
    start, end = told.get("next_dnd_start_ts"), told.get("next_dnd_end_ts")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        return None
    at = now.timestamp()
    return now + timedelta(seconds=min(end - at, _YEAR)) if start <= at < end else None
