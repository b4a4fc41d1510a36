"""Whether touchpoints come at a bad moment, remarked where the file says when they go out."""

from collections.abc import Iterator
from datetime import date

from campaigns.domain.audience_checks import team_remarks
from campaigns.domain.bad_moments import Around, BadMoment, bad_moments
from campaigns.domain.definition import Definition, Selection
from campaigns.domain.people import TeamTree
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, warning


def moment_remarks(
    definition: Definition,
    launched_on: date,
    today: date,
    tree: TeamTree | None,
    around: Around,
) -> Iterator[Remark]:
    """One remark a touchpoint, and one for each unknown team of a busy time."""
    if tree is not None:
        for index, busy in enumerate(definition.campaign.busy_times):
            path: Path = ("campaign", "busy_times", index)
            yield from team_remarks(tree, Selection(teams=busy.teams), path, warning)
    found: dict[str, list[BadMoment]] = {}
    for moment in bad_moments(definition, launched_on, today, tree, around):
        found.setdefault(moment.touchpoint, []).append(moment)
    for index, touchpoint in enumerate(definition.campaign.touchpoints):
        if moments := found.get(touchpoint.key):
            path = ("campaign", "touchpoints", index, "when")
            yield warning(path, _sentence(moments))


def _sentence(moments: list[BadMoment]) -> str:
    first, *others = moments
    better = f"; {first.better} would be free" if first.better else ""
    more = f"; so do {len(others)} later ones" if len(others) > 1 else ""
    more = "; so does a later one" if len(others) == 1 else more
    return f"on {first.on} it comes at a bad moment: {', and '.join(first.whys)}{better}{more}"
