"""The tables that keep a promise when answers are gone or nobody's any more; part of `tables`."""

from sqlalchemy import Column, ForeignKey, Integer, Table

from campaigns.storage.columns import Id, metadata, ref

# Who was counted in a period's figures, to compare later ones with them; never what they answered.
counted = Table(
    "counted",
    metadata,
    Column("campaign_id", Id, ForeignKey("campaigns.id"), primary_key=True),
    Column("period", Integer, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True, index=True),
    ref("team_id", "teams.id"),
)
