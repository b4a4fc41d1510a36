"""The composition root: the only place that chooses implementations and joins them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.chats import Chats
from bot.clocks import system_now
from bot.conversation import Conversation
from bot.databases import database_of
from bot.settings import Settings
from bot.slack.limits import lanes
from bot.tokens import Tokens
from bot.web.auth import copy_link
from bot.web.messenger import BrowserMessenger
from campaigns.engine.work import Work
from campaigns.flows.composing import compose
from campaigns.flows.delivering import Messenger
from campaigns.flows.scoring import Scorer
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault
from sentiment.card import read_card
from sentiment.watch import TeamDetector

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from bot.slack.chat import SlackChat
    from sentiment.scorer import TransformerScorer


@dataclass(frozen=True)
class Application:
    """Everything that a page, a command or a job needs, already put together."""

    settings: Settings
    database: Database
    now: Callable[[], datetime]
    vault: Vault
    tokens: Tokens
    messenger: Messenger
    scorer: Callable[[], Scorer]
    conversation: Conversation
    work: Work
    slack: "SlackChat | None" = None

    def listening(self, pages: "WSGIApplication") -> "WSGIApplication":
        """The pages, with the address in front that a chat platform posts to, if one does."""
        return self.slack.in_front_of(pages) if self.slack else pages

    def problem(self) -> str:
        """What keeps a chat platform from working; "" where nothing does."""
        return self.slack.problem() if self.slack else ""

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


class _LazyScorer:
    """The model, loaded at its first use and then kept: torch costs seconds and 500 MB."""

    def __init__(self, settings: Settings) -> None:
        self._model = settings.model
        self._lock = threading.Lock()
        self._scorer: TransformerScorer | None = None

    def __call__(self) -> Scorer:
        with self._lock:
            if self._scorer is None:
                from sentiment.scorer import TransformerScorer

                self._scorer = TransformerScorer.load(self._model)
            return self._scorer


def _messenger(
    settings: Settings, database: Database, tokens: Tokens, now: Callable[[], datetime]
) -> Messenger:
    """Slack where it has a token, for whom it knows; the browser chat for everybody else."""
    browser = BrowserMessenger(database, now)
    if not settings.slack_bot_token.get_secret_value():
        return browser
    from bot.slack.client import HURRIED_SECONDS, connect
    from bot.slack.messenger import SlackMessenger

    hurried = connect(settings, HURRIED_SECONDS)
    slack = SlackMessenger(connect(settings), database, tokens, lanes(settings), hurried)
    return Chats(slack, browser)


def _slack(
    settings: Settings,
    database: Database,
    vault: Vault,
    tokens: Tokens,
    conversation: Conversation,
    now: Callable[[], datetime],
) -> "SlackChat | None":
    """What listens to Slack; None where it is left out, and nothing of its libraries is loaded."""
    if not settings.slack_bot_token.get_secret_value():
        return None
    from bot.slack.chat import SlackChat
    from bot.slack.client import connect
    from bot.slack.directory import Reader
    from bot.slack.staff_events import StaffEvents

    client, profiles = connect(settings), settings.slack_profiles == "use"
    about_staff = StaffEvents(database, Reader(client).home, profiles=profiles).by_kind()
    return SlackChat(settings, client, database, vault, tokens, conversation, now, about_staff)


def build(settings: Settings, now: Callable[[], datetime] = system_now) -> Application:
    """A working application.

    Raises ConfigurationError or WeightsError where a setting is unusable.
    """
    database = database_of(settings)
    vault = Vault(settings.data_keys.get_secret_value().split(","))
    tokens = Tokens(settings.secret_key.get_secret_value().split(","), settings.token_days, now)
    messenger = _messenger(settings, database, tokens, now)
    scorer = _LazyScorer(settings)
    copies = partial(copy_link, settings)
    conversation = Conversation(database, vault, messenger, now, settings.comms_addresses, copies)
    confusion = read_card(settings.model).resistance()
    detector = TeamDetector(confusion, settings.teams_per_false_alarm)
    comms_team = settings.comms_addresses
    work = Work(database, messenger, compose, scorer, vault, detector, now, comms_team)
    slack = _slack(settings, database, vault, tokens, conversation, now)
    return Application(
        settings, database, now, vault, tokens, messenger, scorer, conversation, work, slack
    )
