"""Whether the audience of a campaign is whom its author means: nobody, too few, a name misspelt.

A name that nobody bears leaves people out unseen; among the exceptions it lets people in who were
to be left alone.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from campaigns.domain.audience import unknown_teams
from campaigns.domain.definition import Audience, Definition, Selection
from campaigns.domain.people import TeamTree
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, closest, error, warning

_PATH = ("campaign", "audience")
_LISTS = ("teams", "roles", "locations", "languages", "people")


@dataclass(frozen=True, slots=True)
class Staffed:
    """The roles, locations and languages of the staff, and those of the ids that an audience names
    which belong to somebody who works here."""

    roles: Collection[str]
    locations: Collection[str]
    languages: Collection[str]
    people: Collection[str]


def audience_remarks(
    definition: Definition,
    tree: TeamTree | None,
    audience_size: int | None,
    staffed: Staffed | None,
) -> Iterator[Remark]:
    """Names that nothing and nobody bears, and an audience of nobody or of too few."""
    audience = definition.campaign.audience
    for selection, path in ((audience, _PATH), (audience.except_, (*_PATH, "except"))):
        if tree is not None:
            yield from team_remarks(tree, selection, path, error)
        if staffed is not None:
            yield from _names(staffed, selection, path)
    minimum = definition.campaign.confidentiality.shown_from
    if found := _nobody_left(audience):
        yield error(found, "nobody is left: these exceptions name all whom the audience names")
    elif audience_size == 0:
        yield error(_PATH, "nobody in the staff directory belongs to this audience")
    elif audience_size is not None and audience_size < minimum:
        yield warning(_PATH, f"the audience is smaller than {minimum}: no result is ever shown")


def _nobody_left(audience: Audience) -> Path | None:
    """The list of exceptions that takes out all whom the same list of the audience names."""
    for name in _LISTS:
        wanted, unwanted = (
            {one.casefold() for one in getattr(selection, name)}
            for selection in (audience, audience.except_)
        )
        if wanted and wanted <= unwanted:
            return (*_PATH, "except", name)
    return None


def team_remarks(
    tree: TeamTree, selection: Selection, path: Path, remark: Callable[[Path, str], Remark]
) -> Iterator[Remark]:
    """An error or a warning for each name of a team in the selection at `path` that none has."""
    names = [team.name for team in tree.teams.values()]
    for unknown in unknown_teams(tree, selection):
        where = (*path, "teams", selection.teams.index(unknown))
        yield remark(where, f'there is no team "{unknown}"{closest(unknown, names)}')


def _names(staffed: Staffed, selection: Selection, path: Path) -> Iterator[Remark]:
    lists = {
        "roles": ("has the role", selection.roles, staffed.roles),
        "locations": ("has the location", selection.locations, staffed.locations),
        "languages": ("reads", selection.languages, _with_bases(staffed.languages)),
    }
    for name, (does, wanted, had) in lists.items():
        known = {one.casefold() for one in had}
        for index, one in enumerate(wanted):
            if one.casefold() not in known:
                near = closest(one, sorted(filter(None, had)))
                yield warning((*path, name, index), f'nobody {does} "{one}"{near}')
    for index, person in enumerate(selection.people):
        if person not in staffed.people:
            yield warning((*path, "people", index), f'nobody who works here has the id "{person}"')


def _with_bases(languages: Collection[str]) -> set[str]:
    """The languages, and without their regions: naming "de" is enough for readers of "de-AT"."""
    return {*languages, *(one.split("-")[0] for one in languages)}
