"""Staff, teams and change agents as they are stored.

Whoever needs to know who works where asks here. Nothing in this file decides who should be written
to, and nobody is ever deleted: who left is inactive, so that what was sent stays explained.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, time
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from campaigns.domain.people import Person, Team, TeamTree, WorkingHours
from campaigns.errors import NotFoundError
from campaigns.storage.tables import people as people_table
from campaigns.storage.tables import team_agents, teams

# Rows fetched or written at once: 2,000 people are about 2 MB, and below every bind limit.
_CHUNK = 2000
_IDS_AT_ONCE = 500  # SQLite takes a limited number of bound values in one statement.
# What no staff file says: who they are, what they wish, where a chat platform knows them.
_KEPT = ("id", "external_id", "paused_until", "per_week", "slack_id", "slack_channel")
_SAME = (  # in a row as in a Person
    *("external_id", "name", "email", "team_id", "role", "location", "language", "time_zone"),
    *("chat_id", "holidays", "away_from", "away_until", "champion", "active"),
)
_NAMES = [field.name for field in fields(Person)]
_HOURS = _NAMES.index("hours")
_WORK = ("work_start", "work_end", "work_days")
# A person as it is stored: its own fields in order, and three columns for the hours.
_PEOPLE = select(
    *(people_table.c[name] for name in (*_NAMES[:_HOURS], *_WORK, *_NAMES[_HOURS + 1 :]))
)
_BY_ID = _PEOPLE.where(people_table.c.id == bindparam("person_id"))  # built once
T = TypeVar("T")


def person(connection: Connection, person_id: int) -> Person:
    """The person with our id, active or not. Raises NotFoundError."""
    return _one(connection, _BY_ID, {"person_id": person_id})


def person_by_external_id(connection: Connection, external_id: str) -> Person:
    """The person with the id of the staff file, active or not. Raises NotFoundError."""
    return _one(connection, _PEOPLE.where(people_table.c.external_id == external_id))


def page(connection: Connection, after_id: int, limit: int) -> list[Person]:
    """The next active people by id, at most `limit`; empty where there are no more."""
    return _page(connection, after_id, limit, active_only=True)


def people(connection: Connection, ids: Iterable[int]) -> dict[int, Person]:
    """Those of the ids that exist, active or not."""
    found: dict[int, Person] = {}
    for some in _chunks(sorted(set(ids)), _IDS_AT_ONCE):
        rows = connection.execute(_PEOPLE.where(people_table.c.id.in_(some)))
        found.update((row.id, _person(row)) for row in rows)
    return found


def descriptions(c: Connection) -> tuple[set[str], set[str], set[str]]:
    """The roles, locations and languages of those who are there."""
    columns = (people_table.c.role, people_table.c.location, people_table.c.language)
    rows = c.execute(select(*columns).where(people_table.c.active).distinct()).all()
    return {row[0] for row in rows}, {row[1] for row in rows}, {row[2] for row in rows}


def everyone(connection: Connection) -> Iterator[Person]:
    """All active people by id, a page in memory at a time."""
    return _pages(connection, active_only=True)


def roster(connection: Connection) -> Iterator[Person]:
    """All people who were ever imported by id, also those who left."""
    return _pages(connection, active_only=False)


def tree(connection: Connection, *, active_only: bool = False) -> TeamTree:
    """The one team tree; teams that left the staff file stay in it unless `active_only`."""
    query = select(teams.c.id, teams.c.name, teams.c.parent_id).order_by(teams.c.id)
    if active_only:
        query = query.where(teams.c.active)
    return TeamTree.of(Team(*row) for row in connection.execute(query))


def team_name(connection: Connection, team_id: int) -> str:
    """What the team with that id is called; "" where there is none."""
    return connection.scalar(select(teams.c.name).where(teams.c.id == team_id)) or ""


def agents_for(connection: Connection, team_id: int) -> list[int]:
    """Active change agents of the team or of its nearest ancestor that has one, else none."""
    agents = _active_agents(connection)
    for ancestor in _ancestors(connection, team_id):
        if found := sorted(agents.get(ancestor, ())):
            return found
    return []


def is_agent_for(connection: Connection, person_id: int, team_id: int) -> bool:
    """Whether alerts about the team are this active person's business: it or a team above it."""
    own = select(team_agents.c.team_id).join(
        people_table, and_(people_table.c.id == team_agents.c.person_id, people_table.c.active)
    )
    mine = set(connection.scalars(own.where(team_agents.c.person_id == person_id)))
    return bool(mine) and not mine.isdisjoint(_ancestors(connection, team_id))


def agent_pairs(connection: Connection) -> set[tuple[int, int]]:
    """Every (team id, person id) of a change agent, also of people who left."""
    rows = connection.execute(select(team_agents.c.team_id, team_agents.c.person_id))
    return {(row.team_id, row.person_id) for row in rows}


def put_team(connection: Connection, name: str, parent_id: int | None = None) -> int:
    """The team's id after it exists, active, below that parent."""
    values = {"name": name, "parent_id": parent_id, "active": True}
    known = connection.scalar(select(teams.c.id).where(teams.c.name == name))
    if known is not None:
        connection.execute(update(teams).where(teams.c.id == known).values(values))
        return int(known)
    return int(connection.execute(insert(teams).values(values).returning(teams.c.id)).scalar_one())


def put_teams(connection: Connection, parents: Mapping[str, str | None]) -> dict[str, int]:
    """Ids by name after these teams exist, active, each below the parent it is mapped to."""
    known = set(connection.scalars(select(teams.c.name)))
    if fresh := [{"name": name} for name in parents if name not in known]:
        connection.execute(insert(teams), fresh)
    ids: dict[str, int] = {
        row.name: row.id for row in connection.execute(select(teams.c.name, teams.c.id))
    }
    placed = update(teams).where(teams.c.id == bindparam("team"))
    rows = [
        {"team": ids[name], "parent_id": ids[parent] if parent else None, "active": True}
        for name, parent in parents.items()
    ]
    if rows:
        connection.execute(placed, rows)
    return {name: ids[name] for name in parents}


def put(connection: Connection, person: Person) -> int:
    """Our id of the person after the row exists as given; `person.id` is not looked at.

    Upserts by external id. A person's own wishes stay: only `wishes` changes them.
    """
    put_all(connection, [person])
    return person_by_external_id(connection, person.external_id).id


def put_all(connection: Connection, staff: Iterable[Person]) -> None:
    """`put` for many people at once."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(people_table)
    upsert = statement.on_conflict_do_update(
        index_elements=["external_id"],
        set_={
            column.name: statement.excluded[column.name]
            for column in people_table.c
            if column.name not in _KEPT
        },
    )
    waiting = iter(staff)
    while rows := [_columns(someone) for someone in islice(waiting, _CHUNK)]:
        connection.execute(upsert, rows)


def ids_by_external_id(connection: Connection) -> dict[str, int]:
    """Our id of every external id, also of people who left."""
    rows = connection.execute(select(people_table.c.external_id, people_table.c.id))
    return {row.external_id: row.id for row in rows}


def replace_agents(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Exactly these (team id, person id) pairs are change agents from now on."""
    connection.execute(delete(team_agents))
    for some in _chunks(sorted(set(pairs)), _CHUNK):
        rows = [{"team_id": team_id, "person_id": person_id} for team_id, person_id in some]
        connection.execute(insert(team_agents), rows)


def deactivate(connection: Connection, person_ids: Iterable[int]) -> None:
    """These people are no longer staff; their rows stay."""
    for some in _chunks(sorted(set(person_ids)), _IDS_AT_ONCE):
        connection.execute(
            update(people_table).where(people_table.c.id.in_(some)).values(active=False)
        )


def forget_absences(connection: Connection, before: date) -> None:
    """Of absences that ended before that day, nothing is known any more."""
    over = update(people_table).where(people_table.c.away_until < before)
    connection.execute(over.values(away_from=None, away_until=None))


def keep_teams(connection: Connection, team_ids: Iterable[int]) -> None:
    """Of all teams, exactly these are active."""
    connection.execute(update(teams).values(active=False))
    for some in _chunks(sorted(set(team_ids)), _IDS_AT_ONCE):
        connection.execute(update(teams).where(teams.c.id.in_(some)).values(active=True))


def count(connection: Connection) -> int:
    """The number of active people."""
    query = select(func.count()).select_from(people_table).where(people_table.c.active)
    return int(connection.scalar(query) or 0)


def _one(connection: Connection, query: Select[Any], given: dict[str, Any] | None = None) -> Person:
    row = connection.execute(query, given).first()
    if row is None:
        raise NotFoundError("There is no such person in the staff directory.")
    return _person(row)


def _page(connection: Connection, after_id: int, limit: int, *, active_only: bool) -> list[Person]:
    query = _PEOPLE.where(people_table.c.id > after_id)
    if active_only:
        query = query.where(people_table.c.active)
    return [_person(row) for row in connection.execute(query.order_by("id").limit(limit)).all()]


def _pages(connection: Connection, *, active_only: bool) -> Iterator[Person]:
    after_id = 0
    while found := _page(connection, after_id, _CHUNK, active_only=active_only):
        yield from found
        after_id = found[-1].id


def _active_agents(connection: Connection) -> Mapping[int, list[int]]:
    query = select(team_agents.c.team_id, team_agents.c.person_id).join(
        people_table, people_table.c.id == team_agents.c.person_id
    )
    agents: dict[int, list[int]] = {}
    for row in connection.execute(query.where(people_table.c.active)):
        agents.setdefault(row.team_id, []).append(row.person_id)
    return agents


def _ancestors(connection: Connection, team_id: int) -> Iterator[int]:
    current: int | None = team_id
    while current is not None:
        yield current
        current = connection.scalar(select(teams.c.parent_id).where(teams.c.id == current))


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _person(row: Row[Any]) -> Person:
    # By place: by name it takes three times as long, and a launch reads everybody.
    after = _HOURS + len(_WORK)
    values: list[Any] = [*row[:_HOURS], working_hours(*row[_HOURS:after]), *row[after:]]
    return Person(*values)


@lru_cache(maxsize=1024)  # a whole organisation has a handful of them
def working_hours(start: str, end: str, days: str) -> WorkingHours:
    """The hours in the three columns of a row; for storage alone."""
    return WorkingHours(
        time.fromisoformat(start), time.fromisoformat(end), frozenset(int(day) for day in days)
    )


def _columns(someone: Person) -> dict[str, Any]:
    hours = {
        "work_start": someone.hours.start.strftime("%H:%M"),
        "work_end": someone.hours.end.strftime("%H:%M"),
        "work_days": "".join(str(day) for day in sorted(someone.hours.days)),
    }
    return hours | {name: getattr(someone, name) for name in _SAME}
