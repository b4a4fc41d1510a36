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
        statement: Any = sqlite.insert(table).on_conflict_do_nothing(index_elements=unique)
    else:
        statement = postgresql.insert(table).on_conflict_do_nothing(index_elements=unique)
    return max(c.execute(statement, list(rows)).rowcount, 0)
