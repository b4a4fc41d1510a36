"""What the workspace remembers: messages, windows, Home pages, triggers and response addresses."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from time import monotonic

from tests.slack.clock import Clock
from tests.slack.members import APP, BOT, BOT_USER, TEAM, Directory, Json

TRIGGER_SECONDS = 3
RESPONSE_SECONDS, RESPONSE_USES = 30 * 60, 5


class RefusedError(Exception):
    """The request is answered `ok: false` with this error."""

    def __init__(self, error: str, *messages: str, **more: object) -> None:
        super().__init__(error)
        self.error, self.messages, self.more = error, list(messages), more


@dataclass(frozen=True)
class Message:
    """A message as it reads now; an edit makes a new one. Only `only_for` sees an ephemeral one."""

    channel: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    user: str = BOT_USER
    edited: bool = False
    only_for: str | None = None

    def json(self, *, metadata: bool = False) -> Json:
        """As the Web API and the payloads of taps show it."""
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        shown["team"] = TEAM
        if self.user == BOT_USER:
            shown |= {"bot_id": BOT, "app_id": APP}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.edited:
            shown["edited"] = {"user": self.user, "ts": self.ts}
        if self.metadata is not None:
            kind = {"event_type": self.metadata["event_type"]}
            shown["metadata"] = self.metadata if metadata else kind
        return shown


@dataclass(frozen=True)
class View:
    """A window or a Home page as it stands now; an update makes a new one."""

    id: str
    user_id: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None

    def json(self) -> Json:
        """As the Web API and the payloads show it."""
        own = {"id": self.id, "team_id": TEAM, "hash": self.hash, "root_view_id": self.root_id}
        own |= {"previous_view_id": self.previous_id or "", "app_id": APP, "bot_id": BOT}
        rest: Json = {"state": {"values": {}}, "private_metadata": "", "callback_id": ""}
        rest |= {"notify_on_close": False, "clear_on_close": False, "external_id": ""}
        rest |= {"app_installed_team_id": TEAM}
        return rest | self.content | own


@dataclass
class _Ticket:
    user_id: str
    expires_at: float
    uses: int
    channel: str = ""
    ts: str = ""


class Workspace:
    """Everything that outlives a request. Hold `lock` to read or change more than one thing."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        self.directory, self.clock = directory, clock
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.channels: dict[str, dict[str, Message]] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.schedules: dict[str, tuple[int, int]] = {}
        self._triggers: dict[str, _Ticket] = {}
        self._hooks: dict[str, _Ticket] = {}
        self._numbers = count(1)

    def until(self, true: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Waits for it to become true; whether it did."""
        ends_at = monotonic() + seconds
        with self.changed:
            while not true():
                left = ends_at - monotonic()
                if left <= 0:
                    return False
                self.changed.wait(left)
        return True

    def notice(self) -> None:
        """Something happened that somebody may be waiting for."""
        with self.changed:
            self.changed.notify_all()

    def number(self, prefix: str) -> str:
        """An id that nothing else has."""
        return f"{prefix}{next(self._numbers):08d}"

    # Messages

    @staticmethod
    def channel_of(user_id: str) -> str:
        """The direct channel between the app and that person."""
        return "D" + user_id[1:]

    def channel(self, name: str, *, by_user: bool) -> str:
        """The D… id of an open channel; with `by_user` a person's id opens theirs."""
        if by_user and name[:1] in ("U", "W"):
            member = self.directory.find(name)
            if member is None:
                raise RefusedError("channel_not_found")
            if member.refusal:
                raise RefusedError(member.refusal)
            name = self.channel_of(name)
            self.channels.setdefault(name, {})
        if name not in self.channels:
            raise RefusedError("channel_not_found")
        return name

    def person_in(self, channel: str) -> str:
        """Whose direct channel it is."""
        for first in ("U", "W"):
            if self.directory.find(first + channel[1:]):
                return first + channel[1:]
        raise RefusedError("channel_not_found")

    def put(self, message: Message) -> None:
        """The message is there, or reads so from now on."""
        with self.changed:
            self.channels.setdefault(message.channel, {})[message.ts] = message
            self.changed.notify_all()

    def remove(self, channel: str, ts: str) -> None:
        """The message is gone."""
        with self.changed:
            del self.channels[channel][ts]
            self.changed.notify_all()

    # Windows

    def put_view(self, view: View) -> View:
        """The view with a hash of its own, in place of the one with its id."""
        fresh = replace(view, hash=f"{self.clock.timestamp()}.{secrets.token_hex(4)}")
        with self.changed:
            if view.content["type"] == "home":
                self.homes[view.user_id] = fresh
            else:
                stack = self.stacks.setdefault(view.user_id, [])
                self.stacks[view.user_id] = [fresh if v.id == view.id else v for v in stack]
                if not any(one.id == view.id for one in stack):
                    self.stacks[view.user_id].append(fresh)
            self.changed.notify_all()
        return fresh

    def view(self, view_id: str = "", external_id: str = "") -> View:
        """The open window or Home page with that id, or with that external id."""
        every = [view for stack in self.stacks.values() for view in stack]
        for view in [*every, *self.homes.values()]:
            if view_id and view.id == view_id:
                return view
            if external_id and view.content.get("external_id") == external_id:
                return view
        raise RefusedError("not_found")

    def close(self, view: View, *, all_of_them: bool = False) -> None:
        """The window is gone, or the whole stack it belongs to."""
        with self.changed:
            stack = [] if all_of_them else self.stacks.get(view.user_id, [])
            self.stacks[view.user_id] = [one for one in stack if one.id != view.id]
            self.changed.notify_all()

    # What a tap brings along

    def new_trigger(self, user_id: str) -> str:
        """Good for one window within three seconds."""
        trigger = f"{self.number('')}.{secrets.token_hex(8)}"
        self._triggers[trigger] = _Ticket(user_id, self.clock() + TRIGGER_SECONDS, 1)
        return trigger

    def spend_trigger(self, trigger: str) -> str:
        """Whose tap it was; it can't be spent again."""
        with self.lock:
            ticket = self._triggers.get(trigger)
            if ticket is None:
                raise RefusedError("invalid_trigger_id")
            if self.clock() > ticket.expires_at:
                raise RefusedError("trigger_expired")
            if not ticket.uses:
                raise RefusedError("trigger_exchanged")
            ticket.uses -= 1
            return ticket.user_id

    def new_hook(self, user_id: str, channel: str, ts: str = "") -> str:
        """The last part of a response address: five uses in thirty minutes."""
        hook = secrets.token_hex(12)
        expires_at = self.clock() + RESPONSE_SECONDS
        self._hooks[hook] = _Ticket(user_id, expires_at, RESPONSE_USES, channel, ts)
        return hook

    def spend_hook(self, hook: str) -> tuple[str, str, str]:
        """Person, channel and message it belongs to; one use less."""
        with self.lock:
            ticket = self._hooks.get(hook)
            if ticket is None:
                raise RefusedError("no_active_hooks")
            if self.clock() > ticket.expires_at:
                raise RefusedError("expired_url")
            if not ticket.uses:
                raise RefusedError("used_url")
            ticket.uses -= 1
            return ticket.user_id, ticket.channel, ticket.ts
