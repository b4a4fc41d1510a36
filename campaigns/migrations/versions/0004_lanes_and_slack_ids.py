"""Where Slack knows people, how fast it may be written to, and what stands in line for that."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None

URGENT = sa.text("kind IN ('help', 'alert')")


def upgrade() -> None:
    """Nobody is known to Slack yet, and nothing stands in line."""
    op.create_table(
        "lanes",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("next_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lanes")),
    )
    op.add_column("people", sa.Column("slack_id", sa.String(length=40), nullable=True))
    op.add_column("people", sa.Column("slack_channel", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_people_slack_id"), "people", ["slack_id"], unique=True)
    op.add_column(
        "campaigns",
        sa.Column("reason", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column(
        "deliveries",
        sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.drop_index("ix_deliveries_urgent", "deliveries")
    op.drop_index("ix_deliveries_state_due_at", "deliveries")
    op.create_index(
        "ix_deliveries_state_waits_kind_due_at",
        "deliveries",
        ["state", "waits", "kind", "due_at"],
    )


def downgrade() -> None:
    """The tables before it."""
    op.drop_index("ix_deliveries_state_waits_kind_due_at", "deliveries")
    op.create_index("ix_deliveries_state_due_at", "deliveries", ["state", "due_at"])
    op.create_index(
        "ix_deliveries_urgent",
        "deliveries",
        ["state", "due_at"],
        sqlite_where=URGENT,
        postgresql_where=URGENT,
    )
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_column("waits")
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.drop_column("reason")
    op.drop_index(op.f("ix_people_slack_id"), "people")
    with op.batch_alter_table("people") as people:
        people.drop_column("slack_channel")
        people.drop_column("slack_id")
    op.drop_table("lanes")
