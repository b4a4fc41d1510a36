"""New scores beside the old ones, and whether a text counts whatever is read into it later."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: None = None
depends_on: None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Texts can be read again; what counted so far is what was scored."""
    op.create_table(
        "rescores",
        sa.Column("answer_id", ID, nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("stance", sa.String(length=12), nullable=True),
        sa.Column("sentiment", sa.String(length=12), nullable=True),
        sa.Column("barrier", sa.String(length=16), nullable=True),
        sa.Column("themes", sa.String(length=200), nullable=False),
        sa.Column("safeguarding", sa.Boolean(), nullable=False),
        sa.Column("p_resistant", sa.Float(), nullable=True),
        sa.Column("p_ambivalent", sa.Float(), nullable=True),
        sa.Column("p_neutral", sa.Float(), nullable=True),
        sa.Column("p_supportive", sa.Float(), nullable=True),
        sa.Column("probabilities", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.id"],
            name=op.f("fk_rescores_answer_id_answers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "model", name=op.f("pk_rescores")),
    )
    op.add_column("scores", sa.Column("counts", sa.Boolean(), nullable=True))
    op.execute("UPDATE scores SET counts = (status = 'scored')")
    with op.batch_alter_table("scores") as scores:
        scores.alter_column("counts", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    """The tables before it."""
    op.drop_column("scores", "counts")
    op.drop_table("rescores")
