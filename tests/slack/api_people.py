"""The methods about people and groups."""

import base64

from tests.slack.api import Api, method, truth
from tests.slack.members import Json
from tests.slack.workspace import RefusedError

PAGE, WITHOUT_PAGES, ASLEEP_AT_ONCE = 999, 1_000, 50


@method("users.list", 2, "users:read")
def users_list(api: Api, args: Json) -> Json:
    """One page of everybody: invited, deactivated, guests and bots too."""
    directory = api.workspace.directory
    size = min(int(args.get("limit") or 0), PAGE)
    if not size and len(directory) > WITHOUT_PAGES:
        raise RefusedError("limit_required")
    start = _start(str(args.get("cursor") or ""))
    size = size or WITHOUT_PAGES
    email, locale = "users:read.email" in api.scopes, truth(args, "include_locale")
    members = [one.json(email=email, locale=locale) for one in directory.page(start, size)]
    end = start + size
    cursor = base64.b64encode(f"user:{end}".encode()).decode() if end < len(directory) else ""
    now = int(api.workspace.clock())
    return {"members": members, "cache_ts": now, "response_metadata": {"next_cursor": cursor}}


@method("users.info", 4, "users:read", "user")
def users_info(api: Api, args: Json) -> Json:
    """One account."""
    found = api.workspace.directory.find(str(args["user"]))
    if found is None:
        raise RefusedError("user_not_found")
    email, locale = "users:read.email" in api.scopes, truth(args, "include_locale")
    return {"user": found.json(email=email, locale=locale)}


@method("users.lookupByEmail", 3, "users:read.email", "email")
def users_lookup(api: Api, args: Json) -> Json:
    """The account with that address."""
    found = api.workspace.directory.find_email(str(args["email"]))
    if found is None:
        raise RefusedError("users_not_found")
    return {"user": found.json(email=True, locale=False)}


@method("usergroups.list", 2, "usergroups:read")
def usergroups_list(api: Api, args: Json) -> Json:
    """The groups, and who is in them where asked; disabled ones only where asked."""
    every, people = truth(args, "include_disabled"), truth(args, "include_users")
    groups = [one for one in api.groups.values() if every or not one["date_delete"]]
    return {"usergroups": [_group(one, with_people=people) for one in groups]}


@method("usergroups.users.list", 2, "usergroups:read", "usergroup")
def usergroups_users_list(api: Api, args: Json) -> Json:
    """Who is in a group."""
    found = api.groups.get(str(args["usergroup"]))
    if found is None:
        raise RefusedError("no_such_subteam")
    return {"users": list(found["users"])}


@method("dnd.teamInfo", 2, "dnd:read", "users")
def dnd_team_info(api: Api, args: Json) -> Json:
    """When up to fifty people don't want to be disturbed, by their schedules, also one that is over
    or to come; strangers are left out."""
    people = str(args["users"]).split(",")
    if len(people) > ASLEEP_AT_ONCE:
        raise RefusedError("too_many_users")
    known = [one for one in people if api.workspace.directory.find(one)]
    return {"users": {one: _schedule(api.workspace.schedules.get(one)) for one in known}}


def _schedule(times: tuple[int, int] | None) -> Json:
    start, end = times or (1, 1)
    is_on = times is not None
    return {"dnd_enabled": is_on, "next_dnd_start_ts": start, "next_dnd_end_ts": end}


def _start(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("user:") or 0)
    except ValueError:
        raise RefusedError("invalid_cursor") from None


def _group(group: Json, *, with_people: bool) -> Json:
    return {key: value for key, value in group.items() if with_people or key != "users"}
