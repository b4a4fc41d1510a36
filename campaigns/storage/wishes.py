"""What people wish of the bot itself; nobody else is told of it, and no staff file changes it."""

from datetime import datetime

from sqlalchemy import Connection, update

from campaigns.errors import NotFoundError
from campaigns.storage.tables import people


def pause(connection: Connection, person_id: int, until: datetime | None) -> None:
    """No campaign message reaches the person before `until`; None ends a pause.

    Raises NotFoundError.
    """
    _set(connection, person_id, paused_until=until)


def limit(connection: Connection, person_id: int, per_week: int | None) -> None:
    """At most so many campaign messages a week reach the person; None: as many as are planned.

    Raises NotFoundError.
    """
    _set(connection, person_id, per_week=per_week)


def _set(connection: Connection, person_id: int, **values: datetime | int | None) -> None:
    this = update(people).where(people.c.id == person_id)
    if not connection.execute(this.values(**values)).rowcount:
        raise NotFoundError("There is no such person in the staff directory.")
