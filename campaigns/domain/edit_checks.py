"""Whether a new version of a launched campaign would lose or repeat what an earlier one began.

What has begun is known by its key, whichever version began it. Under another key it would begin
once more, for everybody; and what is on its way keeps the words and the time it has.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.domain.agenda import ahead
from campaigns.domain.audience import may_share
from campaigns.domain.definition import (
    At,
    DaysAfterLaunch,
    Definition,
    Every,
    FollowUp,
    Pulse,
    Reminder,
    Rule,
    Vision,
)
from campaigns.domain.people import TeamTree
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, error, warning

_Planned = Vision | Pulse
_Touchpoint = _Planned | Reminder | FollowUp


@dataclass(frozen=True, slots=True)
class Underway:
    """A campaign as it was launched: its versions, the newest first, the keys of the touchpoints
    that began, and of those that some people are still to get."""

    versions: Sequence[Definition]
    begun: Collection[str]
    launched_on: date
    waiting: Collection[str] = ()
    is_stopped: bool = False


def edit_remarks(definition: Definition, underway: Underway, today: date) -> Iterator[Remark]:
    """What would be lost or come again, and what a change comes too late for."""
    if underway.is_stopped:
        path = ("campaign", "key")
        yield error(path, "this campaign was stopped and stays so: give the file a new key")
        return
    yield from refusals(definition, underway)
    yield from _too_late(definition, underway)
    yield from _newcomers(definition, underway)
    yield from _never(definition, underway, today)


def refusals(definition: Definition, underway: Underway) -> Iterator[Remark]:
    """What began under one key and would begin again under another, or end as something else."""
    begun = [one for one in _before(underway) if one.key in underway.begun]
    kept = {one.key for one in definition.campaign.touchpoints}
    known = {one.key for one in _before(underway)}
    for index, touchpoint in enumerate(definition.campaign.touchpoints):
        path = ("campaign", "touchpoints", index, "key")
        if old := _first(one for one in begun if one.key == touchpoint.key):
            if touchpoint.kind != old.kind:
                yield error(path, f'"{old.key}" began as a {old.kind}: give this another key')
        elif touchpoint.key not in known:
            gone = (one for one in begun if one.key not in kept and _is_same(one, touchpoint))
            if found := _first(gone):
                yield error(path, _renamed(found.key, "it would go out once more"))
    yield from _rules(definition, underway.versions)
    yield from _questions(definition, underway)


def _before(underway: Underway) -> list[_Planned]:
    """What any version planned, in each form that it had, the newest first."""
    versions = (one.campaign.touchpoints for one in underway.versions)
    return [one for touchpoints in versions for one in touchpoints if isinstance(one, _Planned)]


def _first(found: Iterator[_Planned]) -> _Planned | None:
    return next(found, None)


def _rules(definition: Definition, versions: Sequence[Definition]) -> Iterator[Remark]:
    old = [(version, rule) for version in versions for rule in version.campaign.rules]
    kept, known = {one.key for one in definition.campaign.rules}, {one.key for _, one in old}
    for index, rule in enumerate(definition.campaign.rules):
        if rule.key in known:
            continue
        for version, before in old:
            if before.key not in kept and _says_the_same(version, before, definition, rule):
                path = ("campaign", "rules", index, "key")
                yield error(path, _renamed(before.key, "its limits would count from nothing"))
                break


def _questions(definition: Definition, underway: Underway) -> Iterator[Remark]:
    """Answers are kept as they were given, and read by what the newest version says of them."""
    pulses = [one for one in _before(underway) if isinstance(one, Pulse)]
    asked = {key for one in pulses if one.key in underway.begun for key in one.questions}
    known = [one for version in underway.versions for one in version.campaign.questions]
    for index, question in enumerate(definition.campaign.questions):
        old = next((one for one in known if one.key == question.key), None)
        if old is None or question.key not in asked:
            continue
        path = ("campaign", "questions", index)
        if (old.kind, old.points) != (question.kind, question.points):
            effect = "what was answered so far would be read by another scale"
            yield error(path, f'"{old.key}" was asked otherwise: {effect}; give this another key')
        elif old.favourable != question.favourable:
            effect = "what was answered in a period that is open is read anew as well"
            if question.favourable == "none":
                effect = "it goes on to be counted as a stance, unless it gets another key"
            yield warning((*path, "favourable"), f'"{old.key}" was asked already: {effect}')


def _renamed(key: str, effect: str) -> str:
    return f'the running version calls this "{key}"; under another key {effect}: keep "{key}"'


def _is_same(old: _Planned, new: _Touchpoint) -> bool:
    """Whether it is what began before: at its time under its title, or in its words."""
    if old.kind != new.kind:
        return False
    as_planned = (old.when, old.title) == (new.when, new.title)
    return as_planned or (isinstance(new, Vision) and old.text == new.text)


def _says_the_same(version: Definition, old: Rule, definition: Definition, new: Rule) -> bool:
    """Whether both send the same, by key or by words, for the same reason."""
    as_before = set(old.send) == set(new.send) or _texts(version, old) == _texts(definition, new)
    return old.when == new.when and as_before


def _texts(definition: Definition, rule: Rule) -> list[dict[str, str]]:
    sent = [one for one in definition.campaign.touchpoints if one.key in rule.send]
    return [one.text for one in sent if isinstance(one, FollowUp)]


def _too_late(definition: Definition, underway: Underway) -> Iterator[Remark]:
    """Changes of the running version that do not reach what it has begun."""
    now = {one.key: index for index, one in enumerate(definition.campaign.touchpoints)}
    for old in underway.versions[0].campaign.touchpoints:
        if not isinstance(old, _Planned) or old.key not in underway.begun:
            continue
        if old.key not in now:
            if old.key in underway.waiting:
                yield warning(("campaign", "touchpoints"), _on_its_way(old.key))
            continue
        path: Path = ("campaign", "touchpoints", now[old.key])
        new = definition.campaign.touchpoints[now[old.key]]
        if not isinstance(new, _Planned) or new.kind != old.kind:
            continue  # refused above
        if _comes_once(old) and new.when != old.when:
            yield warning((*path, "when"), "it went out or is on its way: it keeps its old time")
        elif new != old and old.key in underway.waiting:
            yield warning(path, "it is on its way: whoever still waits gets it as it was")


def _newcomers(definition: Definition, underway: Underway) -> Iterator[Remark]:
    """That an audience changes for what is still to come alone."""
    before = underway.versions[0].campaign
    if before.audience == definition.campaign.audience:
        return
    once = [one for one in before.touchpoints if isinstance(one, _Planned) and _comes_once(one)]
    if begun := [one.key for one in once if one.key in underway.begun]:
        yield warning(
            ("campaign", "audience"),
            f"whoever is new in it does not get what has begun: {', '.join(begun)}",
        )
    if underway.waiting:
        yield warning(
            ("campaign", "audience"),
            "whoever is no longer in it still gets what is on its way: "
            f"{', '.join(sorted(underway.waiting))}",
        )


def _comes_once(touchpoint: _Planned) -> bool:
    return isinstance(touchpoint.when, At | DaysAfterLaunch)


def twin_remarks(
    definition: Definition, tree: TeamTree | None, running: Iterable[Definition]
) -> Iterator[Remark]:
    """That a running campaign says the same to the same people: this one may be it, renamed."""
    here = definition.campaign
    said = _visions(definition)
    for other in running:
        there = other.campaign
        alike = other.initiative.key == definition.initiative.key and said & _visions(other)
        if alike and (tree is None or may_share(tree, here.audience, there.audience)):
            yield warning(
                ("campaign", "key"),
                f'the running campaign "{there.key}" sends the same message: as another campaign '
                "it goes out once more; for a new version of that one, keep its key",
            )


def _visions(definition: Definition) -> set[str]:
    """What each vision message says, in all its languages."""
    visions = (one for one in definition.campaign.touchpoints if isinstance(one, Vision))
    return {repr(sorted(one.text.items())) for one in visions}


def _on_its_way(key: str) -> str:
    return (
        f'"{key}" is gone from the file and goes out all the same, for it is on its way: to hold '
        "it back, pause or stop the campaign"
    )


def _never(definition: Definition, underway: Underway, today: date) -> Iterator[Remark]:
    """A series, counted from the launch, that comes into the file after its last day."""
    for index, new in enumerate(definition.campaign.touchpoints):
        if not isinstance(new, _Planned) or new.key in underway.begun:
            continue
        if isinstance(new.when, Every) and not ahead(new.when, underway.launched_on, today):
            yield warning(
                ("campaign", "touchpoints", index, "when"),
                f"it is counted from the launch on {underway.launched_on}, and all its days are "
                "past: nothing would go out",
            )
