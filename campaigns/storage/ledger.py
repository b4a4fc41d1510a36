"""The ledger's rows: what was decided about what a group said, and how far it was told back.

The cursor moves only in the transaction that writes the outbox rows of the people it passes.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from campaigns.domain.ledger import Course, Decision, Entry, Voice
from campaigns.storage.campaigns import RUNNING
from campaigns.storage.tables import campaigns, ledger
from sentiment.labels import Theme


@dataclass(frozen=True, slots=True)
class Spreading:
    """An entry that is being told; `cursor` is the last person whom it was written out for."""

    entry: Entry
    cursor: int


def put(c: Connection, campaign_id: int, voice: Voice, decision: Decision, owner_id: int) -> int:
    """The decision is an entry, told to nobody; its id."""
    about = {"period": voice.period, "team_id": voice.node, "theme": voice.theme}
    new = insert(ledger).values(campaign_id=campaign_id, **about, **_values(decision, owner_id))
    return int(c.execute(new.returning(ledger.c.id)).scalar_one())


def change(c: Connection, entry_id: int, version: int, decision: Decision, owner_id: int) -> bool:
    """The entry says that instead; whether it still was in that version."""
    wanted = update(ledger).where(ledger.c.id == entry_id, ledger.c.version == version)
    values = _values(decision, owner_id)
    return c.execute(wanted.values(**values, version=version + 1)).rowcount == 1


def by_id(c: Connection, entry_id: int) -> Entry | None:
    """The entry with that id; None where there is none."""
    row = c.execute(select(ledger).where(ledger.c.id == entry_id)).first()
    return None if row is None else _from(row)


def of_campaign(c: Connection, campaign_id: int) -> list[Entry]:
    """All entries of the campaign, those about the newest period first."""
    found = select(ledger).where(ledger.c.campaign_id == campaign_id)
    return [_from(row) for row in c.execute(found.order_by(ledger.c.period.desc(), ledger.c.id))]


def of_owner(c: Connection, person_id: int) -> list[Entry]:
    """The entries that this person answers for."""
    found = select(ledger).where(ledger.c.owner_id == person_id).order_by(ledger.c.id)
    return [_from(row) for row in c.execute(found)]


def n_of_owner(c: Connection, person_id: int) -> int:
    """How many entries name that one."""
    return c.scalar(select(func.count()).where(ledger.c.owner_id == person_id)) or 0


def tell(c: Connection, entry_id: int, version: int, now: datetime) -> bool:
    """The entry is told from now on; whether it still was in that version, told to nobody."""
    wanted = update(ledger).where(
        ledger.c.id == entry_id, ledger.c.version == version, ledger.c.told_at.is_(None)
    )
    return c.execute(wanted.values(told_at=now)).rowcount == 1


def last_told(c: Connection, campaign_id: int) -> datetime | None:
    """When anything was last told back in the campaign; None where nothing was."""
    found = select(func.max(ledger.c.told_at)).where(ledger.c.campaign_id == campaign_id)
    last: datetime | None = c.scalar(found)
    return last


def waiting(c: Connection) -> list[int]:
    """Ids of the entries of running campaigns that are being told, in the order of that."""
    found = (
        select(ledger.c.id)
        .join(campaigns, campaigns.c.id == ledger.c.campaign_id)
        .where(~ledger.c.spread, ledger.c.told_at.is_not(None), campaigns.c.state == RUNNING)
        .order_by(ledger.c.told_at, ledger.c.id)
    )
    return list(c.scalars(found))


def lock(c: Connection, entry_id: int) -> Spreading | None:
    """The entry, locked until the transaction ends; None where it is no longer to be told."""
    found = (
        select(ledger)
        .join(campaigns, campaigns.c.id == ledger.c.campaign_id)
        .where(ledger.c.id == entry_id, ~ledger.c.spread, ledger.c.told_at.is_not(None))
        .where(campaigns.c.state == RUNNING)
        .with_for_update(of=ledger)
    )
    row = c.execute(found).first()
    return None if row is None else Spreading(_from(row), row.cursor)


def advance(c: Connection, entry_id: int, cursor: int, *, done: bool) -> None:
    """Everybody up to `cursor` was written out for; `done` where that is everybody."""
    values = {"cursor": cursor, "spread": done}
    c.execute(update(ledger).where(ledger.c.id == entry_id).values(values))


def _values(decision: Decision, owner_id: int) -> dict[str, Any]:
    return {
        "course": decision.course,
        "text": json.dumps(dict(decision.text)),
        "reason": json.dumps(dict(decision.reason)),
        "due_on": decision.due_on,
        "owner_id": owner_id,
    }


def _from(row: Row[Any]) -> Entry:
    text, reason = json.loads(row.text), json.loads(row.reason)
    return Entry(
        id=row.id,
        campaign_id=row.campaign_id,
        voice=Voice(row.period, row.team_id, Theme(row.theme)),
        decision=Decision(Course(row.course), text, row.due_on, reason),
        owner_id=row.owner_id,
        version=row.version,
        told_at=row.told_at,
    )
