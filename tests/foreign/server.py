"""What the tests against the foreign Slack stand on: its address, its people, its tokens."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from bot.settings import Settings
from bot.slack.client import connect
from bot.slack.directory import Reader
from bot.slack.messenger import SlackMessenger
from bot.slack.scopes import BOT_SCOPES
from bot.tokens import Tokens
from campaigns.domain.accounts import Account
from campaigns.storage.database import Database

PEOPLE = ("ada", "bea", "cea", "dea")
ALL = "xoxb-with-all-scopes"


def without(scope: str) -> str:
    """The token that lacks just this one."""
    return f"xoxb-without-{scope.replace(':', '-')}"


TOKENS = {
    ALL: list(BOT_SCOPES),
    **{without(scope): [one for one in BOT_SCOPES if one != scope] for scope in BOT_SCOPES},
}


@dataclass(frozen=True)
class Foreign:
    """The server, and settings for a token of it."""

    api_url: str

    def settings(self, token: str = ALL) -> Settings:
        return Settings(slack_bot_token=SecretStr(token), slack_api_url=self.api_url)

    def users(self, token: str = ALL) -> list[Account]:
        reader = Reader(connect(self.settings(token)), lambda _: None)
        return list(reader.users(reader.home()))

    def messenger(self, database: Database, now: datetime, token: str = ALL) -> SlackMessenger:
        tokens = Tokens(["s" * 40], 30, lambda: now)
        return SlackMessenger(connect(self.settings(token)), database, tokens, {})
