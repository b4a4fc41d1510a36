"""What Slack sends when a person does something."""

import secrets
from collections.abc import Iterator
from typing import Any

from tests.slack.members import APP, TEAM, Json
from tests.slack.workspace import Message, View, Workspace

DOMAIN = "bellwether-test"


class Payloads:
    """Makes them, each with a fresh trigger and response address."""

    def __init__(self, workspace: Workspace, hooks: str) -> None:
        self._workspace, self._hooks = workspace, hooks

    def tap(self, user_id: str, where: Message | View, action: Json) -> Json:
        """A tap on an element of a message, a window or a Home page."""
        body = self._head("block_actions", user_id)
        body["actions"] = [action | {"action_ts": self._workspace.clock.timestamp()}]
        if isinstance(where, View):
            container: Json = {"type": "view", "view_id": where.id}
            return body | {"container": container, "view": where.json()}
        container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel}
        container["is_ephemeral"] = where.only_for is not None
        hook = self._workspace.new_hook(user_id, where.channel, where.ts)
        return body | {
            "container": container,
            "channel": {"id": where.channel, "name": "directmessage"},
            "message": where.json(),
            "state": {"values": {}},
            "response_url": self._hooks + hook,
        }

    def submission(self, view: View, state: Json) -> Json:
        """A window sent off, with what was typed into it."""
        body = self._head("view_submission", view.user_id)
        return body | {"view": view.json() | {"state": {"values": state}}, "response_urls": []}

    def closing(self, view: View, *, cleared: bool) -> Json:
        """A window closed by hand."""
        body = self._head("view_closed", view.user_id)
        del body["trigger_id"]
        return body | {"view": view.json(), "is_cleared": cleared}

    def command(self, user_id: str, name: str, text: str) -> Json:
        """A slash command; all values are strings."""
        channel = self._workspace.channel_of(user_id)
        return {
            "token": "verification",
            "team_id": TEAM,
            "team_domain": DOMAIN,
            "channel_id": channel,
            "channel_name": "directmessage",
            "user_id": user_id,
            "user_name": user_id.lower(),
            "command": name,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._hooks + self._workspace.new_hook(user_id, channel),
            "trigger_id": self._workspace.new_trigger(user_id),
        }

    def event(self, kind: str, event: Json) -> Json:
        """An event with an id of its own."""
        now = self._workspace.clock.timestamp()
        authorization = {"enterprise_id": None, "team_id": TEAM, "user_id": "U0BELLBOT"}
        return {
            "token": "verification",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": {"type": kind} | event | {"event_ts": now},
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(6).upper(),
            "event_time": int(self._workspace.clock()),
            "authorizations": [authorization | {"is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
        }

    def _head(self, kind: str, user_id: str) -> Json:
        name = user_id.lower()
        return {
            "type": kind,
            "user": {"id": user_id, "username": name, "name": name, "team_id": TEAM},
            "api_app_id": APP,
            "token": "verification",
            "team": {"id": TEAM, "domain": DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._workspace.new_trigger(user_id),
        }


def elements(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Everything that can be tapped or filled in, with the id of its block."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for one in inside:
            if isinstance(one, dict) and "action_id" in one:
                yield block["block_id"], one


def find(blocks: list[Json], action_id: str, block_id: str = "") -> tuple[str, Json]:
    """The element with that id or that label; AssertionError says which ones there are.

    Ids of elements are good for one block, so on a long page `block_id` says which."""
    there = [one for one in elements(blocks) if block_id in ("", one[0])]
    for block_id, one in there:
        if action_id in (one["action_id"], one.get("text", {}).get("text")):
            return block_id, one
    known = [one["action_id"] for _, one in there]
    raise AssertionError(f"No element {action_id!r} is shown; there are {known}.")


def chosen(element: Json, choice: Any) -> Json:
    """What the payload says of an element that was set to `choice`."""
    kind = element["type"]
    if kind in ("static_select", "radio_buttons", "overflow"):
        return {"selected_option": _option(element, choice)}
    if kind in ("checkboxes", "multi_static_select"):
        return {"selected_options": [_option(element, one) for one in choice]}
    if kind == "button":
        return {"value": element["value"]} if "value" in element else {}
    name = {"users_select": "selected_user", "multi_users_select": "selected_users"}.get(kind)
    name = name or {"datepicker": "selected_date", "timepicker": "selected_time"}.get(kind)
    return {name or "value": choice}


def _option(element: Json, choice: Any) -> Json | None:
    if choice is None:
        return None
    groups = [group["options"] for group in element.get("option_groups", [])]
    options: list[Json] = element.get("options") or [one for group in groups for one in group]
    for one in options:
        if choice in (one["value"], one["text"]["text"]):
            return one
    known = [one["text"]["text"] for one in options]
    raise AssertionError(f"There is no option {choice!r}; there are {known}.")
