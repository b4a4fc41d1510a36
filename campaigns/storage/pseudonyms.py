"""How people are called in what the detector carries: names that an initiative's secret gives.

A keyed hash of the person's id, under a secret of the initiative alone, itself encrypted by the
vault. Whoever has the tables and not the data keys can't join the two.
"""

import hmac
from collections.abc import Callable, Sequence
from secrets import token_hex

from sqlalchemy import Connection, select, update

from campaigns.storage.tables import campaigns, initiatives
from campaigns.storage.vault import Vault

Namer = Callable[[int], str]
LENGTH = 32  # hexadecimal digits


def namer(c: Connection, vault: Vault, initiative_id: int) -> Namer | None:
    """Person id → pseudonym in this initiative; None while it has no secret."""
    secret = c.scalar(select(initiatives.c.secret).where(initiatives.c.id == initiative_id))
    return None if secret is None else _named(vault.decrypt(secret).encode())


def make(c: Connection, vault: Vault, initiative_id: int) -> None:
    """The initiative has a secret; one that it has already stays."""
    new = update(initiatives).where(
        initiatives.c.id == initiative_id, initiatives.c.secret.is_(None)
    )
    c.execute(new.values(secret=vault.encrypt(token_hex(32))))


def of_person(c: Connection, vault: Vault, person_id: int) -> Sequence[tuple[int, str]]:
    """(campaign, pseudonym) of the person in every campaign whose initiative has a secret."""
    found = select(campaigns.c.id, campaigns.c.initiative_id).order_by(campaigns.c.id)
    names = []
    for campaign_id, initiative_id in c.execute(found).all():
        name = namer(c, vault, initiative_id)
        if name is not None:
            names.append((int(campaign_id), name(person_id)))
    return names


def _named(secret: bytes) -> Namer:
    def name(person_id: int) -> str:
        return hmac.new(secret, str(person_id).encode(), "sha256").hexdigest()[:LENGTH]

    return name
