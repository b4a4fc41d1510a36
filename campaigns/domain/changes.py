"""What a new version changes in the one that runs, in short lines for whoever launches or approves
it: also what somebody else brought in meanwhile, and this file lacks.
"""

from collections.abc import Iterator

from campaigns.domain.definition import Definition
from campaigns.domain.texts import Model


def changes(before: Definition, after: Definition) -> list[str]:
    """A line for each part of the file that differs; entries of a list by their keys."""
    parts = ((before.initiative, after.initiative), (before.campaign, after.campaign))
    return [line for old, new in parts for line in _parts(old, new)]


def _parts(before: Model, after: Model) -> Iterator[str]:
    for name in type(after).model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name}: {_entries(_by_key(old), _by_key(new)) or 'changed'}"


def _by_key(value: object) -> dict[str, object]:
    """The entries that have a key, by it."""
    entries = value if isinstance(value, tuple) else ()
    return {one.key: one for one in entries if hasattr(one, "key")}


def _entries(old: dict[str, object], new: dict[str, object]) -> str:
    told = {
        "new": [key for key in new if key not in old],
        "gone": [key for key in old if key not in new],
        "changed": [key for key in new if key in old and new[key] != old[key]],
    }
    return "; ".join(f"{word} {', '.join(keys)}" for word, keys in told.items() if keys)
