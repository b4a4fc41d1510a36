"""Which of the campaign's actions was tried in a team that needed someone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Of the alerts so far nobody said what was tried."""
    op.add_column(
        "alerts", sa.Column("tried", sa.String(length=40), server_default="", nullable=False)
    )


def downgrade() -> None:
    """What was tried is forgotten."""
    op.drop_column("alerts", "tried")
