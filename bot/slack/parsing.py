"""Slack's payloads as values, and nothing else: what a payload says is checked here, not believed.

Who pressed what is in the sealed token alone; beside it only Slack's own ids are taken. An error
names the kind of payload and the field that is wrong, never what stood in it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.tokens import TokenError, Tokens
from campaigns.domain.messages import Action, Event
from campaigns.errors import InputError

MAX_TEXT = 4000  # a modal's own limit is lower; this one holds for forged submissions
MAX_ID = 255
_ANSWERED_BY_CHOICE = frozenset({Action.ANSWER})


class MalformedError(InputError):
    """A payload that is not shaped as Slack says; `kind` and `field` are names of ours."""

    def __init__(self, kind: str, field: str) -> None:
        self.kind, self.field = kind, field
        super().__init__(f"A {kind} came without a usable {field}. It was left out.")


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a button or a choice of a menu. `tokens` are the places one may stand in."""

    key: str  # Slack's own id of this press
    user: str
    action: str  # the name in front of the action's number; it decides nothing but the way
    tokens: tuple[str, ...]
    chosen: str = ""
    response_url: str = ""
    trigger_id: str = ""
    in_home: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent; `response_url` belongs to the message that it was opened from."""

    key: str
    user: str
    token: str
    text: str
    choice: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; what was typed behind it is not looked at."""

    key: str
    user: str
    response_url: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that Slack tells on its own: its kind, and the event as it came."""

    key: str
    kind: str
    event: Mapping[str, Any]


def press(body: Mapping[str, Any]) -> Press | None:
    """The press in a `block_actions` payload; None for a link, which needs no answer.

    Raises MalformedError.
    """
    kind = "press"
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        raise MalformedError(kind, "action")
    action = actions[0]
    user = _id(body, kind, "user", "id")
    trigger = _optional(body, "trigger_id")
    key = trigger or f"{user}:{_id(action, kind, 'action_ts')}"
    if "url" in action:
        return None
    tokens = tuple(t for name in ("value", "block_id") if (t := _optional(action, name)))
    view = body.get("view")
    return Press(
        key=key[:MAX_ID],
        user=user,
        action=_optional(action, "action_id").rpartition("_")[0],
        tokens=tokens,
        chosen=_chosen(action),
        response_url=_optional(body, "response_url", limit=2000),
        trigger_id=trigger,
        in_home=isinstance(view, Mapping) and view.get("type") == "home",
    )


def opened(found: Press | Submission, tokens: Tokens) -> Event:
    """What it means, as the sealed token says. Raises TokenError for forged and expired ones."""
    if isinstance(found, Submission):
        event = tokens.open(found.token)
        return replace(event, text=found.text, choice=found.choice)
    refusal = TokenError("forged")
    for one in found.tokens:
        try:
            return _with_choice(tokens.open(one), found.chosen)
        except TokenError as error:
            refusal = error if error.kind == "expired" else refusal
    raise refusal


def _with_choice(event: Event, chosen: str) -> Event:
    """The choice is the answer where the menu's own tap has none, else the text of the tap."""
    if not chosen:
        return event
    if event.tap.action in _ANSWERED_BY_CHOICE and not event.tap.value:
        return replace(event, tap=replace(event.tap, value=chosen))
    return replace(event, text=chosen)


def _chosen(action: Mapping[str, Any]) -> str:
    option = action.get("selected_option")
    if isinstance(option, Mapping):
        return _optional(option, "value")
    return _optional(action, "selected_user")


def submission(body: Mapping[str, Any]) -> Submission:
    """The form in a `view_submission` payload. Raises MalformedError."""
    kind = "form"
    view = body.get("view")
    if not isinstance(view, Mapping):
        raise MalformedError(kind, "view")
    try:
        carried = json.loads(view.get("private_metadata") or "{}")
        values = view["state"]["values"]
        fields = [field for block in values.values() for field in block.values()]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise MalformedError(kind, "state") from None
    if not isinstance(carried, Mapping) or not all(isinstance(one, Mapping) for one in fields):
        raise MalformedError(kind, "state")
    texts = (one.get("value") for one in fields if one.get("type") == "plain_text_input")
    typed = next((one for one in texts if isinstance(one, str)), "")
    return Submission(
        key=f"{_id(view, kind, 'id')}:{_optional(view, 'hash')}"[:MAX_ID],
        user=_id(body, kind, "user", "id"),
        token=_optional(carried, "token"),
        text=typed[:MAX_TEXT].replace("\x00", ""),
        choice=next((chosen for one in fields if (chosen := _chosen(one))), ""),
        response_url=_optional(carried, "url", limit=2000),
    )


def command(body: Mapping[str, Any]) -> Command:
    """The slash command in a form-encoded payload. Raises MalformedError."""
    user, trigger = _id(body, "command", "user_id"), _id(body, "command", "trigger_id")
    return Command(trigger, user, _optional(body, "response_url", limit=2000))


def happening(body: Mapping[str, Any]) -> Happening:
    """The event in an `event_callback` payload. Raises MalformedError."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        raise MalformedError("event", "event")
    kind = _id(event, "event", "type")
    return Happening(_id(body, "event", "event_id"), kind[:100], event)


def home_opened(event: Mapping[str, Any]) -> Mapping[str, str]:
    """Who looks at the Home page, and the hash of what they see. Raises MalformedError."""
    view = event.get("view")
    seen = _optional(view, "hash") if isinstance(view, Mapping) else ""
    tab = _optional(event, "tab") or "home"
    return {"user": _id(event, "event", "user"), "tab": tab, "hash": seen}


def _id(values: Mapping[str, Any], kind: str, *path: str) -> str:
    """The id at the end of the path: printable ASCII, 1 to 255 characters."""
    found: Any = values
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    is_id = isinstance(found, str) and 0 < len(found) <= MAX_ID
    if not (is_id and found.isascii() and found.isprintable()):
        raise MalformedError(kind, path[-1])
    return str(found)


def _optional(values: Mapping[str, Any], name: str, limit: int = MAX_ID) -> str:
    """The field where it is a sound string, else ""."""
    found = values.get(name)
    sound = isinstance(found, str) and len(found) <= limit and found.isprintable()
    return str(found) if sound else ""
