"""Where Slack knows people: their ids there, and the conversations that the bot has with them."""

from sqlalchemy import Connection, select, update

from campaigns.errors import NotFoundError
from campaigns.storage.tables import people


def person_id(connection: Connection, slack_id: str) -> int:
    """Our id of the person whom Slack knows by that one. Raises NotFoundError."""
    found = connection.scalar(select(people.c.id).where(people.c.slack_id == slack_id))
    if found is None:
        raise NotFoundError("Slack knows this person, and the staff directory does not.")
    return int(found)


def slack_channel(connection: Connection, person_id: int) -> str | None:
    """Slack's id of the bot's conversation with that person, as far as it is known."""
    found = select(people.c.slack_channel).where(people.c.id == person_id)
    channel: str | None = connection.scalar(found)
    return channel


def remember_slack_channel(connection: Connection, person_id: int, channel: str) -> None:
    """That is where the bot and the person talk to each other."""
    mine = update(people).where(people.c.id == person_id)
    connection.execute(mine.values(slack_channel=channel))
