"""Small rules that the shapes of Block Kit are put together from.

A rule takes a value and its place, and says what is wrong in the words that Slack uses.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]


def wrong(message: str, place: str) -> str:
    """A line as Slack puts it into `response_metadata.messages`."""
    return f"[ERROR] {message} [json-pointer:{place}]"


def string(most: int, least: int = 1) -> Rule:
    """A string of that length."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield wrong("must be a string", place)
        elif len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", place)
        elif len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", place)

    return check


def flag(value: Any, place: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield wrong("must be a boolean", place)


def whole(least: int, most: int) -> Rule:
    """A whole number in that range."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield wrong(f"must be a number from {least} to {most}", place)

    return check


def one_of(*values: str) -> Rule:
    """One of these words."""

    def check(value: Any, place: str) -> Iterator[str]:
        if value not in values:
            yield wrong(f"must be one of {', '.join(values)}", place)

    return check


def anything(_: Any, __: str) -> Iterator[str]:
    """Whatever it is."""
    return iter(())


def listed(rule: Rule, least: int, most: int) -> Rule:
    """So many of these."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong("must be an array", place)
            return
        if len(value) > most:
            yield wrong(f"no more than {most} items allowed", place)
        if len(value) < least:
            yield wrong(f"no less than {least} items allowed", place)
        for number, one in enumerate(value):
            yield from rule(one, f"{place}/{number}")

    return check


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Rule:
    """An object with these properties and no others."""
    known = {**required, **optional}

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must be an object", place)
            return
        for name in required:
            if value.get(name) is None:
                yield wrong(f"missing required field: {name}", place)
        for name, one in value.items():
            if name not in known and name != "type":
                yield wrong(f"invalid additional property: {name}", place)
            elif name in known and (one is not None or name in optional):
                yield from known[name](one, f"{place}/{name}")

    return check


def typed(shapes: Mapping[str, Rule]) -> Rule:
    """An object whose `type` is one of these, and which is as that type asks."""

    def check(value: Any, place: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        rule = shapes.get(kind) if isinstance(kind, str) else None
        if rule is None:
            yield wrong(f"unsupported type: {kind}", f"{place}/type")
        else:
            yield from rule(value, place)

    return check


def both(first: Rule, second: Rule) -> Rule:
    """As the one asks; if so, as the other asks too."""

    def check(value: Any, place: str) -> Iterator[str]:
        found = list(first(value, place))
        yield from found or second(value, place)

    return check


def plain(most: int) -> Rule:
    """A plain_text object of that length."""
    return typed({"plain_text": shape({"text": string(most)}, {"emoji": flag})})


def text(most: int) -> Rule:
    """A plain_text or mrkdwn object of that length."""
    plain_text = shape({"text": string(most)}, {"emoji": flag})
    mrkdwn = shape({"text": string(most)}, {"verbatim": flag})
    return typed({"plain_text": plain_text, "mrkdwn": mrkdwn})
