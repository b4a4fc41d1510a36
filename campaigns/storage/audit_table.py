"""The table of the audit log; the database itself refuses to change or delete an entry."""

from typing import Any

from sqlalchemy import Column, Connection, String, Table, Text, event

from campaigns.storage.columns import Id, metadata
from campaigns.storage.moment import Moment

audit = Table(
    "audit",
    metadata,
    # Given by us, one after the other: the key refuses a second entry after the same one.
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", String(120), nullable=False),
    Column("deed", String(20), nullable=False),  # domain.audit.Deed
    Column("campaign", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("seal", String(64), nullable=False),
)

# Whoever may change the tables can take these away again: they keep slips out, the seals show more.
_GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS audit_no_{word.lower()} BEFORE {word} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        for word in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$""",
        """CREATE OR REPLACE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_only_grows()""",
    ],
}


@event.listens_for(audit, "after_create")
def _guard(_: Table, connection: Connection, **__: Any) -> None:
    for statement in _GUARDS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
