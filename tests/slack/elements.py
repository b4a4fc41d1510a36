"""The elements of Block Kit: what each may carry, how much and how long."""

from collections.abc import Iterator
from typing import Any

from tests.slack.rules import (
    Rule,
    anything,
    both,
    flag,
    listed,
    one_of,
    plain,
    shape,
    string,
    text,
    typed,
    whole,
    wrong,
)

_ACTION = {"action_id": string(255)}
_CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
_OPTION = shape(
    {"text": plain(75), "value": string(150)}, {"description": plain(75), "url": string(3_000)}
)
_RICH_OPTION = shape({"text": text(75), "value": string(150)}, {"description": text(75)})
_GROUP = shape({"label": plain(75), "options": listed(_OPTION, 1, 100)}, {})
_FOCUS = {"focus_on_load": flag}
_PICKED = _ACTION | _FOCUS | {"placeholder": plain(150), "confirm": _CONFIRM}
_ONE_OF_MENU = {"options": listed(_OPTION, 1, 100), "option_groups": listed(_GROUP, 1, 100)}


def _has_one_menu(value: Any, place: str) -> Iterator[str]:
    if ("options" in value) == ("option_groups" in value):
        yield wrong("either options or option_groups, and not both", place)


def _starts_with_its_own(value: Any, place: str) -> Iterator[str]:
    """What is chosen at first has to be one of the options, word for word."""
    groups = [one.get("options", []) for one in value.get("option_groups", [])]
    there = [*value.get("options", []), *(one for group in groups for one in group)]
    first = value.get("initial_option")
    for one in [*([first] if first else []), *value.get("initial_options", [])]:
        if one not in there:
            yield wrong("the initial option is none of the options", place)


def _menu(**own: Rule) -> Rule:
    menu = shape({}, _PICKED | _ONE_OF_MENU | own)
    return both(menu, both(_has_one_menu, _starts_with_its_own))


def _ticks(**own: Rule) -> Rule:
    fields = _ACTION | _FOCUS | {"confirm": _CONFIRM} | own
    return both(shape({"options": listed(_RICH_OPTION, 1, 10)}, fields), _starts_with_its_own)


def _typed_in(**own: Rule) -> Rule:
    fields = _ACTION | _FOCUS | {"placeholder": plain(150), "dispatch_action_config": anything}
    return shape({}, fields | {"initial_value": string(3_000)} | own)


def _picker(**own: Rule) -> Rule:
    return shape({}, _PICKED | own)


def has_one_picture(value: Any, place: str) -> Iterator[str]:
    """A picture is at an address or a file of Slack's."""
    if ("image_url" in value) == ("slack_file" in value):
        yield wrong("either image_url or slack_file, and not both", place)


PICTURE = {"image_url": string(3_000), "slack_file": anything}
IMAGE = both(shape({"alt_text": string(2_000)}, PICTURE), has_one_picture)
BUTTON = shape(
    {"text": plain(75)},
    _ACTION
    | {"value": string(2_000, 0), "url": string(3_000), "style": one_of("primary", "danger")}
    | {"confirm": _CONFIRM, "accessibility_label": string(75)},
)
_OVERFLOW = shape({"options": listed(_OPTION, 1, 5)}, _ACTION | {"confirm": _CONFIRM})
_MOST = {"max_selected_items": whole(1, 100)}
_PEOPLE = listed(string(255), 0, 100)

_TAPPED = {
    "static_select": _menu(initial_option=_OPTION),
    "users_select": _picker(initial_user=string(255)),
    "conversations_select": _picker(initial_conversation=string(255), filter=anything),
    "channels_select": _picker(initial_channel=string(255)),
    "datepicker": _picker(initial_date=string(10)),
    "timepicker": _picker(initial_time=string(5), timezone=string(255)),
    "radio_buttons": _ticks(initial_option=_RICH_OPTION),
    "checkboxes": _ticks(initial_options=listed(_RICH_OPTION, 1, 10)),
}
_SEVERAL = {
    "multi_static_select": _menu(initial_options=listed(_OPTION, 0, 100), **_MOST),
    "multi_users_select": _picker(initial_users=_PEOPLE, **_MOST),
}
_MOMENT = {"datetimepicker": shape({}, _ACTION | _FOCUS | {"initial_date_time": anything})}
_LENGTHS = {"min_length": whole(0, 3_000), "max_length": whole(1, 3_000)}
_NUMBERS = {"min_value": string(20), "max_value": string(20)}
_TYPED = {
    "plain_text_input": _typed_in(multiline=flag, **_LENGTHS),
    "email_text_input": _typed_in(),
    "url_text_input": _typed_in(),
    "number_input": both(_typed_in(is_decimal_allowed=flag, **_NUMBERS), anything),
}
_PRESSED = {"button": BUTTON, "overflow": _OVERFLOW}

IN_ACTIONS = typed({**_PRESSED, **_TAPPED, **_MOMENT})
IN_SECTION = typed({**_PRESSED, **_TAPPED, **_SEVERAL, "image": IMAGE})
IN_INPUT = typed({**_TAPPED, **_SEVERAL, **_MOMENT, **_TYPED})
