"""Launches that wait for a second person, and those that were approved: each for one content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from campaigns.domain.definition import Definition
from campaigns.storage.once import insert_once
from campaigns.storage.tables import approvals


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wished to launch this content, and who approved it; people as the audit log names
    them."""

    definition: Definition
    sha256: str
    asked_by: str
    asked_at: datetime
    approved_by: str | None
    approved_at: datetime | None


def ask(c: Connection, definition: Definition, asked_by: str, now: datetime, *, anew: bool) -> bool:
    """The wish to launch this content is the newest of its campaign, by whoever had it first, or
    `anew`: then an approval it had is gone. Whether anything changed."""
    row = {
        "campaign": definition.campaign.key,
        "sha256": definition.sha256,
        "definition": definition.as_json,
        "asked_by": asked_by,
        "asked_at": now,
    }
    if insert_once(c, approvals, [row], ["campaign", "sha256"]) == 1:
        return True
    this = (_of(definition.campaign.key), approvals.c.sha256 == definition.sha256)
    if anew:
        changed = {"asked_by": asked_by, "approved_by": None, "approved_at": None}
        c.execute(update(approvals).where(*this).values(asked_at=now, **changed))
        return True
    newest = _newest(c)[definition.campaign.key]
    if newest.sha256 == definition.sha256:
        return False
    open_ = approvals.c.approved_by.is_(None)
    return c.execute(update(approvals).where(*this, open_).values(asked_at=now)).rowcount == 1


def of(c: Connection, definition: Definition) -> Wish | None:
    """The wish to launch exactly this content."""
    this = approvals.c.sha256 == definition.sha256
    row = c.execute(select(approvals).where(_of(definition.campaign.key), this)).first()
    return None if row is None else _from(row)


def waiting(c: Connection) -> list[Wish]:
    """Of each campaign the newest wish, where nobody has approved it, by campaign."""
    return [_from(row) for row in _newest(c).values() if row.approved_by is None]


def _newest(c: Connection) -> dict[str, Row[Any]]:
    by_age = (approvals.c.campaign, approvals.c.asked_at, approvals.c.id)
    return {row.campaign: row for row in c.execute(select(approvals).order_by(*by_age))}


def approve(c: Connection, wish: Wish, by: str, now: datetime) -> bool:
    """It is approved by that person; whether nobody was before them."""
    this = (_of(wish.definition.campaign.key), approvals.c.sha256 == wish.sha256)
    open_ = approvals.c.approved_by.is_(None)
    wanted = update(approvals).where(*this, open_)
    return c.execute(wanted.values(approved_by=by, approved_at=now)).rowcount == 1


def _of(key: str) -> Any:
    return approvals.c.campaign == key


def _from(row: Row[Any]) -> Wish:
    return Wish(
        Definition.model_validate_json(row.definition),
        row.sha256,
        row.asked_by,
        row.asked_at,
        row.approved_by,
        row.approved_at,
    )
