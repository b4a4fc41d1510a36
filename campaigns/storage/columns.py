"""Columns that several tables share, and how keys and indexes are named; no table of its own."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
)

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


Id = BigInteger().with_variant(Integer, "sqlite")


def new_id() -> Column[Any]:
    """The key that the database gives out."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    """The key of a row of another table."""
    return Column(name, Id, ForeignKey(target), nullable=nullable, index=index)


def reading() -> list[Column[Any]]:
    """All that a model says of a text."""
    return [
        Column("status", String(30), nullable=False),
        Column("stance", String(12)),
        Column("sentiment", String(12)),
        Column("barrier", String(16)),
        Column("themes", String(200), nullable=False, default=""),  # separated by ";"
        Column("safeguarding", Boolean, nullable=False, default=False),
        Column("p_resistant", Float),
        Column("p_ambivalent", Float),
        Column("p_neutral", Float),
        Column("p_supportive", Float),
        Column("probabilities", Text, nullable=False, default="{}"),  # JSON, all heads
    ]
