"""The browser chat's own post box: what the bot wrote to whom, as it stands now.

It stands in for a foreign platform, so it can be asked like one (is a message with this key
there?) and knows nothing of deliveries or answers. It keeps no trace of who read what, and never
shows one person's messages under another's id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from campaigns.domain.messages import Message, dump, load
from campaigns.errors import NotFoundError
from campaigns.storage.once import insert_once
from campaigns.storage.tables import chat_messages

_TICK = timedelta(microseconds=1)
# Asked at each press: built once, for that takes longer than to ask.
_MINE = chat_messages.c.person_id == bindparam("person_id")
_FOUND = select(chat_messages.c.id).where(chat_messages.c.delivery_key == bindparam("key"), _MINE)
_NEWEST = (
    select(chat_messages)
    .where(_MINE)
    .order_by(chat_messages.c.posted_at.desc(), chat_messages.c.id.desc())
    .limit(bindparam("most"))
)
_CHANGED = (
    select(chat_messages.c.changed_at)
    .where(_MINE)
    .order_by(chat_messages.c.changed_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in a person's thread; `changed_at` is `posted_at` until it is replaced."""

    external_id: str
    person_id: int
    message: Message
    posted_at: datetime
    changed_at: datetime


def post(connection: Connection, person_id: int, message: Message, now: datetime) -> str:
    """The message is in the person's thread, once however often it is posted; its id there."""
    moment = _later_than_all(connection, person_id, now)
    row = {
        "delivery_key": message.key,
        "person_id": person_id,
        "message": dump(message),
        "posted_at": moment,
        "changed_at": moment,
    }
    insert_once(connection, chat_messages, [row], ["delivery_key"])
    external_id = find(connection, person_id, message.key)
    if external_id is None:
        raise NotFoundError("This message is in another person's thread.")
    return external_id


def find(connection: Connection, person_id: int, key: str) -> str | None:
    """The id of the message with that delivery key in the person's thread."""
    found = connection.scalar(_FOUND, {"key": key, "person_id": person_id})
    return None if found is None else str(found)


def replace(
    connection: Connection, person_id: int, external_id: str, message: Message, now: datetime
) -> None:
    """The person's message now reads like this. Raises NotFoundError for one that isn't theirs."""
    changed = connection.execute(
        update(chat_messages)
        .where(
            chat_messages.c.id == _row_id(external_id),
            chat_messages.c.person_id == person_id,
            chat_messages.c.delivery_key == message.key,
        )
        .values(message=dump(message), changed_at=_later_than_all(connection, person_id, now))
    )
    if changed.rowcount == 0:
        raise NotFoundError("There is no such message in this person's thread.")


def thread(connection: Connection, person_id: int, limit: int = 100) -> list[Posted]:
    """The person's newest messages, oldest first."""
    newest = connection.execute(_NEWEST, {"person_id": person_id, "most": limit}).all()
    return [_posted(row) for row in reversed(newest)]


def latest_change(connection: Connection, person_id: int) -> datetime | None:
    """When something last changed in the person's thread; each change moves it forward."""
    newest: datetime | None = connection.scalar(_CHANGED, {"person_id": person_id})
    return newest


def _posted(row: Row[Any]) -> Posted:
    return Posted(str(row.id), row.person_id, load(row.message), row.posted_at, row.changed_at)


def _row_id(external_id: str) -> int:
    is_number = external_id.isascii() and external_id.isdigit() and len(external_id) <= 18
    return int(external_id) if is_number else 0


def _later_than_all(connection: Connection, person_id: int, now: datetime) -> datetime:
    """`now`, or just after the thread's last change: a page that asks "since" misses nothing."""
    last = latest_change(connection, person_id)
    return now if last is None or last < now else last + _TICK
