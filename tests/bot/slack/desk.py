"""What the tests of Slack's sending side stand on: settings and a messenger for a test server."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, update

from bot.settings import Settings
from bot.slack.client import HURRIED_SECONDS, connect
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
    if slack is None:
        return settings_at("http://127.0.0.1:9/api/", "xoxb-of-nobody", per_minute)
    return settings_at(slack.api_url, slack.tokens.bot, per_minute)


def settings_at(api_url: str, token: str, per_minute: int = 0) -> Settings:
    """The same for a server that runs elsewhere."""
    return Settings.model_validate(
        {
            "slack_bot_token": token,
            "slack_api_url": api_url,
            "slack_messages_per_minute": per_minute,
        }
    )


def messenger(
    slack: SlackServer, database: Database, now: datetime, per_minute: int = 0
) -> SlackMessenger:
    """The messenger for that server."""
    return messenger_by(settings(slack, per_minute), database, now)


def messenger_by(given: Settings, database: Database, now: datetime) -> SlackMessenger:
    """The messenger that these settings ask for."""
    tokens = Tokens(["s" * 40], 30, lambda: now)
    hurried = connect(given, HURRIED_SECONDS)
    return SlackMessenger(connect(given), database, tokens, lanes(given), hurried)


def known(database: Database, person: Person, slack_id: str) -> Person:
    """The person, after Slack knows them by that id."""
    all_known(database, {person.id: slack_id})
    with database.read() as c:
        return directory.person(c, person.id)


def all_known(database: Database, slack_ids: Mapping[int, str]) -> None:
    """Person → the id that Slack knows them by from now on."""
    known = update(people).where(people.c.id == bindparam("who")).values(slack_id=bindparam("told"))
    with database.write() as c:
        c.execute(known, [{"who": n, "told": told} for n, told in slack_ids.items()])
