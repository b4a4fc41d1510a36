"""The ledger's rows: what was decided about what a group said, and how far it was told back.

The cursor moves only in the transaction that writes the outbox rows of the people it passes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from campaigns.domain.ledger import Course, Entry, Voice
from campaigns.storage.campaigns import RUNNING
from campaigns.storage.tables import campaigns, ledger
from sentiment.labels import Theme


@dataclass(frozen=True, slots=True)
class NewEntry:
    """All that whoever writes an entry says."""

    campaign_id: int
    voice: Voice
    course: Course
    text: Mapping[str, str]
    reason: Mapping[str, str]
    owner_id: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Spreading:
    """An entry that is being told; `cursor` is the last person whom it was written out for."""

    entry: Entry
    cursor: int


def put(c: Connection, new: NewEntry) -> int:
    """The entry is there, told to nobody; its id."""
    wanted = insert(ledger).values(**_values(new)).returning(ledger.c.id)
    return int(c.execute(wanted).scalar_one())


def change(c: Connection, before: Entry, new: NewEntry) -> bool:
    """The entry says that instead; whether nobody else had changed it since."""
    wanted = update(ledger).where(ledger.c.id == before.id, ledger.c.version == before.version)
    return c.execute(wanted.values(**_values(new), version=before.version + 1)).rowcount == 1


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


def tell(c: Connection, entry: Entry, now: datetime) -> bool:
    """The entry is told from now on; whether it stood as given and was told to nobody before."""
    wanted = update(ledger).where(
        ledger.c.id == entry.id, ledger.c.version == entry.version, ledger.c.told_at.is_(None)
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


def _values(new: NewEntry) -> dict[str, Any]:
    return {
        "campaign_id": new.campaign_id,
        "period": new.voice.period,
        "team_id": new.voice.node,
        "theme": new.voice.theme,
        "course": new.course,
        "text": json.dumps(dict(new.text)),
        "reason": json.dumps(dict(new.reason)),
        "owner_id": new.owner_id,
        "due_on": new.due_on,
    }


def _from(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        campaign_id=row.campaign_id,
        voice=Voice(row.period, row.team_id, Theme(row.theme)),
        course=Course(row.course),
        text=json.loads(row.text),
        reason=json.loads(row.reason),
        owner_id=row.owner_id,
        due_on=row.due_on,
        version=row.version,
        told_at=row.told_at,
    )
