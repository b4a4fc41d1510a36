"""A staff file as values: the rows that can be taken over, and what is wrong with the others.

All problems are found at once, each named by line and column. What can't be read as a table at all
(not text, no header, broken quotation marks, a team above itself) raises PeopleFileError. Nothing
here may ever repeat a name, an address or an id of a person.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from typing import Any

from campaigns.domain.people import find_cycle
from campaigns.domain.staff_cells import COLUMNS, closest, plain, shown
from campaigns.errors import PeopleFileError, Problem

_DELIMITERS = (",", ";", "\t")
_MOST_LISTED = 50
_LONGEST = 100_000  # characters of a cell; the library's own limit is the whole process's to set
_UNIQUE = {"id": "an id", "email": "an e-mail address", "chat_id": "a chat id"}
_TOO_LONG = "a cell here is far too long; is a quotation mark never closed?"
_UNCLOSED = (
    "a quotation mark opens a cell here and does not close where the cell ends; "
    'write a quotation mark inside a cell twice ("")'
)
_SAVE_AS = "save the table as “CSV UTF-8” and try again"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person as the file has it; `line` is where the row begins, names are the columns'."""

    line: int
    id: str
    name: str
    team: str
    email: str
    parent_team: tuple[str, ...]
    role: str
    location: str
    language: str
    time_zone: str
    work_start: time
    work_end: time
    work_days: frozenset[int]
    agent_for: tuple[str, ...]
    champion: bool
    chat_id: str
    holidays: str
    away_from: date | None
    away_until: date | None


@dataclass(slots=True)
class StaffFile:
    """What a file says. `columns` are those it has; a team's parent is None at a root.

    `placed` are the teams whose place the file tells; others are only named as somebody's parent.
    `problems` tell why rows were left out; `left_out_ids` whose rows these are, and
    `n_nameless` how many of them don't say.
    """

    columns: frozenset[str]
    rows: list[StaffRow] = field(default_factory=list)
    parents: dict[str, str | None] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    left_out_ids: set[str] = field(default_factory=set)
    n_left_out: int = 0
    n_nameless: int = 0


def read(content: bytes | str) -> StaffFile:
    """The file's good rows, its teams and its problems. Raises PeopleFileError for no table."""
    text = decode(content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    records = _records(text)
    line, header = next(records, (1, []))
    columns = _columns(line, header)
    return _Reading(columns).take(records)


def listed(problems: list[Problem]) -> PeopleFileError:
    """The error that names the first fifty of the problems and counts the rest."""
    more = len(problems) - _MOST_LISTED
    rest = [Problem("", f"and {more:,} more problems like these")] if more > 0 else []
    return PeopleFileError([*problems[:_MOST_LISTED], *rest])


def decode(data: bytes) -> str:
    """The text of the file. Raises PeopleFileError that names the line which isn't UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PeopleFileError(f"The file is UTF-16 text, not UTF-8: {_SAVE_AS}.")
    if b"\0" in data or data.startswith(b"PK\x03\x04"):
        raise PeopleFileError(f"The file is not text (a workbook, perhaps): {_SAVE_AS}.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len((data[: error.start] + b".").splitlines())
        problem = Problem(f"line {line}", f"expected UTF-8 text, found another: {_SAVE_AS}")
        raise PeopleFileError([problem]) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row that isn't blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(len(cell) > _LONGEST for cell in cells):
                raise PeopleFileError([Problem(f"line {line}", _TOO_LONG)])
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        told = _TOO_LONG if "field limit" in str(error) else _UNCLOSED
        raise PeopleFileError([Problem(f"line {line}", told)]) from None


def _delimiter(text: str) -> str:
    header = text.lstrip("\r\n").partition("\n")[0]
    cells = {mark: header.replace('"', "").split(mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: sum(c.strip().lower() in COLUMNS for c in cells[mark]))


def _columns(line: int, header: list[str]) -> list[str]:
    names = [(plain(cell) or "").lower() for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise PeopleFileError("The file is empty: expected a header line and a line a person.")
    if not set(names) & set(COLUMNS):
        raise PeopleFileError(
            [Problem(f"line {line}", f"expected a header with the columns {', '.join(COLUMNS)}")]
        )
    if problems := list(_header_problems(line, names)):
        raise listed(problems)
    return names


def _header_problems(line: int, names: list[str]) -> Iterator[Problem]:
    for position, name in enumerate(names):
        place = f"line {line}, column {shown(name)}"
        if name not in COLUMNS:
            hint = closest(name, COLUMNS) or f"; known are {', '.join(COLUMNS)}"
            yield Problem(place, f"there is no such column{hint}")
        elif name in names[:position]:
            yield Problem(place, "the column stands there twice")
    for name, column in COLUMNS.items():
        if column.required and name not in names:
            yield Problem(f"line {line}", f'the column "{name}" is missing')
    for first, last in (("work_start", "work_end"), ("away_from", "away_until")):
        if (first in names) != (last in names):
            yield Problem(f"line {line}", f'the columns "{first}" and "{last}" need each other')


class _Reading:
    """Rows go in one by one; what has to hold between rows is remembered here."""

    def __init__(self, columns: list[str]) -> None:
        self._columns = columns
        self._staff = StaffFile(frozenset(columns))
        self._lines: dict[str, dict[str, int]] = {name: {} for name in _UNIQUE}
        self._team_lines: dict[str, int] = {}
        self._folded: dict[str, str] = {}
        self._stated: dict[str, int] = {}

    def take(self, records: Iterator[tuple[int, list[str]]]) -> StaffFile:
        n_rows = 0
        for line, cells in records:
            n_rows += 1
            self._take_row(line, cells)
        if not n_rows:
            raise PeopleFileError("The file has a header and no people: nothing was read.")
        self._refuse_cycles()
        self._refuse_unknown_agents()
        self._staff.problems.sort(key=lambda problem: _line_of(problem.place))
        return self._staff

    def _take_row(self, line: int, cells: list[str]) -> None:
        width = len(self._columns)
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            found = Problem(f"line {line}", f"expected {width} cells, found {len(cells)}")
            self._leave_out([found], None)
            return
        values, problems = self._values(line, cells)
        problems += self._repeated(line, values)
        if "team" in values and "parent_team" in values:
            problems += self._teams(line, values["team"], values["parent_team"])
        if problems:
            self._leave_out(problems, values.get("id"))
        else:
            self._staff.rows.append(StaffRow(line=line, **values))

    def _values(self, line: int, cells: list[str]) -> tuple[dict[str, Any], list[Problem]]:
        values = {n: column.default for n, column in COLUMNS.items() if n not in self._columns}
        problems = []
        for name, cell in zip(self._columns, cells, strict=False):
            try:
                values[name] = COLUMNS[name].value(cell, hint=self._hint())
            except ValueError as error:
                problems.append(_at(line, name, str(error)))
        start, end = values.get("work_start"), values.get("work_end")
        if start and end and start >= end:
            found = f"expected a time after work_start ({start:%H:%M}), found {end:%H:%M}"
            problems.append(_at(line, "work_end", found))
        problems += _absence_problems(line, values)
        return values, problems

    def _repeated(self, line: int, values: Mapping[str, Any]) -> Iterator[Problem]:
        for name, called in _UNIQUE.items():
            value = values.get(name)
            if not value:
                continue
            same = value.casefold() if name == "email" else value
            first = self._lines[name].setdefault(same, line)
            if first != line:
                yield _at(line, name, f"expected {called} of its own, line {first} has it too")

    def _teams(self, line: int, team: str, above: tuple[str, ...]) -> Iterator[Problem]:
        for name, column in [(team, "team"), *((each, "parent_team") for each in above)]:
            first = self._folded.setdefault(name.casefold(), name)
            self._team_lines.setdefault(first, line)
            if first != name:
                where = self._team_lines[first]
                yield _at(line, column, f"{shown(name)} is written {shown(first)} on line {where}")
                return
        chain = [*above, team]
        self._staff.parents.setdefault(chain[0], None)
        self._staff.placed.update(chain[1:] or chain)
        for parent, child in pairwise(chain):
            known = self._staff.parents.get(child)
            if known is not None and known != parent:
                where = self._stated[child]
                said = f"{shown(child)} is below {shown(known)} on line {where}"
                yield _at(line, "parent_team", f"expected the same as before: {said}")
                return
            self._staff.parents[child] = parent
            self._stated.setdefault(child, line)

    def _refuse_cycles(self) -> None:
        parents = dict(self._staff.parents)
        problems: list[Problem] = []
        while len(problems) <= _MOST_LISTED and (cycle := find_cycle(parents)):
            way = " below ".join(shown(name) for name in cycle)
            line = min(self._stated[name] for name in cycle)
            problems.append(_at(line, "parent_team", f"no team can be above itself: {way}"))
            parents[cycle[0]] = None
        if problems:
            raise listed([*self._staff.problems, *problems])

    def _refuse_unknown_agents(self) -> None:
        good = []
        for row in self._staff.rows:
            unknown = [name for name in row.agent_for if name not in self._staff.parents]
            if not unknown:
                good.append(row)
                continue
            self._leave_out([self._no_such_team(row.line, name) for name in unknown], row.id)
        self._staff.rows = good

    def _no_such_team(self, line: int, name: str) -> Problem:
        meant = closest(name, self._staff.parents) if self._hint() else ""
        found = f"expected a team of this file, found {shown(name)}{meant}"
        return _at(line, "agent_for", found)

    def _hint(self) -> bool:
        """Whether another problem will be listed: only then is a costly hint worth it."""
        return len(self._staff.problems) < _MOST_LISTED

    def _leave_out(self, problems: list[Problem], person: str | None) -> None:
        self._staff.problems += problems
        self._staff.n_left_out += 1
        if person:
            self._staff.left_out_ids.add(person)
        else:
            self._staff.n_nameless += 1


def _absence_problems(line: int, values: Mapping[str, Any]) -> Iterator[Problem]:
    if not {"away_from", "away_until"} <= values.keys():
        return  # one of them was refused already
    first, last = values["away_from"], values["away_until"]
    if first and last and last < first:
        yield _at(line, "away_until", "expected a day that is not before away_from")
    elif (first is None) != (last is None):
        column, other = ("away_from", "away_until")[:: 1 if first is None else -1]
        yield _at(line, column, f"expected a date, because {other} has one")


def _at(line: int, column: str, message: str) -> Problem:
    return Problem(f'line {line}, column "{column}"', message)


def _line_of(place: str) -> int:
    return int(place.removeprefix("line ").partition(",")[0])
