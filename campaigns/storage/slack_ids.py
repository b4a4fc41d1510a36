"""Where Slack knows a person: what no staff file says and no import takes away."""

from sqlalchemy import Connection, select, update

from campaigns.errors import NotFoundError
from campaigns.storage.tables import people


def channel(c: Connection, person_id: int) -> str | None:
    """Slack's id of the bot's conversation with that person, as far as it is known."""
    found: str | None = c.scalar(select(people.c.slack_channel).where(people.c.id == person_id))
    return found


def remember_channel(c: Connection, person_id: int, channel: str) -> None:
    """That is where the bot and the person talk to each other."""
    mine = update(people).where(people.c.id == person_id)
    c.execute(mine.values(slack_channel=channel))


def person_id(c: Connection, slack_id: str) -> int:
    """Our id of the person whom Slack knows by that one. Raises NotFoundError."""
    found = c.scalar(select(people.c.id).where(people.c.slack_id == slack_id))
    if found is None:
        raise NotFoundError("Slack knows this person, and the staff directory does not.")
    return int(found)
