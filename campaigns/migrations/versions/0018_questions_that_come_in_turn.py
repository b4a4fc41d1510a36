"""Some questions of a pulse come in turn."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision: str | None = "0017"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """A run says which of them have their turn in it."""
    op.add_column("runs", sa.Column("asks", sa.String(500), nullable=True))


def downgrade() -> None:
    """The columns before it."""
    op.drop_column("runs", "asks")
