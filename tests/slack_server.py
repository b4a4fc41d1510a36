"""A Slack of our own, for tests: a real HTTP and WebSocket server that remembers what it hears.

It takes the Web API calls that Bellwether makes, is as strict about tokens, scopes, limits and
blocks as Slack's documentation, lets a test tap and type as a person would, and goes wrong on
demand. What Slack leaves open is decided here for the worse. Bellwether must never import it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType

from tests.slack import api_chat, api_people, api_views
from tests.slack.api import Api, Call, Tokens
from tests.slack.clock import Clock
from tests.slack.faults import Faults
from tests.slack.front import Front
from tests.slack.hooks import Hooks
from tests.slack.limits import DOCUMENTED, Limits
from tests.slack.members import Crowd, Directory, Member
from tests.slack.payloads import Payloads
from tests.slack.people_acting import PeopleActing
from tests.slack.sending import Sent
from tests.slack.signed import SignedRequests
from tests.slack.sockets import Hub
from tests.slack.workspace import Message, View, Workspace

__all__ = ["DOCUMENTED", "SCOPES", "Crowd", "Limits", "Member", "Message", "Sent", "SlackServer"]

PARTS = (api_chat, api_people, api_views)  # imported for the methods they register
SCOPES = frozenset(
    {"chat:write", "commands", "dnd:read", "im:history", "im:write", "usergroups:read"}
    | {"users:read", "users:read.email"}
)


class SlackServer(PeopleActing):
    """Runs between `with` and its end; people are members or mere ids, or a `Crowd`.

    Without `limits` nothing is limited; DOCUMENTED are Slack's. The app is reached over its sockets
    unless `listen_at` names an address. Times are `clock`'s, but for acknowledgements."""

    def __init__(
        self,
        people: Sequence[Member | str] = (),
        *,
        limits: Limits | None = None,
        scopes: Iterable[str] = SCOPES,
        groups: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.clock, self.faults, self.tokens = Clock(), Faults(), Tokens()
        self.workspace = Workspace(Directory(people), self.clock)
        self.sockets = Hub(self.workspace, self.faults)
        self.wire = self.sockets
        self._signed: SignedRequests | None = None
        self._hooks = Hooks(self.workspace)
        self._api = Api(self.workspace, self.tokens, frozenset(scopes), limits, self.faults)
        self._front = Front(self._api, self.sockets, self._hooks.answer)
        port = self._front.server_address[1]
        self._api.address = f"http://127.0.0.1:{port}/"
        self.sockets.address = f"ws://127.0.0.1:{port}/link/"
        self._api.socket_url = self.sockets.url
        self.payloads = Payloads(self.workspace, f"{self._api.address}hooks/")
        for name, members in (groups or {}).items():
            self.group(name, members)

    def __enter__(self) -> "SlackServer":
        self._front.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._signed is not None:
            self._signed.stop()
        self._front.close()
        if self._front.broken and error is None:
            raise self._front.broken[0]

    # What the app is told, and what it did

    @property
    def api_url(self) -> str:
        """The base address of the Web API."""
        return f"{self._api.address}api/"

    def listen_at(self, url: str) -> SignedRequests:
        """From now on the app is told by signed requests to that address."""
        self._signed = SignedRequests(url, self.tokens, self.faults)
        self.wire = self._signed
        return self._signed

    def calls(self, method: str = "") -> list[Call]:
        """Every request so far, or those of one method, in order."""
        return [one for one in list(self._api.calls) if method in ("", one.method)]

    def until(self, true: Callable[[], bool], seconds: float = 5.0) -> None:
        """Waits for it to become true; AssertionError if it doesn't."""
        if not self.workspace.until(true, seconds):
            raise AssertionError(f"It didn't happen within {seconds} seconds.")

    # What people see

    def messages(self, user_id: str) -> list[Message]:
        """The person's conversation with the app as it reads now, oldest first."""
        with self.workspace.lock:
            channel = self.workspace.channels.get(self.workspace.channel_of(user_id), {})
            return sorted(channel.values(), key=lambda one: float(one.ts))

    def views(self, user_id: str) -> list[View]:
        """The windows that are open before the person, the uppermost last."""
        return list(self.workspace.stacks.get(user_id, []))

    def home(self, user_id: str) -> View | None:
        """The person's Home page, if one was published."""
        return self.workspace.homes.get(user_id)

    # What becomes of sockets

    def connected(self, n: int = 1) -> None:
        """Waits until so many sockets are open."""
        self.until(lambda: len(self.sockets.connections) == n)

    def disconnect(self, reason: str) -> None:
        """Says that the sockets end: warning, refresh_requested, link_disabled or another reason.

        After a warning they stay open; otherwise they are closed."""
        self.sockets.disconnect(reason)

    def withhold_pongs(self) -> None:
        """From now on no ping is answered."""
        self.sockets.answers_pings = False
