"""Initiatives, campaigns and their versions; a version is never changed once it is stored.

What was sent under a version is read with that version for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from campaigns.domain.definition import Definition
from campaigns.errors import NotFoundError
from campaigns.storage.once import insert_once
from campaigns.storage.tables import campaign_versions, campaigns, initiatives

RUNNING, PAUSED, STOPPED = "running", "paused", "stopped"
# Asked once a message: built once, for that takes longer than to ask.
_DEFINITION = select(campaign_versions.c.definition).where(
    campaign_versions.c.id == bindparam("version_id")
)
_STATE = select(campaigns.c.state).where(campaigns.c.id == bindparam("campaign_id"))


@dataclass(frozen=True, slots=True)
class Launched:
    """A launched campaign with its current version; `version_at` is when that one came in.

    `reason` says why it is paused where that was nobody's wish.
    """

    id: int
    key: str
    initiative_id: int
    state: str
    version_id: int
    number: int
    launched_at: datetime
    definition: Definition
    version_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """What one version says, and since when."""

    id: int
    created_at: datetime
    definition: Definition


def by_key(c: Connection, key: str) -> Launched:
    """The campaign with that key, stopped ones too; NotFoundError where there is none."""
    return _one(c, _launched().where(campaigns.c.key == key), f'No campaign is called "{key}".')


def by_id(c: Connection, campaign_id: int) -> Launched:
    """The campaign with that id; NotFoundError where there is none."""
    return _one(c, _BY_ID, f"There is no campaign {campaign_id}.", campaign_id=campaign_id)


def ids_by_key(c: Connection) -> dict[str, int]:
    """Key → id of every campaign that was ever launched."""
    return {row.key: row.id for row in c.execute(select(campaigns.c.key, campaigns.c.id))}


def running(c: Connection) -> list[Launched]:
    """The campaigns that send, by id."""
    return _many(c, _launched().where(campaigns.c.state == RUNNING))


def all_launched(c: Connection) -> list[Launched]:
    """Every campaign that was ever launched, by id."""
    return _many(c, _launched())


def definition(c: Connection, version_id: int) -> Definition:
    """What that version says; parsed once in the life of the process."""
    text = c.scalar(_DEFINITION, {"version_id": version_id})
    if text is None:
        raise NotFoundError(f"There is no campaign version {version_id}.")
    return _parse(text)


def versions(c: Connection, campaign_id: int) -> list[Version]:
    """Every version of the campaign, the newest first."""
    found = select(campaign_versions).where(campaign_versions.c.campaign_id == campaign_id)
    rows = c.execute(found.order_by(campaign_versions.c.number.desc()))
    return [Version(row.id, row.created_at, _parse(row.definition)) for row in rows]


def put(c: Connection, definition: Definition, now: datetime) -> Launched:
    """The campaign is stored with this definition as its current version.

    The same content as the current version makes no new one; a new campaign is running.
    """
    initiative_id = _initiative(c, definition.initiative.key)
    key = definition.campaign.key
    row = {"initiative_id": initiative_id, "key": key, "state": RUNNING}
    insert_once(c, campaigns, [row | {"launched_at": now, "changed_at": now}], ["key"])
    locked = select(campaigns.c.id).where(campaigns.c.key == key).with_for_update()
    campaign_id = int(c.execute(locked).scalar_one())
    version_id = _version(c, campaign_id, definition, now)
    values = {"version_id": version_id, "initiative_id": initiative_id}
    c.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(values))
    return by_id(c, campaign_id)


def set_state(c: Connection, campaign_id: int, state: str, now: datetime) -> None:
    """The campaign is running, paused or stopped from now on, because somebody wished it."""
    changed = {"state": state, "changed_at": now, "reason": ""}
    c.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(changed))


def pause_all(c: Connection, reason: str, now: datetime) -> int:
    """No campaign runs until somebody resumes it; each of those that ran says why: how many."""
    changed = {"state": PAUSED, "changed_at": now, "reason": reason}
    return c.execute(update(campaigns).where(campaigns.c.state == RUNNING).values(changed)).rowcount


def hold(c: Connection, ids: Sequence[int]) -> None:
    """Until this transaction ends, nobody else closes, erases or scores anew in these campaigns."""
    found = select(campaigns.c.id).where(campaigns.c.id.in_(ids)).order_by(campaigns.c.id)
    c.execute(found.with_for_update(key_share=True)).all()


def state(c: Connection, campaign_id: int) -> str | None:
    """The campaign's state; None where there is no such campaign."""
    found: str | None = c.scalar(_STATE, {"campaign_id": campaign_id})
    return found


def states(c: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The state of each of these campaigns."""
    found = select(campaigns.c.id, campaigns.c.state).where(campaigns.c.id.in_(ids))
    return {row.id: row.state for row in c.execute(found)}


def _initiative(c: Connection, key: str) -> int:
    insert_once(c, initiatives, [{"key": key}], ["key"])
    return int(c.execute(select(initiatives.c.id).where(initiatives.c.key == key)).scalar_one())


def _version(c: Connection, campaign_id: int, definition: Definition, now: datetime) -> int:
    text, digest = definition.as_json, definition.sha256
    newest = c.execute(
        select(campaign_versions)
        .where(campaign_versions.c.campaign_id == campaign_id)
        .order_by(campaign_versions.c.number.desc())
        .limit(1)
    ).first()
    if newest is not None and newest.sha256 == digest:
        return int(newest.id)
    number = 1 if newest is None else newest.number + 1
    row = {"campaign_id": campaign_id, "number": number, "definition": text, "sha256": digest}
    done = c.execute(insert(campaign_versions).values(**row, created_at=now))
    assert done.inserted_primary_key is not None  # noqa: S101  an insert of one row has one
    return int(done.inserted_primary_key[0])


def _launched() -> Select[Any]:
    version = campaign_versions.c
    return (
        select(campaigns, version.number, version.definition, version.created_at)
        .join(campaign_versions, version.id == campaigns.c.version_id)
        .order_by(campaigns.c.id)
    )


_BY_ID = _launched().where(campaigns.c.id == bindparam("campaign_id"))


def _one(c: Connection, found: Select[Any], missing: str, **values: object) -> Launched:
    row = c.execute(found, values).first()
    if row is None:
        raise NotFoundError(missing)
    return _from(row)


def _many(c: Connection, found: Select[Any]) -> list[Launched]:
    return [_from(row) for row in c.execute(found)]


def _from(row: Row[Any]) -> Launched:
    return Launched(
        id=row.id,
        key=row.key,
        initiative_id=row.initiative_id,
        state=row.state,
        version_id=row.version_id,
        number=row.number,
        launched_at=row.launched_at,
        definition=_parse(row.definition),
        version_at=row.created_at,
        reason=row.reason,
    )


@lru_cache(maxsize=64)
def _parse(text: str) -> Definition:
    return Definition.model_validate_json(text)
