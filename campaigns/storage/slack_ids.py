"""Where Slack knows a person: what no staff file says and no import takes away."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select, update

from campaigns.errors import NotFoundError
from campaigns.storage.tables import people


def channel(c: Connection, person_id: int) -> str | None:
    """Slack's id of the bot's conversation with that person, as far as it is known."""
    found: str | None = c.scalar(select(people.c.slack_channel).where(people.c.id == person_id))
    return found


def remember_channels(c: Connection, channels: Mapping[int, tuple[str, str]]) -> None:
    """Person → (account, where the bot and that account talk to each other from now on).

    Nothing is remembered of an account that is no longer the person's: a message may have been on
    its way when it changed.
    """
    theirs = people.c.slack_id == bindparam("account")
    mine = update(people).where(people.c.id == bindparam("who"), theirs)
    told = [
        {"who": who, "account": account, "channel": channel}
        for who, (account, channel) in channels.items()
    ]
    if told:
        c.execute(mine.values(slack_channel=bindparam("channel")), told)


def person_id(c: Connection, slack_id: str) -> int:
    """Our id of the person whom Slack knows by that one. Raises NotFoundError."""
    found = c.scalar(select(people.c.id).where(people.c.slack_id == slack_id))
    if found is None:
        raise NotFoundError("Slack knows this person, and the staff directory does not.")
    return int(found)
