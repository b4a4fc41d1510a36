"""Slack, put together: what receives, what works off, what keeps the connection, and how it stands.

Nothing is called before `start`. Socket Mode is used where there is an app token; else Slack posts
to `/slack/events`, signed.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from slack_sdk import WebClient

from bot.conversation import Conversation
from bot.logs import described
from bot.settings import Settings
from bot.slack import app as bolt
from bot.slack import http
from bot.slack.client import calling
from bot.slack.command import Commands
from bot.slack.desk import Desk, Do
from bot.slack.forms import Forms
from bot.slack.home import Homes
from bot.slack.intake import Intake
from bot.slack.limits import lanes
from bot.slack.people import People
from bot.slack.presses import Presses
from bot.slack.receiving import HOME_OPENED, Receiving
from bot.slack.rendering import Rendering
from bot.slack.socket import PATIENCE, Patience, Socket
from bot.slack.speaking import Speaker
from bot.slack.talkers import Talkers
from bot.tokens import Tokens
from campaigns.errors import DeliveryError, PlatformClosedError
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

TALKERS = 16  # threads that post replies and open windows: about 100 a second at Slack's usual pace
PROBE_SECONDS = 60.0  # also: some connections wake up only by a call
_log = logging.getLogger(__name__)


class _Parts:
    """What answers people: by a reply, a window or a page."""

    def __init__(
        self,
        settings: Settings,
        client: WebClient,
        database: Database,
        vault: Vault,
        tokens: Tokens,
        conversation: Conversation,
        now: Callable[[], datetime],
        talkers: Talkers,
    ) -> None:
        people, rendering = People(database), Rendering(tokens)
        self.speaker = speaker = Speaker(talkers)
        lane = lanes(settings).get("send")
        comms = settings.comms_addresses
        homes = Homes(client, database, vault, people, rendering, comms, lane, now, talkers)
        self.forms = forms = Forms(
            client, conversation, tokens, people, speaker, rendering, talkers, homes
        )
        presses = Presses(
            conversation, tokens, people, speaker, rendering, homes.publish, forms.tell
        )
        commands = Commands(people, speaker, rendering, homes.messages)
        self.do: Mapping[str, Do] = {
            "press": presses.do,
            "command": commands.do,
            HOME_OPENED: homes.opened,
        }


class SlackChat:
    """The one object that the service starts and stops; `about_people` handles directory events."""

    def __init__(
        self,
        settings: Settings,
        client: WebClient,
        database: Database,
        vault: Vault,
        tokens: Tokens,
        conversation: Conversation,
        now: Callable[[], datetime],
        about_people: Mapping[str, Do],
        patience: Patience = PATIENCE,
    ) -> None:
        self._talkers = Talkers(TALKERS)
        parts = _Parts(settings, client, database, vault, tokens, conversation, now, self._talkers)
        self._desk = Desk(database, vault, {**parts.do, **about_people}, now)
        self._intake = Intake(database, vault, now, self._desk.wake)
        receiving = Receiving(self._intake, parts.forms, parts.speaker, frozenset(about_people))
        secret = settings.slack_signing_secret.get_secret_value()
        self.app = bolt.create(client.token or "", secret, receiving)
        self._client = client
        self._socket: Socket | None = None
        if app_token := settings.slack_app_token.get_secret_value():
            self._socket = Socket(
                self.app, receiving.press, client, app_token, settings.slack_processes, patience
            )
        self._posts = bool(secret) and self._socket is None
        self._prober = threading.Thread(target=self._look, name="slack-probe", daemon=True)
        self._stopping = threading.Event()
        self._refusal = ""

    @property
    def uses_socket(self) -> bool:
        """Whether Slack is connected to, and posts nothing."""
        return self._socket is not None

    def start(self) -> None:
        """What comes is taken in from now on, and what is there is worked off."""
        self._desk.start()
        self._prober.start()
        if self._socket is not None:
            self._socket.start()

    def stop(self) -> None:
        """Nothing more comes in; what was taken in stays for the next start."""
        self._stopping.set()
        if self._socket is not None:
            self._socket.stop()
        self._intake.stop()
        self._desk.stop()
        self._talkers.stop()

    def wake(self) -> None:
        """What was taken in is looked for now."""
        self._desk.wake()

    def in_front_of(self, pages: "WSGIApplication") -> "WSGIApplication":
        """The pages, with Slack's address in front where it posts to us."""
        return http.mounted(self.app, pages) if self._posts else pages

    def problem(self) -> str:
        """What keeps presses from arriving or replies from going out; "" where nothing does."""
        if self._refusal:
            return f"slack {self._refusal}"
        if self._desk.is_stuck():
            return "slack: what came in is not worked off"
        if self._socket is not None:
            problem = self._socket.standing().problem
            return problem and f"slack {problem}"
        return "" if self._posts else "slack: neither an app token nor a signing secret is set"

    def _look(self) -> None:
        """Asks Slack once a minute whether it still knows us."""
        while not self._stopping.is_set():
            self.probe()
            self._stopping.wait(PROBE_SECONDS)

    def probe(self) -> None:
        """Slack was asked now whether it still knows the bot."""
        self._refusal = self._asked()

    def _asked(self) -> str:
        try:
            with calling(repeatable=True):
                self._client.auth_test()
        except PlatformClosedError as error:
            _log.error("%s", error)
            return "token"
        except DeliveryError as error:
            _log.warning("%s", error)
            return "network"
        except Exception as error:  # an edge: this thread has nobody above it
            _log.error("Slack could not be asked: %s", described(error))
            return "network"
        return ""
