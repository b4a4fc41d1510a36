"""Where Alembic begins: the connection comes from `campaigns.storage.schema`, or from `-x url=…`.

The second way is the developer's, to write a new step: `alembic -x url=sqlite:///var/dev.db
revision --autogenerate -m "Say what it does"`. Nothing here may ever read or log a row.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import BigInteger, Connection

from campaigns.storage.database import Database
from campaigns.storage.moment import Moment
from campaigns.storage.tables import metadata


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    # A step must not change when our own types do: it spells them out (script.py.mako).
    if kind == "type" and isinstance(item, Moment):
        return "MOMENT"
    if kind == "type" and isinstance(item, BigInteger):
        return "ID"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_render,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    _run(given)
else:
    database = Database(context.get_x_argument(as_dictionary=True)["url"])
    with database.write() as connection:
        _run(connection)
