"""What the detector keeps of a person, under a name that only the initiative's secret leads to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels: None = None
depends_on: None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """What was carried so far is of another kind; the next close makes it anew of the answers."""
    op.add_column("initiatives", sa.Column("secret", sa.LargeBinary(), nullable=True))
    op.execute("DELETE FROM detector_states")
    op.create_table(
        "detector_people",
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_detector_people_campaign_id_campaigns"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_detector_people_team_id_teams")
        ),
        sa.UniqueConstraint(
            "campaign_id", "pseudonym", name=op.f("uq_detector_people_campaign_id_pseudonym")
        ),
    )
    op.create_table(
        "detector_weeks",
        sa.Column("campaign_id", ID, autoincrement=False, nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_detector_weeks_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_detector_weeks")),
    )


def downgrade() -> None:
    """The tables before it."""
    op.drop_table("detector_weeks")
    op.drop_table("detector_people")
    op.execute("DELETE FROM detector_states")
    op.drop_column("initiatives", "secret")
