"""Takes a staff file over into the directory, as a whole or not at all.

People are matched by the id of the file. Who is no longer in it is marked as left, a team that is
no longer named becomes inactive; nothing is deleted, so what was said and answered keeps its place.
A column that the file doesn't have leaves what is known of a person as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import staff_file
from campaigns.domain.audit import COMMAND_LINE, Deed
from campaigns.domain.people import Person, TeamTree, WorkingHours, find_cycle
from campaigns.domain.staff_file import StaffFile, StaffRow
from campaigns.errors import Problem, StateError
from campaigns.storage import audit, directory
from campaigns.storage.database import Database

# More people leaving than this share of all is taken for a wrong file rather than for a truth.
_MOST_LEAVING = 0.5
_DIRECT = (
    *("name", "email", "role", "location", "language", "time_zone", "chat_id", "champion"),
    *("holidays", "away_from", "away_until"),
)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with `applied` False would do; people are external ids.

    `moved` changed teams and may be in `changed` too, which names what else is new of whom.
    """

    added: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    moved: tuple[str, ...]
    returned: tuple[str, ...]
    left: tuple[str, ...]
    n_unchanged: int
    teams_added: tuple[str, ...]
    teams_moved: tuple[str, ...]
    teams_left: tuple[str, ...]
    agents_added: int
    agents_removed: int
    left_out: tuple[Problem, ...]
    n_left_out: int
    n_nameless: int
    mass_leave: bool
    applied: bool

    @property
    def changes_nothing(self) -> bool:
        """Whether the directory already says what the file says."""
        people = (self.added, self.changed, self.moved, self.returned, self.left)
        teams = (self.teams_added, self.teams_moved, self.teams_left)
        return not any((*people, *teams, self.agents_added, self.agents_removed))


def import_people(
    database: Database,
    content: bytes | str,
    *,
    dry_run: bool = False,
    skip_bad: bool = False,
    allow_mass_leave: bool = False,
    logged_at: datetime | None = None,
) -> ImportReport:
    """The directory says what the file says; with `dry_run` it is only told what would change.

    With `logged_at` an import that changes something is in the audit log, in numbers alone.

    Raises PeopleFileError with every problem unless `skip_bad`, and StateError where more than half
    of the people would be marked as left unless `allow_mass_leave`; then nothing has changed.
    """
    staff = staff_file.read(content)
    if staff.problems and not (skip_bad and staff.rows):
        raise staff_file.listed(staff.problems)
    if dry_run:
        with database.read() as connection:
            return _Change(connection, staff).report(applied=False)
    with database.write() as connection:
        change = _Change(connection, staff)
        if change.mass_leave and not allow_mass_leave:
            raise StateError(
                f"The file leaves out {len(change.left):,} of {change.n_active:,} people, more "
                "than half: nothing was changed. If they really left, add --allow-mass-leave."
            )
        change.apply(connection)
        report = change.report(applied=True)
        if logged_at is not None and not report.changes_nothing:
            audit.put(
                connection, COMMAND_LINE, Deed.IMPORTED_PEOPLE, logged_at, detail=_told(report)
            )
        return report


class _Change:
    """The difference between the directory and the file, found once, told or applied."""

    def __init__(self, connection: Connection, staff: StaffFile) -> None:
        self._staff = staff
        self._known = {person.external_id: person for person in directory.roster(connection)}
        self._tree = directory.tree(connection)
        self._active_teams = set(directory.tree(connection, active_only=True).teams)
        self._pairs = _named_pairs(self._tree, self._known, directory.agent_pairs(connection))
        self._names = {team.name: team.id for team in self._tree.teams.values()}
        self.left = self._find_left()
        self.n_active = sum(person.active for person in self._known.values())
        self.mass_leave = len(self.left) > _MOST_LEAVING * self.n_active
        self._kept = self._find_kept()
        self._parents = self._find_parents()
        self._wanted_pairs = self._find_pairs()

    def apply(self, connection: Connection) -> None:
        """Writes what differs."""
        ids = directory.put_teams(connection, self._parents)
        fresh = (self._person(row, ids[row.team]) for row in self._staff.rows)
        directory.put_all(
            connection,
            (person for person in fresh if person != self._known.get(person.external_id)),
        )
        directory.deactivate(connection, (self._known[each].id for each in self.left))
        directory.keep_teams(connection, ids.values())
        if self._wanted_pairs != self._pairs:
            people = directory.ids_by_external_id(connection)
            pairs = ((ids[team], people[person]) for team, person in self._wanted_pairs)
            directory.replace_agents(connection, pairs)

    def report(self, *, applied: bool) -> ImportReport:
        """What differs, in the order of the file."""
        added, moved, returned = [], [], []
        changed: dict[str, tuple[str, ...]] = {}
        for row in self._staff.rows:
            known = self._known.get(row.id)
            if known is None:
                added.append(row.id)
                continue
            if not known.active:
                returned.append(row.id)
            if known.team_id != self._names.get(row.team):
                moved.append(row.id)
            if what := _differences(known, self._person(row, known.team_id)):
                changed[row.id] = what
        touched = {*added, *moved, *returned, *changed}
        return ImportReport(
            added=tuple(added),
            changed=changed,
            moved=tuple(moved),
            returned=tuple(returned),
            left=tuple(self.left),
            n_unchanged=len(self._staff.rows) - len(touched),
            agents_added=len(self._wanted_pairs - self._pairs),
            agents_removed=len(self._pairs - self._wanted_pairs),
            left_out=tuple(self._staff.problems),
            n_left_out=self._staff.n_left_out,
            n_nameless=self._staff.n_nameless,
            mass_leave=self.mass_leave,
            applied=applied,
            **self._team_changes(),
        )

    def _team_changes(self) -> dict[str, tuple[str, ...]]:
        added, moved = [], []
        for name, parent in self._parents.items():
            team_id = self._names.get(name)
            if team_id not in self._active_teams or team_id is None:
                added.append(name)
            elif self._parent_name(team_id) != parent:
                moved.append(name)
        kept = {self._names.get(name) for name in self._parents}
        left = [self._tree.teams[team_id].name for team_id in sorted(self._active_teams - kept)]
        return {
            "teams_added": tuple(added),
            "teams_moved": tuple(moved),
            "teams_left": tuple(left),
        }

    def _find_left(self) -> list[str]:
        """Who is not in the file; nobody where a row was left out that names nobody."""
        if self._staff.n_nameless:
            return []
        here = {row.id for row in self._staff.rows} | self._staff.left_out_ids
        return [each for each, person in self._known.items() if person.active and each not in here]

    def _find_kept(self) -> list[str]:
        """Active people whom the import leaves as they are: their rows were bad."""
        touched = {row.id for row in self._staff.rows} | set(self.left)
        return [e for e, person in self._known.items() if person.active and e not in touched]

    def _find_parents(self) -> dict[str, str | None]:
        """Team → parent of all teams that are active from now on.

        What the file tells and, where it doesn't, what is known: of teams that it only names as a
        parent, of teams whose people were left out, of all where it has no column for it.
        """
        told = self._staff.placed if "parent_team" in self._staff.columns else set()
        parents = {name: self._staff.parents[name] for name in self._staff.parents if name in told}
        starts = {self._known[each].team_id for each in self._kept}
        starts |= {self._names[name] for name in self._staff.parents if name in self._names}
        for start in sorted(starts):
            for team_id in self._tree.ancestors(start):
                name = self._tree.teams[team_id].name
                if name in parents:
                    break
                parents[name] = self._parent_name(team_id)
        parents |= {name: None for name in self._staff.parents if name not in parents}
        while cycle := find_cycle(parents):  # what is known gives way to what the file tells
            parents |= {name: None for name in cycle if name not in told}
        return parents

    def _find_pairs(self) -> set[tuple[str, str]]:
        """(team, external id) of all change agents from now on."""
        if "agent_for" not in self._staff.columns:
            gone = set(self.left)
            return {
                (team, person)
                for team, person in self._pairs
                if person not in gone and team in self._parents
            }
        kept = set(self._kept)
        stay = {pair for pair in self._pairs if pair[1] in kept and pair[0] in self._parents}
        return stay | {(team, row.id) for row in self._staff.rows for team in row.agent_for}

    def _parent_name(self, team_id: int) -> str | None:
        parent = self._tree.teams[team_id].parent_id
        return None if parent is None else self._tree.teams[parent].name

    def _person(self, row: StaffRow, team_id: int) -> Person:
        """The person after the import: the file's columns, else what is known, else defaults."""
        known = self._known.get(row.id)
        if known is None:
            known = Person(
                id=0,
                external_id=row.id,
                team_id=team_id,
                hours=WorkingHours(row.work_start, row.work_end, row.work_days),
                **{name: getattr(row, name) for name in _DIRECT},
            )
        columns = self._staff.columns
        told = {name: getattr(row, name) for name in _DIRECT if name in columns}
        hours = _hours(known.hours, row, columns)
        return replace(known, team_id=team_id, active=True, hours=hours, **told)


def _told(report: ImportReport) -> str:
    """How many people and change agents an import touched; nobody by name."""
    counts = {
        "added": len(report.added),
        "changed": len({*report.changed, *report.moved, *report.returned}),
        "left": len(report.left),
        "agents named": report.agents_added,
        "agents no longer named": report.agents_removed,
    }
    return ", ".join(f"{n} {what}" for what, n in counts.items() if n)


def _hours(known: WorkingHours, row: StaffRow, columns: frozenset[str]) -> WorkingHours:
    return WorkingHours(
        row.work_start if "work_start" in columns else known.start,
        row.work_end if "work_end" in columns else known.end,
        row.work_days if "work_days" in columns else known.days,
    )


def _differences(known: Person, wanted: Person) -> tuple[str, ...]:
    names = [name for name in _DIRECT if getattr(known, name) != getattr(wanted, name)]
    return (*names, "working hours") if known.hours != wanted.hours else tuple(names)


def _named_pairs(
    tree: TeamTree, known: Mapping[str, Person], pairs: set[tuple[int, int]]
) -> set[tuple[str, str]]:
    names = {person.id: person.external_id for person in known.values()}
    return {(tree.teams[team].name, names[person]) for team, person in pairs}
