"""Response addresses: five uses in thirty minutes, to replace, delete or add a message."""

import json
from dataclasses import replace

from tests.slack.api import Answer, checked_blocks, decoded, truth
from tests.slack.api_chat import check_size
from tests.slack.members import Json
from tests.slack.workspace import Message, RefusedError, Workspace


class Hooks:
    """Carries out what was sent to a response address.

    Whether a replaced message keeps its metadata is not documented; here it doesn't."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.uses: list[tuple[str, Json]] = []

    def answer(self, hook: str, args: Json) -> Answer:
        """`ok`, or a 404 or 400 with the reason."""
        try:
            with self._workspace.lock:
                user_id, channel, ts = self._workspace.spend_hook(hook)
                self.uses.append((user_id, args))
                self.respond(user_id, channel, ts, args)
        except RefusedError as refusal:
            gone = refusal.error in ("no_active_hooks", "expired_url", "used_url")
            body = json.dumps({"ok": False, "error": refusal.error}).encode()
            return Answer(body, 404 if gone else 400)
        return Answer(b"ok", headers={"Content-Type": "text/plain"})

    def respond(self, user_id: str, channel: str, ts: str, args: Json) -> None:
        """The message is replaced, deleted, or a new one is there for that person alone."""
        workspace = self._workspace
        old = workspace.channels.get(channel, {}).get(ts)
        if truth(args, "delete_original"):
            if old is not None:
                workspace.remove(channel, ts)
            return
        text, blocks = str(args.get("text") or ""), checked_blocks(args, "message")
        check_size(blocks)
        if not text and not blocks:
            raise RefusedError("no_text")
        metadata = decoded(args, "metadata")
        if truth(args, "replace_original"):
            if old is not None:
                workspace.put(replace(old, text=text, blocks=blocks, metadata=metadata))
            return
        only_for = None if args.get("response_type") == "in_channel" else user_id
        fresh = Message(channel, workspace.clock.timestamp(), text, blocks, metadata)
        workspace.put(replace(fresh, only_for=only_for))
