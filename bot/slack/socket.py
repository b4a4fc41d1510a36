"""Keeps one working Socket Mode connection, and knows whether it has one.

A connection can be open and deaf: pings are answered and no press arrives. Nothing on this side can
tell that from a quiet night, so one that was silent for ten minutes is renewed: one call each.
The new one is open before the old one goes. Each failure makes the wait before the next try longer,
because Slack allows about one new connection a minute.
"""

import logging
import threading
import time
from dataclasses import dataclass

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.logs import described
from bot.slack.line import Line, Press

THREADS = 8  # on which requests come in, each for a third of a millisecond; more were no faster
_CAP = "too_many_websockets"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds."""

    look: float = 1.0  # between two looks at the connection
    hello: float = 10.0  # for Slack's first word
    silent: float = 600.0  # without a word: renewed
    farewell: float = 10.0  # the old connection's acknowledgements still go out
    first_wait: float = 1.0
    longest_wait: float = 60.0  # also where Slack counts too many connections
    ping: float = 5.0


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the connection is; `problem` is "" where presses can arrive."""

    connected: bool
    silent_seconds: float
    connections: int
    failures: int
    problem: str


class Socket:
    """Watches and renews the connection, in one thread between `start` and `stop`.

    `processes` is how many processes hold a connection of this app. Slack shares out what comes
    over all that it believes to be open, so more than these can account for swallow presses.
    """

    def __init__(
        self,
        app: App,
        press: Press,
        client: WebClient,
        app_token: str,
        processes: int,
        patience: Patience = PATIENCE,
    ) -> None:
        self._app = app
        self._press = press
        self._client = client
        self._app_token = app_token
        self._most = 2 * processes  # each may hold the old one and the new one for a moment
        self._patience = patience
        self._line: Line | None = None
        self._old: list[tuple[float, Line]] = []
        self._changed = threading.Event()
        self._stopping = False
        self._failures = 0
        self._not_before = 0.0
        self._reason = ""
        self._thread = threading.Thread(target=self._run, name="slack-socket", daemon=True)

    def start(self) -> None:
        """A connection is opened, and kept."""
        self._thread.start()

    def stop(self) -> None:
        """No connection is left; what is being acknowledged is waited for."""
        self._stopping = True
        self._changed.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=30.0)
        for line in [one for _, one in self._old] + ([self._line] if self._line else []):
            line.close()

    def standing(self) -> Standing:
        """How it is at this moment."""
        line = self._line
        silent = time.monotonic() - line.heard_at if line else 0.0
        connections = line.num_connections if line else 0
        return Standing(
            connected=line is not None and line.is_up,
            silent_seconds=silent,
            connections=connections,
            failures=self._failures,
            problem=self._problem(line),
        )

    def _problem(self, line: Line | None) -> str:
        if line is None or not line.is_up:
            return f"socket: {self._reason or 'not connected'}"
        if line.is_deaf:
            return "socket: deaf"
        if line.num_connections > self._most:
            return "socket: too many connections"
        return ""

    def _run(self) -> None:
        while not self._stopping:
            self._changed.clear()
            try:
                self._keep()
            except Exception as error:  # an edge: nobody else would connect again
                _log.error("The connection could not be looked after: %s", described(error))
                self._failed(type(error).__name__, 0.0)
            self._changed.wait(self._patience.look)

    def _keep(self) -> None:
        self._let_go()
        wish = self._wish()
        if wish and time.monotonic() >= self._not_before:
            self._renew(wish)

    def _wish(self) -> str:
        """Why another connection is wanted; "" where this one is fine."""
        line = self._line
        if line is None:
            return "none yet"
        if line.ended:
            return line.ended
        if not line.is_connected():
            return "closed"
        if line.is_deaf:
            return "no answer to pings"
        if time.monotonic() - line.heard_at > self._patience.silent:
            return "silent"
        crowded = line.num_connections > self._most  # how many there are, only a hello tells
        age = time.monotonic() - line.opened_at
        return "crowded" if crowded and age > self._patience.longest_wait else ""

    def _renew(self, why: str) -> None:
        """The old connection goes only when the new one has been greeted."""
        if why not in ("none yet", "silent"):
            _log.info("Slack is connected to anew: %s", why)
        if why == _CAP and self._line is not None:  # room is made before the next try
            self._line.close()
            self._line = None
            self._failed(why, self._patience.longest_wait)
            return
        try:
            line = self._open()
        except (OSError, SlackClientError, ValueError, KeyError) as error:
            self._failed(_named(error), _asked_wait(error))
            return
        if not line.is_up or line.ended:
            line.close()
            crowded = self._patience.longest_wait if line.ended == _CAP else 0.0
            self._failed(line.ended or "no hello", crowded)
            return
        if self._line is not None:
            self._old.append((time.monotonic() + self._patience.farewell, self._line))
        self._line, self._failures, self._reason = line, 0, ""
        if line.num_connections > self._most:
            _log.warning(
                "Slack counts %d connections of this app, more than there should be: "
                "presses may get lost until it lets go of them",
                line.num_connections,
            )

    def _open(self) -> Line:
        """A new connection, once Slack has said hello on it or goodbye, or said nothing in time."""
        answer = self._client.apps_connections_open(app_token=self._app_token)
        line = Line(
            self._app,
            self._press,
            self._client,
            self._app_token,
            str(answer["url"]),
            THREADS,
            self._changed.set,
            self._patience.ping,
        )
        line.connect()
        until = time.monotonic() + self._patience.hello
        while not (line.is_up or line.ended or self._stopping) and time.monotonic() < until:
            self._changed.wait(0.05)
            self._changed.clear()
        return line

    def _failed(self, why: str, wait: float) -> None:
        """The next try waits, longer each time; the old connection stays as long as it can."""
        self._failures += 1
        growing = self._patience.first_wait * 2 ** min(self._failures - 1, 10)
        wait = max(wait, min(growing, self._patience.longest_wait))
        self._not_before = time.monotonic() + wait
        self._reason = why
        _log.warning("Slack could not be connected to: %s, try %d", why, self._failures)

    def _let_go(self) -> None:
        """Old connections whose time is over are closed."""
        due = [line for until, line in self._old if until <= time.monotonic()]
        self._old = [(until, line) for until, line in self._old if line not in due]
        for line in due:
            line.close()


def _named(error: Exception) -> str:
    """The error by its kind, and Slack's by its code."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    code = str(error.response.get("error", ""))
    return code if code.isidentifier() and len(code) <= 60 else "refused"


def _asked_wait(error: Exception) -> float:
    """How long Slack asks to wait."""
    if not isinstance(error, SlackApiError):
        return 0.0
    told = str(error.response.headers.get("Retry-After", ""))
    return float(told) if told.isascii() and told.isdigit() else 0.0
