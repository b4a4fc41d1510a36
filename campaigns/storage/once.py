"""Inserts that may come twice: the second one is refused by the database, silently."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(
    c: Connection, table: Table, rows: Sequence[Mapping[str, Any]], unique: Sequence[str]
) -> int:
    """Each row is there, once; gives how many were new. `unique` names the deciding columns."""
    if not rows:
        return 0
    statement = _refusing(c.dialect.name, table, tuple(unique))
    if c.dialect.name == "sqlite":
        return c.execute(statement, list(rows)).rowcount
    return len(c.execute(statement, list(rows)).all())


@cache
def _refusing(dialect: str, table: Table, unique: tuple[str, ...]) -> Executable:
    """The insert for these tables, built once, for that takes longer than to insert a row."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=unique)
    # PostgreSQL's driver counts no rows over several inserts: let it name those that are new.
    new = postgresql.insert(table).on_conflict_do_nothing(index_elements=unique)
    return new.returning(table.c[unique[0]])
