"""Whether a new version of a running campaign would lose or repeat what the one before began.

What has begun is known by its key. Under another key it would begin once more, for everybody.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from campaigns.domain.definition import Definition, FollowUp, Pulse, Reminder, Rule, Vision
from campaigns.domain.remarks import Remark, error

_Planned = Vision | Pulse
_Touchpoint = _Planned | Reminder | FollowUp


@dataclass(frozen=True, slots=True)
class Underway:
    """A running campaign as it was launched last, and the keys of the touchpoints that began."""

    definition: Definition
    begun: Collection[str]


def edit_remarks(definition: Definition, underway: Underway | None) -> Iterator[Remark]:
    """What began under one key and would begin again under another, or end as something else."""
    if underway is None:
        return
    before = underway.definition.campaign
    planned = (one for one in before.touchpoints if isinstance(one, _Planned))
    begun = [one for one in planned if one.key in underway.begun]
    kept = {one.key: one for one in definition.campaign.touchpoints}
    known = {one.key for one in before.touchpoints}
    for index, touchpoint in enumerate(definition.campaign.touchpoints):
        path = ("campaign", "touchpoints", index, "key")
        for old in begun:
            if touchpoint.key == old.key and touchpoint.kind != old.kind:
                yield error(path, f'"{old.key}" began as a {old.kind}: give this another key')
            if touchpoint.key not in known and old.key not in kept and _is_same(old, touchpoint):
                yield error(path, _renamed(old.key, "it would go out once more"))
    yield from _rules(definition.campaign.rules, before.rules)


def _rules(rules: Collection[Rule], before: Collection[Rule]) -> Iterator[Remark]:
    kept, known = {one.key for one in rules}, {one.key for one in before}
    for index, rule in enumerate(rules):
        for old in before:
            if rule.key not in known and old.key not in kept and _says_the_same(old, rule):
                path = ("campaign", "rules", index, "key")
                yield error(path, _renamed(old.key, "its limits would count from nothing"))


def _renamed(key: str, effect: str) -> str:
    return f'the running version calls this "{key}"; under another key {effect}: keep "{key}"'


def _is_same(old: _Planned, new: _Touchpoint) -> bool:
    """Whether it is what began before: at its time under its title, or in its words."""
    if old.kind != new.kind:
        return False
    as_planned = (old.when, old.title) == (new.when, new.title)
    return as_planned or (isinstance(new, Vision) and old.text == new.text)


def _says_the_same(old: Rule, new: Rule) -> bool:
    return (old.when, old.send) == (new.when, new.send)
