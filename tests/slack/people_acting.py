"""What people in the workspace do: tap, pick, type, open, leave."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.slack import api_views
from tests.slack.api import Api
from tests.slack.hooks import Hooks
from tests.slack.members import TEAM, Json, Member
from tests.slack.payloads import Payloads, chosen, find
from tests.slack.sending import Sent, Wire
from tests.slack.workspace import Message, View, Workspace

RETRIES = 3


class PeopleActing:
    """Everything is told to the app over `wire`, as Slack would tell it."""

    workspace: Workspace
    payloads: Payloads
    wire: Wire
    retry_seconds = 3.0
    _api: Api
    _hooks: Hooks

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
        block_id: str = "",
        wait: bool = True,
    ) -> Sent:
        """Picks an option, by value or by what it says, a person by id, or a date."""
        seen = self._seen(user_id, where)
        blocks = seen.blocks if isinstance(seen, Message) else seen.content["blocks"]
        block_id, element = find(blocks, action_id, block_id)
        kept = {key: element[key] for key in ("type", "action_id", "text") if key in element}
        action = kept | {"block_id": block_id} | chosen(element, choice)
        sent = self.wire.deliver("interactive", self.payloads.tap(user_id, seen, action))
        return sent.wait() if wait else sent

    def do_not_disturb(self, user_id: str, start: float, end: float) -> None:
        """Has do-not-disturb on between these times, in seconds since 1970."""
        self.workspace.schedules[user_id] = (int(start), int(end))

    def _seen(self, user_id: str, where: str | Message | View) -> Message | View:
        if not isinstance(where, str):
            return where
        channel = self.workspace.channels.get(self.workspace.channel_of(user_id), {})
        if where not in channel:
            raise AssertionError(f"{user_id} has no message {where}.")
        return channel[where]

    def submit(self, view: View, values: Mapping[str, Any]) -> Sent:
        """Fills in the window by action id and sends it off; what the app answers happens."""
        state: dict[str, Json] = {}
        for block in view.content["blocks"]:
            if block["type"] == "input":
                element = block["element"]
                given = _typed(block, values.get(element["action_id"]))
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
        if action == "push":
            api_views.new_view(
                self._api, view.user_id, api_views.checked(response["view"], "modal")
            )
        elif action == "update":
            content = api_views.checked(response["view"], "modal")
            self.workspace.put_view(View(view.id, view.user_id, content, "", view.root_id))
        else:
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
        before = self.workspace.homes.get(user_id)
        event: Json = {"user": user_id, "tab": "home"}
        event["channel"] = self.workspace.channel_of(user_id)
        if before is not None:
            event["view"] = before.json()
        self.event("app_home_opened", **event)
        self.workspace.until(lambda: self.workspace.homes.get(user_id) is not before, seconds)
        return self.workspace.homes.get(user_id)

    def command(self, user_id: str, text: str = "", name: str = "/bellwether") -> Sent:
        """Types a slash command; an answer in the acknowledgement is shown to the person."""
        payload = self.payloads.command(user_id, name, text)
        sent = self.wire.deliver("slash_commands", payload).wait()
        if sent.acked and sent.response:
            self._hooks.respond(user_id, payload["channel_id"], "", sent.response)
        return sent

    def say(self, user_id: str, text: str) -> Sent:
        """Writes to the app in the chat itself, where nothing is confidential."""
        channel, ts = self.workspace.channel_of(user_id), self.workspace.clock.timestamp()
        self.workspace.put(Message(channel, ts, text, user=user_id))
        event = {"channel": channel, "user": user_id, "text": text, "ts": ts, "team": TEAM}
        return self.event("message", channel_type="im", **event)

    # What changes among people

    def join(self, member: Member) -> Sent:
        """Somebody new is in the workspace."""
        self.workspace.directory.join(member)
        return self.event("team_join", user=member.json(email=self._shows_email, locale=True))

    def change(self, user_id: str, **changes: Any) -> Sent:
        """The person's account changes: `name="…"`, `deleted=True`."""
        member = self.workspace.directory.change(user_id, **changes)
        return self.event("user_change", user=member.json(email=self._shows_email, locale=True))

    @property
    def _shows_email(self) -> bool:
        return "users:read.email" in self._api.scopes

    def group(self, name: str, members: Sequence[str], *, disabled: bool = False) -> str:
        """There is a user group from now on; its id."""
        group_id = self.workspace.number("S")
        group: Json = {"id": group_id, "team_id": TEAM, "is_usergroup": True, "name": name}
        group |= {"handle": name.lower().replace(" ", "-"), "date_delete": int(disabled)}
        self._api.groups[group_id] = group | {"users": list(members), "user_count": len(members)}
        return group_id

    # How the app hears of it

    def event(self, kind: str, **event: Any) -> Sent:
        """Something happened; it is told again, up to three times, until the app takes it.

        The minutes that Slack waits between two times are left out."""
        payload = self.payloads.event(kind, event)
        return self._until_taken(lambda **more: self.wire.deliver("events_api", payload, **more))

    def _until_taken(self, tell: Callable[..., Sent]) -> Sent:
        sent = tell().wait(self.retry_seconds)
        for attempt in range(1, RETRIES + 1):
            if sent.acked_at is not None or sent.no_retry:
                break
            sent = tell(attempt=attempt, reason=sent.error or "timeout").wait(self.retry_seconds)
        return sent


def _typed(block: Json, given: Any) -> Any:
    """What the window lets through; AssertionError for what it would not let the person send."""
    element = block["element"]
    name = element["action_id"]
    if given in (None, "", []):
        if not block.get("optional"):
            raise AssertionError(f"{name} has to be filled in.")
        return None
    if isinstance(given, str) and element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3_000)
        if not least <= len(given) <= most:
            raise AssertionError(f"{name} takes {least} to {most} characters.")
    return given
