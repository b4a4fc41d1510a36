"""The messages of one chat as they stand when somebody looks.

A platform keeps what was sent. Time alone closes questions and ends a pause, and a score can end an
offer; nobody edits the messages of a whole organisation for that: whoever shows a chat asks here.
One person's messages at a time, never a list of people; nothing is stored.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from campaigns.domain import content
from campaigns.domain.messages import Action, Actions, Button, Message, TextBox
from campaigns.domain.outbox import CAPPED
from campaigns.domain.plain import plain_text
from campaigns.errors import NotFoundError
from campaigns.flows.composing import compose
from campaigns.storage import campaigns, directory, outbox
from campaigns.storage.outbox import Delivery

_QUESTIONS = frozenset({"scale", "choices", "text_box"})


def asks(message: Message) -> bool:
    """Whether there is a question in it; the form to ask one oneself is none."""
    return any(
        part.kind in _QUESTIONS and not (isinstance(part, TextBox) and part.opener)
        for part in message.parts
    )


def says_paused(message: Message) -> bool:
    """Whether it says that messages rest, with the way back."""
    return Action.RESUME in _actions(message)


def speaks_of_words(message: Message) -> bool:
    """Whether it asks for words that were written, or offers to take such words back."""
    back = {Action.RELEASE, Action.TAKE_BACK, Action.WITHDRAW}
    return not _actions(message).isdisjoint(back)


def offers_a_seat(message: Message) -> bool:
    """Whether a training can be taken in it: others may have taken the last seat, or left one."""
    return Action.SEAT in _actions(message)


def _actions(message: Message) -> set[Action]:
    items = [item for part in message.parts if isinstance(part, Actions) for item in part.items]
    return {one.tap.action for one in items if isinstance(one, Button)}


def current(
    connection: Connection, person_id: int, messages: Sequence[Message], now: datetime
) -> list[Message]:
    """The same messages, those that time may have outdated composed anew."""
    fading = [one.key for one in messages if any(fades(one) for fades in _FADING)]
    known = outbox.by_keys(connection, person_id, fading)
    return [
        _renewed(connection, known[one.key], one, now) if one.key in known else one
        for one in messages
    ]


_FADING = (asks, says_paused, speaks_of_words, offers_a_seat)


def _renewed(connection: Connection, delivery: Delivery, shown: Message, now: datetime) -> Message:
    if says_paused(shown):
        return standing(connection, delivery, now) or shown
    try:
        return compose(connection, delivery, now)
    except NotFoundError:
        return shown


def standing(connection: Connection, delivery: Delivery, now: datetime) -> Message | None:
    """The message as it stands, with a way back where its reader has paused; None if it is gone."""
    try:
        message = compose(connection, delivery, now)
    except NotFoundError:
        return None
    person = directory.person(connection, delivery.person_id)
    until = person.paused_until
    if until is None or until <= now or delivery.kind not in CAPPED:
        return message
    definition = campaigns.definition(connection, delivery.version_id or 0)
    local = until.astimezone(ZoneInfo(person.time_zone))
    parts = message.parts + content.paused(definition, person, delivery.key, local).parts
    return Message(message.key, plain_text(parts, message.language), message.language, parts)
