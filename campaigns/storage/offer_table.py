"""Which training was offered with which message; part of `tables`."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from campaigns.storage.columns import Id, metadata, ref

offers = Table(
    "offers",
    metadata,
    # It goes with the message, whoever takes that away.
    Column("delivery_id", Id, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    ref("campaign_id", "campaigns.id"),
    ref("person_id", "people.id"),
    Column("training", String(40), nullable=False),
    Column("competence", String(40), nullable=False),
    Index("ix_offers_campaign_id_person_id", "campaign_id", "person_id"),
)
