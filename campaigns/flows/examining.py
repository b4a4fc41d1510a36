"""A campaign file against the staff directory and the version that runs: what a launch rests on.

It reads and writes nothing. Of the audience only numbers leave this file.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import audience, content, edit_checks
from campaigns.domain.audience_checks import Staffed
from campaigns.domain.checking import check
from campaigns.domain.definition import Definition
from campaigns.domain.edit_checks import Underway
from campaigns.domain.people import TeamTree
from campaigns.domain.placed_yaml import Places
from campaigns.domain.unfilled import unfilled_remarks
from campaigns.errors import DefinitionError, Problem
from campaigns.flows import clashing, forecasting
from campaigns.storage import campaigns, directory, outbox, responsible, runs


@dataclass(frozen=True, slots=True)
class Readers:
    """Whom the audience holds: `n_default` of them read the first language for want of theirs."""

    n_people: int
    n_teams: int
    n_default: int
    languages: frozenset[str]
    roles: frozenset[str]
    patterns: Mapping[forecasting.Pattern, int]
    sizes: Sequence[int]  # of the teams, as far as they are in the audience


def examine(
    c: Connection,
    definition: Definition,
    now: datetime,
    places: Places | None = None,
    reads: Collection[str] = (),
) -> tuple[list[Problem], Readers | None]:
    """What is wrong with the campaign if it were launched now, and who would read it.

    The readers are None before anybody was imported; nothing is then said about people.
    """
    underway = _underway(c, definition.campaign.key)
    if not directory.count(c):
        return check(definition, now, reads=reads, underway=underway, places=places), None
    tree = directory.tree(c, active_only=True)
    readers = _readers(c, tree, definition)
    problems = check(
        definition,
        now,
        tree=tree,
        audience_size=readers.n_people,
        team_sizes=readers.sizes,
        staffed=_staffed(c, definition),
        spoken=readers.languages,
        roles=readers.roles,
        reads=reads,
        owners=_working(c, [one for _, one in definition.named()]),
        underway=underway,
        around=clashing.around(c, tree, definition.campaign),
        places=places,
    )
    return problems, readers


def refuse_errors(c: Connection, definition: Definition, now: datetime) -> None:
    """Raises DefinitionError with every error that the check finds."""
    problems, _ = examine(c, definition, now)
    errors = [one for one in problems if one.severity == "error"]
    if errors:
        raise DefinitionError(errors)


def refuse_all_but_blanks(c: Connection, definition: Definition, now: datetime) -> int:
    """Raises DefinitionError with every error but texts that are still to be filled in; how many
    these are."""
    problems, _ = examine(c, definition, now)
    blanks = {remark.message for remark in unfilled_remarks(definition)}
    errors = [one for one in problems if one.severity == "error"]
    others = [one for one in errors if one.message not in blanks]
    if others:
        raise DefinitionError(others)
    return len(errors)


def refuse_repeats(c: Connection, definition: Definition) -> None:
    """Raises DefinitionError where something would come again that has begun by now; until this
    transaction ends, nothing more of the campaign begins."""
    known = campaigns.ids_by_key(c).get(definition.campaign.key)
    if known is None:
        return
    campaigns.hold(c, [known])
    runs.hold_all(c, known)
    underway = _underway(c, definition.campaign.key)
    if underway and (found := list(edit_checks.refusals(definition, underway))):
        places = Places()
        raise DefinitionError(
            [Problem(places.of(one.path), one.message, one.severity) for one in found]
        )


def _underway(c: Connection, key: str) -> Underway | None:
    known = campaigns.ids_by_key(c).get(key)
    if known is None:
        return None
    launched = campaigns.by_id(c, known)
    return Underway(
        [version.definition for version in campaigns.versions(c, known)],
        {run.touchpoint for run in runs.of_campaign(c, known) if run.has_begun},
        launched.launched_at.date(),
        outbox.waiting(c, known),
        is_stopped=launched.state == campaigns.STOPPED,
    )


def _readers(c: Connection, tree: TeamTree, definition: Definition) -> Readers:
    n_default = 0
    teams: Counter[int] = Counter()
    languages: set[str] = set()
    roles: set[str] = set()
    alike: Counter[forecasting.Pattern] = Counter()
    for person in audience.select(directory.everyone(c), tree, definition.campaign.audience):
        teams[person.team_id] += 1
        languages.add(person.language)
        roles.add(person.role)
        alike[forecasting.pattern(person)] += 1
        n_default += content.own_language(definition, person) is None
    said = frozenset(languages), frozenset(roles)
    return Readers(alike.total(), len(teams), n_default, *said, alike, list(teams.values()))


def _staffed(c: Connection, definition: Definition) -> Staffed:
    wanted = definition.campaign.audience
    named = _working(c, [*wanted.people, *wanted.except_.people])
    return Staffed(*directory.descriptions(c), named)


def _working(c: Connection, external_ids: Sequence[str]) -> set[str]:
    """Those of the ids that belong to people who work here."""
    return {one.external_id for one in responsible.active(c, external_ids)}
