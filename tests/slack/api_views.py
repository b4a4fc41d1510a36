"""The methods that open and change windows and Home pages."""

import json
from dataclasses import replace

from tests.slack import blockkit
from tests.slack.api import Api, decoded, method
from tests.slack.members import Json
from tests.slack.workspace import RefusedError, View

DEEP, LARGE = 3, 250_000


@method("views.open", 4, "", "trigger_id", "view")
def views_open(api: Api, args: Json) -> Json:
    """A window for whoever tapped, within three seconds of the tap."""
    content = _content(args, "modal")
    user_id = api.workspace.spend_trigger(str(args["trigger_id"]))
    api.workspace.stacks[user_id] = []
    return {"view": new_view(api, user_id, content).json()}


@method("views.push", 4, "", "trigger_id", "view")
def views_push(api: Api, args: Json) -> Json:
    """A window on top of the open one, three at most."""
    content = _content(args, "modal")
    user_id = api.workspace.spend_trigger(str(args["trigger_id"]))
    stack = api.workspace.stacks.get(user_id)
    if not stack:
        raise RefusedError("not_found")
    if len(stack) >= DEEP:
        raise RefusedError("push_limit_reached")
    return {"view": new_view(api, user_id, content).json()}


@method("views.update", 4, "", "view")
def views_update(api: Api, args: Json) -> Json:
    """The open window reads anew."""
    content = _content(args, "modal")
    view_id, external_id = str(args.get("view_id") or ""), str(args.get("external_id") or "")
    found = api.workspace.view(view_id, external_id)
    _check_hash(args, found)
    return {"view": api.workspace.put_view(replace(found, content=content)).json()}


@method("views.publish", 4, "", "user_id", "view")
def views_publish(api: Api, args: Json) -> Json:
    """The person's Home page."""
    content = _content(args, "home")
    user_id = str(args["user_id"])
    if api.workspace.directory.find(user_id) is None:
        raise RefusedError("user_not_found")
    found = api.workspace.homes.get(user_id)
    if found is None:
        return {"view": new_view(api, user_id, content).json()}
    _check_hash(args, found)
    return {"view": api.workspace.put_view(replace(found, content=content)).json()}


def new_view(api: Api, user_id: str, content: Json) -> View:
    """On top of the person's stack, or their first Home page."""
    stack = api.workspace.stacks.get(user_id, []) if content["type"] == "modal" else []
    view_id = api.workspace.number("V")
    root = stack[0].id if stack else view_id
    before = stack[-1].id if stack else None
    return api.workspace.put_view(View(view_id, user_id, content, "", root, before))


def checked(content: Json, kind: str) -> Json:
    """The view, found valid and with the ids that Slack gives it."""
    if not isinstance(content, dict) or content.get("type") != kind:
        raise RefusedError(
            "invalid_arguments", "[ERROR] wrong type of view [json-pointer:/view/type]"
        )
    if errors := blockkit.view_problems(content):
        raise RefusedError("invalid_arguments", *errors)
    if len(json.dumps(content, ensure_ascii=False).encode()) > LARGE:
        raise RefusedError("view_too_large")
    return content | {"blocks": blockkit.with_ids(content["blocks"])}


def _content(args: Json, kind: str) -> Json:
    return checked(decoded(args, "view"), kind)


def _check_hash(args: Json, found: View) -> None:
    given = args.get("hash")
    if given and given != found.hash:
        raise RefusedError("hash_conflict")
