"""The audit log, which only grows; who was counted in figures; answers that are nobody's."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels: None = None
depends_on: None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Looks and changes are written down from now on."""
    _audit()
    _counted()
    _loose_answers()


def _counted() -> None:
    op.create_table(
        "counted",
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_counted_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_counted_person_id_people")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_counted_team_id_teams")),
        sa.PrimaryKeyConstraint("campaign_id", "period", "person_id", name=op.f("pk_counted")),
    )
    op.create_index(op.f("ix_counted_person_id"), "counted", ["person_id"])


def _loose_answers() -> None:
    op.create_table(
        "loose_answers",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("period_start", MOMENT, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("alias", ID, nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("choice", sa.String(length=40), nullable=True),
        sa.Column("p_resistant", sa.Float(), nullable=True),
        sa.Column("p_ambivalent", sa.Float(), nullable=True),
        sa.Column("p_neutral", sa.Float(), nullable=True),
        sa.Column("barrier", sa.String(length=16), nullable=True),
        sa.Column("themes", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_loose_answers_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_loose_answers_team_id_teams")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loose_answers")),
    )
    op.create_index(
        "ix_loose_answers_campaign_id_period_start",
        "loose_answers",
        ["campaign_id", "period_start"],
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", ID, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for word in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_no_{word} BEFORE {word.upper()} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
    )


def downgrade() -> None:
    """The tables before it."""
    op.drop_table("loose_answers")
    op.drop_table("counted")
    op.drop_table("audit")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_only_grows()")
