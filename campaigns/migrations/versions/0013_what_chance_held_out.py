"""What chance chose for people and teams, and with which probability."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels: None = None
depends_on: None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """From now on, follow-ups can be held out; decisions before were made without chance."""
    op.create_table(
        "team_draws",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("p_held", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_team_draws_run_id_runs")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_draws_team_id_teams")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_draws")),
        sa.UniqueConstraint(
            "run_id", "team_id", "rule", name=op.f("uq_team_draws_run_id_team_id_rule")
        ),
    )
    with op.batch_alter_table("decisions") as decisions:
        decisions.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        decisions.add_column(
            sa.Column("send", sa.String(length=40), server_default="", nullable=False)
        )
        decisions.add_column(sa.Column("p_send", sa.Float(), nullable=True))
        decisions.add_column(
            sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        decisions.add_column(sa.Column("p_held", sa.Float(), nullable=True))
        decisions.add_column(sa.Column("run_id", ID, nullable=True))
        decisions.add_column(sa.Column("team_id", ID, nullable=True))
        decisions.create_foreign_key(op.f("fk_decisions_run_id_runs"), "runs", ["run_id"], ["id"])
        decisions.create_foreign_key(
            op.f("fk_decisions_team_id_teams"), "teams", ["team_id"], ["id"]
        )


def downgrade() -> None:
    """The tables before it."""
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_constraint(op.f("fk_decisions_run_id_runs"), type_="foreignkey")
        decisions.drop_constraint(op.f("fk_decisions_team_id_teams"), type_="foreignkey")
        for name in ("team_id", "run_id", "p_held", "held", "p_send", "send", "due_at"):
            decisions.drop_column(name)
    op.drop_table("team_draws")
