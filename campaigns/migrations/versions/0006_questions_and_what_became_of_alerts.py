"""What staff ask and what is answered, a campaign's FAQ, and what became of an alert."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels: None = None
depends_on: None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Questions can be asked; alerts so far were closed without an ending and went no further."""
    _questions()
    _faq()
    op.add_column(
        "alerts", sa.Column("ending", sa.String(length=10), server_default="", nullable=False)
    )
    op.add_column("alerts", sa.Column("escalated_at", MOMENT, nullable=True))


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("asker_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("agent_id", ID, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("escalated_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_questions_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["people.id"], name=op.f("fk_questions_asker_id_people")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_questions_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["people.id"], name=op.f("fk_questions_agent_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_asker_id"), "questions", ["asker_id"])
    op.create_index("ix_questions_state_due_at", "questions", ["state", "due_at"])
    op.create_index("ix_questions_campaign_id_due_at", "questions", ["campaign_id", "due_at"])


def _faq() -> None:
    op.create_table(
        "faq",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_faq_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["people.id"], name=op.f("fk_faq_agent_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq")),
        sa.UniqueConstraint("question_id", name=op.f("uq_faq_question_id")),
    )
    op.create_index(op.f("ix_faq_campaign_id"), "faq", ["campaign_id"])


def downgrade() -> None:
    """The tables before it."""
    op.drop_column("alerts", "escalated_at")
    op.drop_column("alerts", "ending")
    op.drop_table("faq")
    op.drop_table("questions")
