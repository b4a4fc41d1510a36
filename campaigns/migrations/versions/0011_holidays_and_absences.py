"""Whose public holidays somebody has, and from when to when they are away."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Nobody has holidays or is away until a staff file says so."""
    op.add_column(
        "people", sa.Column("holidays", sa.String(length=20), server_default="", nullable=False)
    )
    op.add_column("people", sa.Column("away_from", sa.Date(), nullable=True))
    op.add_column("people", sa.Column("away_until", sa.Date(), nullable=True))


def downgrade() -> None:
    """The table before it."""
    with op.batch_alter_table("people") as people:
        people.drop_column("away_until")
        people.drop_column("away_from")
        people.drop_column("holidays")
