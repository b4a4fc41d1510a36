"""A run's rows of the outbox: who is alike is read together, and the database writes them itself.

One statement writes for all who get the same at the same moment; what they have in common is sent
to the database once, and keys are drawn there. Those of one statement begin alike, by chance: so
they lie side by side in their index. Rows whose keys are spread over it cost three times as much.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Row,
    Select,
    String,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.storage.directory import working_hours
from campaigns.storage.tables import deliveries, people


@dataclass(frozen=True, slots=True)
class Wave:
    """All that the sendings of a run have in common that are due at one moment."""

    run_id: int
    campaign_id: int
    version_id: int
    kind: Kind
    touchpoint: str
    due_at: datetime
    closes_at: datetime | None


class Alike(NamedTuple):
    """People between whom no audience and no calendar tells a difference: one who stands for all,
    without a name, and the ids."""

    anybody: Person
    ids: list[int]


def page(c: Connection, after_id: int, limit: int, named: Collection[str]) -> list[Alike]:
    """The next active people by id, at most `limit`; whose id of the staff file is among `named`
    stands alone. Half of the time that it takes to read one by one."""
    rows = c.execute(_PAGE, {"after_id": after_id, "limit": limit, "named": list(named)})
    return [_alike(row) for row in rows.all()]


def _alike(row: Row[Any]) -> Alike:
    hours = working_hours(row.work_start, row.work_end, row.work_days)
    who = Person(
        0, row.named_id, "", "", row.team_id, row.role, row.location, row.language,
        row.time_zone, hours, "", row.holidays,
    )  # fmt: skip
    return Alike(who, [int(one) for one in row.ids.split(",")])


def _page() -> Select[Any]:
    """Built once: by what an audience asks for, and by all that makes a rhythm."""
    active = select(people).where(people.c.active, people.c.id > bindparam("after_id"))
    near = active.order_by(people.c.id).limit(bindparam("limit", type_=Integer())).subquery()
    stands_alone = near.c.external_id.in_(bindparam("named", expanding=True))
    external_id = case((stands_alone, near.c.external_id), else_="").label("named_id")
    same = [external_id, *(near.c[name] for name in _SAME)]
    ids = func.aggregate_strings(cast(near.c.id, String()), ",").label("ids")
    return select(*same, ids).group_by(*same).order_by(func.min(near.c.id))


_SAME = (
    *("team_id", "role", "location", "language", "time_zone", "holidays"),
    *("work_start", "work_end", "work_days"),
)
_PAGE = _page()


def put(c: Connection, wave: Wave, to: list[int]) -> int:
    """Each of these people has the sending in the outbox, once, under a random key; gives how
    many were new."""
    values = {name: getattr(wave, name) for name in Wave.__slots__}
    alike = {"key_begins": token_hex(4), "once_begins": f"run:{wave.run_id}:person:"}
    return c.execute(_statement(c.dialect.name), {**values, **alike, "people": to}).rowcount


@cache
def _statement(dialect: str) -> Executable:
    """The insert, built once, for that takes longer than to insert a row."""
    columns: dict[str, ColumnElement[Any]] = {
        "key": bindparam("key_begins", type_=String()) + _chance(dialect),
        "once": bindparam("once_begins", type_=String()) + cast(people.c.id, String()),
        "person_id": people.c.id,
        "state": literal(State.PENDING.value),
        **{name: bindparam(name, type_=deliveries.c[name].type) for name in Wave.__slots__},
    }
    chosen = people.c.id.in_(bindparam("people", expanding=True))
    rows = select(*(one.label(name) for name, one in columns.items()))
    rows = rows.where(chosen).order_by(people.c.id)
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    written = insert(deliveries).from_select([*columns], rows)
    written = written.on_conflict_do_nothing(index_elements=["once"])
    return written.execution_options(preserve_rowcount=True)


def _chance(dialect: str) -> ColumnElement[str]:
    """At least 90 bits of chance, as 24 hexadecimal digits."""
    if dialect == "sqlite":
        return func.lower(func.hex(func.randomblob(12)))
    return func.right(func.replace(cast(func.gen_random_uuid(), Text()), "-", ""), 24)
