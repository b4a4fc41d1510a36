"""Who belongs to an audience. It only compares: it never asks what anybody has answered."""

from collections.abc import Callable, Iterable, Iterator

from campaigns.domain.definition import Audience, Selection
from campaigns.domain.people import Person, TeamTree

Test = Callable[[Person], bool]


def select(people: Iterable[Person], tree: TeamTree, audience: Audience) -> Iterator[Person]:
    """The people of the audience, in the order given."""
    return filter(belongs(tree, audience), people)


def belongs(tree: TeamTree, audience: Audience) -> Test:
    """Whether a person is of the audience; one who has left never is.

    A person belongs if every list of the audience that is not empty has them, and none of the
    exceptions does: being in one list of `except` is enough to be left out. A team stands for all
    teams below it. Case does not matter in the name of a team, role, location or language.
    """
    wanted = _tests(tree, audience)
    unwanted = _tests(tree, audience.except_)

    def test(person: Person) -> bool:
        if not person.active or any(fits(person) for fits in unwanted):
            return False
        return all(fits(person) for fits in wanted)

    return test


def unknown_teams(tree: TeamTree, selection: Selection) -> list[str]:
    """The team names of a selection that no team has."""
    known = {team.name.casefold() for team in tree.teams.values()}
    return [name for name in selection.teams if name.casefold() not in known]


def teams_of(tree: TeamTree, selection: Selection) -> frozenset[int]:
    """The teams whose people can belong: those of its list with all below, or all; of an audience
    without the exceptions."""
    named = _team_ids(tree, selection.teams) if selection.teams else frozenset(tree.teams)
    if isinstance(selection, Audience):
        return named - _team_ids(tree, selection.except_.teams)
    return named


def may_share(tree: TeamTree, one: Audience, other: Audience) -> bool:
    """Whether somebody could belong to both, as far as their lists tell without asking who."""
    pairs = (
        (one.roles, other.roles),
        (one.locations, other.locations),
        (one.people, other.people),
    )
    alike = all(not a or not b or _folded(a) & _folded(b) for a, b in pairs)
    return alike and bool(teams_of(tree, one) & teams_of(tree, other))


def _tests(tree: TeamTree, selection: Selection) -> list[Test]:
    """One test for each list of the selection that is not empty."""
    team_ids = _team_ids(tree, selection.teams)
    roles, locations = _folded(selection.roles), _folded(selection.locations)
    languages, ids = _folded(selection.languages), frozenset(selection.people)
    tests: list[tuple[bool, Test]] = [
        (bool(selection.teams), lambda person: person.team_id in team_ids),
        (bool(roles), lambda person: person.role.casefold() in roles),
        (bool(locations), lambda person: person.location.casefold() in locations),
        (bool(languages), lambda person: _speaks(person, languages)),
        (bool(ids), lambda person: person.external_id in ids),
    ]
    return [test for asked, test in tests if asked]


def _team_ids(tree: TeamTree, names: Iterable[str]) -> frozenset[int]:
    wanted = _folded(names)
    roots = [team.id for team in tree.teams.values() if team.name.casefold() in wanted]
    return frozenset(below for root in roots for below in tree.descendants(root))


def _speaks(person: Person, languages: frozenset[str]) -> bool:
    language = person.language.casefold()
    return language in languages or language.split("-")[0] in languages


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
