"""A pulse can wait until something was told back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0016"
branch_labels: None = None
depends_on: None = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """A run says since when it waits, and since when it does no longer."""
    op.add_column("runs", sa.Column("held_at", MOMENT, nullable=True))
    op.add_column("runs", sa.Column("freed_at", MOMENT, nullable=True))


def downgrade() -> None:
    """The columns before it."""
    op.drop_column("runs", "freed_at")
    op.drop_column("runs", "held_at")
