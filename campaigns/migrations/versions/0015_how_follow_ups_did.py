"""How the follow-ups of each rule did, in sums."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"
branch_labels: None = None
depends_on: None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Decisions that chance had a part in are counted from the next close on."""
    op.create_table(
        "effects",
        sa.Column("campaign_id", ID, autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("counted_until", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_effects_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "rule", name=op.f("pk_effects")),
    )


def downgrade() -> None:
    """The tables before it."""
    op.drop_table("effects")
