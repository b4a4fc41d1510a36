"""Which account of a chat platform is whose, and what came into the directory with it.

Whoever is read here to be changed is locked until the transaction ends, so that a staff file taken
over at the same moment waits for its turn. Nobody is ever deleted.
"""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, func, insert, select, update

from campaigns.domain.people import Person
from campaigns.storage.columns import Id
from campaigns.storage.directory import chunks, from_row, to_columns
from campaigns.storage.tables import people

_PAGE = 2000
_IDS_AT_ONCE = 500
# What an account may change of a person; hours, location and pause are not its business.
_CHANGED = (
    *("name", "email", "team_id", "role", "language", "time_zone", "active"),
    *("slack_id", "slack_channel"),
)


def addresses(connection: Connection) -> Iterator[tuple[int, str]]:
    """(our id, e-mail) of everybody active who has one, by id, a page in memory at a time."""
    query = select(people.c.id, people.c.email).where(people.c.active, people.c.email != "")
    after_id = 0
    while rows := connection.execute(
        query.where(people.c.id > after_id).order_by(people.c.id).limit(_PAGE)
    ).all():
        yield from ((row.id, row.email) for row in rows)
        after_id = rows[-1].id


def reached(connection: Connection) -> Iterator[tuple[int, str]]:
    """(our id, account) of everybody who has one, by id, a page in memory at a time."""
    query = select(people.c.id, people.c.slack_id).where(people.c.slack_id.is_not(None))
    after_id = 0
    while rows := connection.execute(
        query.where(people.c.id > after_id).order_by(people.c.id).limit(_PAGE)
    ).all():
        yield from ((row.id, row.slack_id) for row in rows)
        after_id = rows[-1].id


def n_reached(connection: Connection) -> int:
    """How many active people have an account."""
    query = select(func.count()).select_from(people)
    return int(connection.scalar(query.where(people.c.active, people.c.slack_id.is_not(None))) or 0)


def by_account(connection: Connection, account_ids: Iterable[str]) -> dict[str, Person]:
    """Account → whose it is, active or not."""
    found = _locked(connection, people.c.slack_id, account_ids)
    return {person.slack_id: person for person in found if person.slack_id}


def by_external_id(connection: Connection, external_ids: Iterable[str]) -> dict[str, Person]:
    """External id → person, active or not."""
    return {p.external_id: p for p in _locked(connection, people.c.external_id, external_ids)}


def by_id(connection: Connection, ids: Iterable[int]) -> dict[int, Person]:
    """Our id → person, active or not."""
    return {person.id: person for person in _locked(connection, people.c.id, ids)}


def by_address(connection: Connection, email: str) -> list[Person]:
    """Active people with that e-mail address, whatever its case."""
    same = func.lower(people.c.email) == func.lower(email)
    query = select(people).where(people.c.active, same).order_by(people.c.id)
    return [from_row(row) for row in connection.execute(query.with_for_update())]


def change(connection: Connection, persons: Collection[Person]) -> None:
    """What an account may change is as given here; accounts that change hands do so at once."""
    ids = [person.id for person in persons]
    for some in chunks(ids, _IDS_AT_ONCE):
        connection.execute(update(people).where(people.c.id.in_(some)).values(slack_id=None))
    for person in persons:
        columns = {**to_columns(person), **_account(person)}
        values = {name: columns[name] for name in _CHANGED}
        connection.execute(update(people).where(people.c.id == person.id).values(values))


def add(connection: Connection, persons: Collection[Person]) -> None:
    """These people are in the directory, each with their account."""
    if persons:
        rows = [{**to_columns(person), **_account(person)} for person in persons]
        connection.execute(insert(people), rows)


def _account(person: Person) -> dict[str, str | None]:
    return {"slack_id": person.slack_id, "slack_channel": person.slack_channel}


def _locked(connection: Connection, column: Id, values: Iterable[object]) -> list[Person]:
    found: list[Person] = []
    for some in chunks(sorted(set(values)), _IDS_AT_ONCE):
        query = select(people).where(column.in_(some)).order_by(people.c.id).with_for_update()
        found += [from_row(row) for row in connection.execute(query)]
    return found
