"""Staff, their teams and their hours, as values; where they are stored is not known here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a person may be written to, in their own time zone; `days` are 0 (Monday) to 6."""

    start: time = time(8, 0)
    end: time = time(17, 0)
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})


class Rhythm(NamedTuple):
    """What decides, absences aside, when somebody is at work; many people share one."""

    time_zone: str
    hours: WorkingHours
    holidays: str = ""

    def anybody(self) -> "Person":
        """Somebody with this rhythm who is never away."""
        return Person(
            0, "", "", "", 0, "", "", "", self.time_zone, self.hours, "", holidays=self.holidays
        )


@dataclass(frozen=True, slots=True)
class Team:
    """A node of the one team tree; `parent_id` is None at a root."""

    id: int
    name: str
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; `id` is ours, `external_id` is the one in the staff file."""

    id: int
    external_id: str
    name: str
    email: str
    team_id: int
    role: str
    location: str
    language: str
    time_zone: str
    hours: WorkingHours
    chat_id: str
    holidays: str = ""  # the country or region whose public holidays are theirs
    away_from: date | None = None  # the first and the last day of leave or another absence
    away_until: date | None = None
    champion: bool = False  # of the change, in their own team
    active: bool = True
    paused_until: datetime | None = None
    per_week: int | None = None  # the person's own limit, below a campaign's
    slack_id: str | None = None
    slack_channel: str | None = None

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else self.name

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.time_zone, self.hours, self.holidays)

    def is_away(self, day: date) -> bool:
        """Whether that day, on their own calendar, is one of their absence."""
        return overlaps(self.away_from, self.away_until, day, day)


def overlaps(away_from: date | None, away_until: date | None, first: date, last: date) -> bool:
    """Whether an absence, none without its days, takes one of the days from `first` to `last`."""
    if away_from is None or away_until is None:
        return False
    return away_from <= last and first <= away_until


@dataclass(frozen=True)
class TeamTree:
    """All teams with their parents; refuses nothing itself (`find_cycle` tells)."""

    teams: Mapping[int, Team]
    _children: dict[int | None, list[int]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, teams: Iterable[Team]) -> "TeamTree":
        by_id = {team.id: team for team in teams}
        children: dict[int | None, list[int]] = {}
        for team in by_id.values():
            children.setdefault(team.parent_id, []).append(team.id)
        return cls(by_id, children)

    def children(self, team_id: int | None) -> list[int]:
        """Ids one level down; of None, the roots."""
        return list(self._children.get(team_id, ()))

    def ancestors(self, team_id: int) -> Iterator[int]:
        """Ids from the team itself up to its root."""
        current: int | None = team_id
        while current is not None:
            yield current
            current = self.teams[current].parent_id

    def descendants(self, team_id: int) -> Iterator[int]:
        """The team itself and every id below it."""
        waiting = [team_id]
        while waiting:
            current = waiting.pop()
            yield current
            waiting.extend(self._children.get(current, ()))


def find_cycle(parents: Mapping[str, str | None]) -> list[str]:
    """Names along a cycle in name → parent name, empty where there is none."""
    settled: set[str] = set()
    for start in parents:
        path: list[str] = []
        current: str | None = start
        while current is not None and current not in settled:
            if current in path:
                return [*path[path.index(current) :], current]
            path.append(current)
            current = parents.get(current)
        settled.update(path)
    return []
