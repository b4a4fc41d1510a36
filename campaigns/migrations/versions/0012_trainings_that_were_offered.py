"""Which training was offered with which message."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"
branch_labels: None = None
depends_on: None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Offers are kept from now on."""
    op.create_table(
        "offers",
        sa.Column("delivery_id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("training", sa.String(length=40), nullable=False),
        sa.Column("competence", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_offers_delivery_id_deliveries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_offers_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_offers_person_id_people")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_offers")),
    )
    op.create_index("ix_offers_campaign_id_person_id", "offers", ["campaign_id", "person_id"])


def downgrade() -> None:
    """The tables before it."""
    op.drop_table("offers")
