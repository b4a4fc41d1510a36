"""Finding a member of staff by name or team, for the page where one picks a person to chat as.

It reads names and teams only, so that nothing about answers can ever be found by searching.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from campaigns.storage.tables import people, teams

_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Found:
    """One person on the list: enough to recognise and to open, nothing more."""

    external_id: str
    name: str
    role: str
    team: str


def search(connection: Connection, text: str, offset: int, limit: int) -> list[Found]:
    """Active people whose name, team or role holds every word of `text`, by team, then by name.

    An empty text finds everybody. `%` and `_` stand for themselves.
    """
    query = (
        select(people.c.external_id, people.c.name, people.c.role, teams.c.name.label("team"))
        .join(teams, teams.c.id == people.c.team_id)
        .where(people.c.active)
        .order_by(teams.c.name, people.c.name, people.c.id)
    )
    for word in text.replace("\0", " ").split():  # PostgreSQL takes no NUL
        pattern = f"%{_literal(word)}%"
        columns = (people.c.name, teams.c.name, people.c.role)
        query = query.where(or_(*(column.ilike(pattern, escape=_ESCAPE) for column in columns)))
    return [Found(*row) for row in connection.execute(query.offset(offset).limit(limit))]


def _literal(word: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        word = word.replace(special, _ESCAPE + special)
    return word
