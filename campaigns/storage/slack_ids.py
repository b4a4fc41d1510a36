"""Where Slack knows a person: what no staff file says and no import takes away."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select, update

from campaigns.storage.tables import people


def channel(c: Connection, person_id: int) -> str | None:
    """Slack's id of the bot's conversation with that person, as far as it is known."""
    found: str | None = c.scalar(select(people.c.slack_channel).where(people.c.id == person_id))
    return found


def remember_channels(c: Connection, channels: Mapping[int, str]) -> None:
    """Person → where the bot and that person talk to each other from now on."""
    mine = update(people).where(people.c.id == bindparam("who"))
    told = [{"who": who, "channel": channel} for who, channel in channels.items()]
    if told:
        c.execute(mine.values(slack_channel=bindparam("channel")), told)
