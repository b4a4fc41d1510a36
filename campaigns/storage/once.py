"""Inserts that may come twice: the second one is refused by the database, silently."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(
    c: Connection, table: Table, rows: Sequence[Mapping[str, Any]], unique: Sequence[str]
) -> int:
    """Each row is there, once; gives how many were new. `unique` names the deciding columns."""
    if not rows:
        return 0
    if c.dialect.name == "sqlite":
        refused = sqlite.insert(table).on_conflict_do_nothing(index_elements=unique)
        return c.execute(refused, list(rows)).rowcount
    # PostgreSQL's driver counts no rows over several inserts: let it name those that are new.
    new = postgresql.insert(table).on_conflict_do_nothing(index_elements=unique)
    return len(c.execute(new.returning(table.c[unique[0]]), list(rows)).all())
