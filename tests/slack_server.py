"""A Slack of our own, for tests: a real HTTP and WebSocket server that remembers what it was told.

It takes the Web API calls that Bellwether makes, is as strict as Slack's documentation about tokens,
scopes, limits and blocks, lets a test tap and type as a person would, and goes wrong on demand. What
Slack leaves open is decided here for the worse. It is never imported by Bellwether itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

from tests.slack import api_chat, api_people, api_views
from tests.slack.api import Api, Call, Tokens
from tests.slack.clock import Clock
from tests.slack.faults import Faults
from tests.slack.front import Front
from tests.slack.hooks import Hooks
from tests.slack.limits import DOCUMENTED, Limits
from tests.slack.members import Crowd, Directory, Json, Member
from tests.slack.payloads import Payloads, chosen, find
from tests.slack.sending import Sent, Wire
from tests.slack.sockets import Hub
from tests.slack.workspace import Message, View, Workspace

__all__ = ["DOCUMENTED", "SCOPES", "Crowd", "Limits", "Member", "Message", "SlackServer", "View"]

PARTS = (api_chat, api_people, api_views)  # imported for the methods they register
SCOPES = frozenset(
    {"chat:write", "commands", "dnd:read", "im:history", "im:write", "usergroups:read"}
    | {"users:read", "users:read.email"}
)
RETRIES = 3


class SlackServer:
    """Runs between `with` and its end; people are members or mere ids, or a `Crowd`.

    Without `limits` nothing is limited; DOCUMENTED are Slack's."""

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
        self._hooks = Hooks(self.workspace)
        self._api = Api(self.workspace, self.tokens, frozenset(scopes), limits, self.faults)
        self._front = Front(self._api, self.sockets, self._hooks.answer)
        self.wire: Wire = self.sockets
        self.retry_seconds = 3.0
        self._connect_parts()
        for name, members in (groups or {}).items():
            self.group(name, members)

    def _connect_parts(self) -> None:
        port = self._front.server_address[1]
        self._api.address = f"http://127.0.0.1:{port}/"
        self.sockets.address = f"ws://127.0.0.1:{port}/link/"
        self._api.socket_url = self.sockets.url
        self.payloads = Payloads(self.workspace, f"{self._api.address}hooks/")

    def __enter__(self) -> "SlackServer":
        self._front.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._front.close()
        if self._front.broken and error is None:
            raise self._front.broken[0]

    # What the app is told, and what it did

    @property
    def api_url(self) -> str:
        """The base address of the Web API."""
        return f"{self._api.address}api/"

    def calls(self, method: str = "") -> list[Call]:
        """Every request so far, or those of one method, in order."""
        return [one for one in list(self._api.calls) if method in ("", one.method)]

    def until(self, true: Any, seconds: float = 5.0) -> None:
        """Waits until `true()`; AssertionError if it doesn't come about."""
        if not self.workspace.until(true, seconds):
            raise AssertionError(f"It didn't happen within {seconds} seconds.")

    def connected(self, n: int = 1) -> None:
        """Waits until so many sockets are open."""
        self.until(lambda: len(self.sockets.connections) == n)

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

    # What people do

    def tap(
        self, user_id: str, where: str | Message | View, action_id: str, *, wait: bool = True
    ) -> Sent:
        """Presses a button; `where` is a message's ts, or a message or view as it was seen.

        The button is named by its action id or by what it says."""
        return self.select(user_id, where, action_id, None, wait=wait)

    def select(
        self,
        user_id: str,
        where: str | Message | View,
        action_id: str,
        choice: Any,
        *,
        wait: bool = True,
    ) -> Sent:
        """Picks an option, by value or by what it says, a person by id, or a date."""
        seen = self._seen(user_id, where)
        blocks = seen.blocks if isinstance(seen, Message) else seen.content["blocks"]
        block_id, element = find(blocks, action_id)
        kept = {key: element[key] for key in ("type", "action_id", "text") if key in element}
        action = kept | {"block_id": block_id} | chosen(element, choice)
        sent = self.wire.deliver("interactive", self.payloads.tap(user_id, seen, action))
        return sent.wait() if wait else sent

    def _seen(self, user_id: str, where: str | Message | View) -> Message | View:
        if not isinstance(where, str):
            return where
        found = [one for one in self.messages(user_id) if one.ts == where]
        if not found:
            raise AssertionError(f"{user_id} has no message {where}.")
        return found[0]

    def submit(self, view: View, values: Mapping[str, Any]) -> Sent:
        """Fills in the window by action id and sends it off; what the app answers happens."""
        state: dict[str, Json] = {}
        for block in view.content["blocks"]:
            if block["type"] != "input":
                continue
            element = block["element"]
            given = values.get(element["action_id"])
            if given in (None, "") and not block.get("optional"):
                raise AssertionError(f"{element['action_id']} has to be filled in.")
            entry = {"type": element["type"]} | chosen(element, given)
            state.setdefault(block["block_id"], {})[element["action_id"]] = entry
        sent = self.wire.deliver("interactive", self.payloads.submission(view, state)).wait()
        if sent.acked:
            self._after(view, sent.response or {})
        return sent

    def _after(self, view: View, response: Json) -> None:
        action = response.get("response_action")
        if action == "errors":
            return
        if action in ("update", "push"):
            content = api_views.checked(response["view"], "modal")
            if action == "push":
                api_views.new_view(self._api, view.user_id, content)
            else:
                self.workspace.put_view(View(view.id, view.user_id, content, "", view.root_id))
            return
        self.workspace.close(view, all_of_them=action == "clear")

    def close(self, view: View, *, all_of_them: bool = False) -> Sent | None:
        """Closes the window by hand; the app hears of it only if it asked to."""
        self.workspace.close(view, all_of_them=all_of_them)
        if not view.content.get("notify_on_close"):
            return None
        payload = self.payloads.closing(view, cleared=all_of_them)
        return self.wire.deliver("interactive", payload).wait()

    def open_home(self, user_id: str, seconds: float = 5.0) -> View | None:
        """Opens the app's Home page; what is shown once the app has published, or after a while."""
        before = self.home(user_id)
        event: Json = {"user": user_id, "tab": "home"}
        event["channel"] = self.workspace.channel_of(user_id)
        if before is not None:
            event["view"] = before.json()
        self.event("app_home_opened", **event)
        self.workspace.until(lambda: self.home(user_id) is not before, seconds)
        return self.home(user_id)

    def command(self, user_id: str, text: str = "", name: str = "/bellwether") -> Sent:
        """Types a slash command; an answer in the acknowledgement is shown to the person."""
        payload = self.payloads.command(user_id, name, text)
        sent = self.wire.deliver("slash_commands", payload).wait()
        if sent.acked and sent.response:
            self._hooks.respond(user_id, payload["channel_id"], "", sent.response)
        return sent

    def event(self, kind: str, **event: Any) -> Sent:
        """Something happened; it is told again, up to three times, until the app takes it."""
        payload = self.payloads.event(kind, event)
        sent = self.wire.deliver("events_api", payload).wait(self.retry_seconds)
        for attempt in range(1, RETRIES + 1):
            if sent.acked_at is not None:
                break
            sent = self.wire.deliver("events_api", payload, attempt=attempt, reason="timeout")
            sent.wait(self.retry_seconds)
        return sent

    # What happens to people and groups

    def group(self, name: str, members: Sequence[str]) -> str:
        """A user group; its id."""
        group_id = self.workspace.number("S")
        self._api.groups[group_id] = {
            "id": group_id,
            "team_id": "T0BELLWETH",
            "is_usergroup": True,
            "name": name,
            "handle": name.lower().replace(" ", "-"),
            "date_delete": 0,
            "users": list(members),
            "user_count": len(members),
        }
        return group_id

    # What goes wrong with sockets

    def disconnect(self, reason: str) -> None:
        """Slack ends the sockets: warning, refresh_requested, link_disabled, too_many_websockets."""
        self.sockets.disconnect(reason)

    def withhold_pongs(self) -> None:
        """From now on no ping is answered."""
        self.sockets.answers_pings = False
