"""What the tests of Slack's sending side stand on: settings and a messenger for a test server."""

from datetime import datetime

from sqlalchemy import update

from bot.settings import Settings
from bot.slack.client import connect
from bot.slack.limits import lanes
from bot.slack.messenger import SlackMessenger
from bot.tokens import Tokens
from campaigns.domain.people import Person
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.tables import people
from tests.slack_server import SlackServer


def settings(slack: SlackServer | None, per_minute: int = 0) -> Settings:
    """Settings that lead to that server; without a limit unless there is one."""
    return Settings.model_validate(
        {
            "slack_bot_token": slack.tokens.bot if slack else "xoxb-of-nobody",
            "slack_api_url": slack.api_url if slack else "http://127.0.0.1:9/api/",
            "slack_messages_per_minute": per_minute,
        }
    )


def messenger(
    slack: SlackServer, database: Database, now: datetime, per_minute: int = 0
) -> SlackMessenger:
    """The messenger for that server."""
    given = settings(slack, per_minute)
    return SlackMessenger(
        connect(given), database, Tokens(["s" * 40], 30, lambda: now), lanes(given)
    )


def known(database: Database, person: Person, slack_id: str) -> Person:
    """The person, after Slack knows them by that id."""
    with database.write() as c:
        c.execute(update(people).where(people.c.id == person.id).values(slack_id=slack_id))
        return directory.person(c, person.id)
