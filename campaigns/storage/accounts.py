"""Which account of a chat platform is whose, and what came into the directory with it.

Whoever is read here to be changed is locked until the transaction ends, so that a staff file taken
over at the same moment waits for its turn. Nobody is ever deleted.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from campaigns.domain.people import Person
from campaigns.storage import directory
from campaigns.storage.tables import people

_PAGE = 2000
_IDS_AT_ONCE = 500
# What an account may change of a person; hours, location and pause are not its business.
_CHANGED = ("name", "email", "team_id", "role", "language", "time_zone", "active", "slack_id")
T = TypeVar("T", int, str)


def addresses(connection: Connection) -> Iterator[tuple[int, str]]:
    """(our id, e-mail) of everybody active who has one, by id, a page in memory at a time."""
    return _pairs(connection, people.c.email, people.c.active & (people.c.email != ""))


def reached(connection: Connection) -> Iterator[tuple[int, str]]:
    """(our id, account) of everybody who has one, by id, a page in memory at a time."""
    return _pairs(connection, people.c.slack_id, people.c.slack_id.is_not(None))


def n_reached(connection: Connection) -> int:
    """How many active people have an account."""
    query = select(func.count()).select_from(people)
    return int(connection.scalar(query.where(people.c.active, people.c.slack_id.is_not(None))) or 0)


def by_account(connection: Connection, accounts: Iterable[str]) -> dict[str, Person]:
    """Account → whose it is, active or not."""
    found = _locked(connection, people.c.slack_id, accounts)
    return {person.slack_id: person for person in found if person.slack_id}


def by_external_id(connection: Connection, external_ids: Iterable[str]) -> dict[str, Person]:
    """External id → person, active or not."""
    return {p.external_id: p for p in _locked(connection, people.c.external_id, external_ids)}


def by_id(connection: Connection, ids: Iterable[int]) -> dict[int, Person]:
    """Our id → person, active or not."""
    return {person.id: person for person in _locked(connection, people.c.id, ids)}


def by_address(connection: Connection, email: str) -> list[Person]:
    """Active people with that e-mail address, whatever its case."""
    same = select(people.c.id).where(func.lower(people.c.email) == email.lower(), people.c.active)
    return list(by_id(connection, connection.scalars(same)).values())


def change(connection: Connection, persons: Collection[Person]) -> None:
    """What an account may change is as given here; accounts that change hands do so at once.

    A conversation is an account's: whoever loses theirs loses it in the same statement.
    """
    if not persons:
        return
    person = people.c.id == bindparam("person")
    another = people.c.slack_id.is_distinct_from(bindparam("new_slack_id"))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _CHANGED}
    lost = update(people).where(person, another).values(slack_id=None, slack_channel=None)
    accounts = [{"person": one.id, "new_slack_id": one.slack_id} for one in persons]
    connection.execute(lost, accounts)
    connection.execute(update(people).where(person).values(values), list(map(_values, persons)))


def add(connection: Connection, persons: Collection[Person]) -> None:
    """These people are in the directory, each with their account."""
    directory.put_all(connection, persons)
    accounts = {person.external_id: person.slack_id for person in persons}
    for external_id, person in by_external_id(connection, accounts).items():
        account = accounts[external_id]
        mine = update(people).where(people.c.id == person.id)
        connection.execute(mine.values(slack_id=account, slack_channel=None))


def _pairs(
    connection: Connection, column: ColumnElement[Any], condition: ColumnElement[bool]
) -> Iterator[tuple[int, str]]:
    query = select(people.c.id, column).where(condition).order_by(people.c.id).limit(_PAGE)
    after_id = 0
    while rows := connection.execute(query.where(people.c.id > after_id)).all():
        yield from ((int(row[0]), str(row[1])) for row in rows)
        after_id = rows[-1][0]


def _values(person: Person) -> dict[str, Any]:
    return {"person": person.id, **{f"new_{name}": getattr(person, name) for name in _CHANGED}}


def _locked(
    connection: Connection, column: ColumnElement[Any], values: Iterable[T]
) -> list[Person]:
    ids: list[int] = []
    for some in _some(sorted(set(values))):
        query = select(people.c.id).where(column.in_(some)).order_by(people.c.id)
        ids += connection.scalars(query.with_for_update())
    return list(directory.people(connection, ids).values())


def _some(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _IDS_AT_ONCE] for start in range(0, len(items), _IDS_AT_ONCE))
