"""Who is a champion of the change."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Nobody is one until a staff file says so."""
    op.add_column(
        "people", sa.Column("champion", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    """The table before it."""
    with op.batch_alter_table("people") as people:
        people.drop_column("champion")
