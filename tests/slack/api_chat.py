"""The methods that read and write messages."""

import json
from dataclasses import replace

from tests.slack.api import Api, checked_blocks, decoded, method, truth
from tests.slack.members import BOT_USER, Json
from tests.slack.workspace import Message, RefusedError

TEXT, UPDATED_TEXT, ALL_BLOCKS, METADATA = 40_000, 4_000, 13_200, 8_000


@method("chat.postMessage", 4, "chat:write", "channel")
def post_message(api: Api, args: Json) -> Json:
    """A new message; a person's id opens the direct channel."""
    text, blocks = str(args.get("text") or ""), checked_blocks(args, "message")
    if not text and not blocks:
        raise RefusedError("no_text")
    check_size(blocks)
    metadata = _metadata(args)
    channel = api.workspace.channel(str(args["channel"]), by_user=True)
    _check_reachable(api, channel)
    ts = api.workspace.clock.timestamp()
    message = Message(channel, ts, text[:TEXT], blocks, metadata)
    api.workspace.put(message)
    result = {"channel": channel, "ts": ts, "message": message.json(metadata=True)}
    if len(text) > TEXT:
        result |= {"warning": "message_truncated"}
        result["response_metadata"] = {"warnings": ["message_truncated"]}
    return result


@method("chat.update", 3, "chat:write", "channel", "ts")
def update(api: Api, args: Json) -> Json:
    """The message reads anew. Text without blocks takes the blocks away; metadata stays."""
    text, blocks = str(args.get("text") or ""), checked_blocks(args, "message")
    if len(text) > UPDATED_TEXT:
        raise RefusedError("msg_too_long")
    if not text and not blocks:
        raise RefusedError("no_text")
    check_size(blocks)
    found = _own(api, args, "cant_update_message")
    metadata = _metadata(args) or found.metadata
    edited = replace(found, text=text, blocks=blocks, metadata=metadata, edited=not blocks)
    api.workspace.put(edited)
    body = {"channel": found.channel, "ts": found.ts, "text": text}
    return body | {"message": edited.json(metadata=True)}


@method("chat.delete", 3, "chat:write", "channel", "ts")
def delete(api: Api, args: Json) -> Json:
    """The message is gone."""
    found = _own(api, args, "cant_delete_message")
    api.workspace.remove(found.channel, found.ts)
    return {"channel": found.channel, "ts": found.ts}


@method("conversations.open", 3, "im:write", "users")
def conversations_open(api: Api, args: Json) -> Json:
    """The direct channel with one person."""
    people = str(args["users"]).split(",")
    if len(people) > 1:
        raise RefusedError("missing_scope", needed="mpim:write", provided="im:write")
    member = api.workspace.directory.find(people[0])
    if member is None:
        raise RefusedError("user_not_found")
    if member.refusal and member.refusal != "messages_tab_disabled":
        raise RefusedError(member.refusal)
    known = api.workspace.channel_of(member.id) in api.workspace.channels
    channel = {"id": api.workspace.channel_of(member.id)}
    api.workspace.channels.setdefault(channel["id"], {})
    return {"channel": channel} | ({"no_op": True, "already_open": True} if known else {})


@method("conversations.history", 3, "im:history", "channel")
def history(api: Api, args: Json) -> Json:
    """Messages of a channel, newest first, in pages."""
    channel = api.workspace.channel(str(args["channel"]), by_user=False)
    every = truth(args, "include_all_metadata")
    before = float(args.get("cursor") or args.get("latest") or "inf")
    after, inclusive = float(args.get("oldest") or 0), truth(args, "inclusive")
    stored = sorted(api.workspace.channels[channel].values(), key=lambda one: float(one.ts))
    shown = [one for one in reversed(stored) if one.only_for is None]
    found = [
        one
        for one in shown
        if after < float(one.ts) < before or (inclusive and float(one.ts) in (after, before))
    ]
    size = min(int(args.get("limit") or 100), 999)
    page = [one.json(metadata=every) for one in found[:size]]
    more = len(found) > size
    cursor = {"response_metadata": {"next_cursor": page[-1]["ts"]}} if more else {}
    return {"messages": page, "has_more": more, "pin_count": 0} | cursor


def _own(api: Api, args: Json, refusal: str) -> Message:
    channel = api.workspace.channel(str(args["channel"]), by_user=False)
    found = api.workspace.channels[channel].get(str(args["ts"]))
    if found is None or found.only_for:
        raise RefusedError("message_not_found")
    if found.user != BOT_USER:
        raise RefusedError(refusal)
    return found


def _check_reachable(api: Api, channel: str) -> None:
    member = api.workspace.directory.find(api.workspace.person_in(channel))
    if member is not None and member.refusal:
        raise RefusedError(member.refusal)


def check_size(blocks: list[Json]) -> None:
    """Nowhere documented, but seen."""
    if len(json.dumps(blocks, ensure_ascii=False)) > ALL_BLOCKS:
        raise RefusedError("msg_blocks_too_long")


def _metadata(args: Json) -> Json | None:
    metadata: Json | None = decoded(args, "metadata")
    if metadata is None:
        return None
    well = isinstance(metadata, dict) and set(metadata) == {"event_type", "event_payload"}
    if not well or not isinstance(metadata["event_payload"], dict):
        raise RefusedError("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA:
        raise RefusedError("metadata_too_large")
    return metadata
