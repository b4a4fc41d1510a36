"""The ledger: what was decided about what a group said."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels: None = None
depends_on: None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Decisions can be written down and told back."""
    op.create_table(
        "ledger",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.Column("course", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("cursor", ID, nullable=False),
        sa.Column("spread", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_ledger_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_ledger_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_ledger_owner_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_index(op.f("ix_ledger_campaign_id"), "ledger", ["campaign_id"])
    op.create_index(op.f("ix_ledger_owner_id"), "ledger", ["owner_id"])
    op.create_index("ix_ledger_spread_told_at", "ledger", ["spread", "told_at"])


def downgrade() -> None:
    """The tables before it."""
    op.drop_table("ledger")
