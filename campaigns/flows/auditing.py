"""Looks are written down before anything is shown, and the log is checked and read.

What was released of groups is shown by pages, Home pages and files; each of them calls `note`
first, so that nothing is seen without an entry. A look at one's own data is nobody's business and
has none.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from campaigns.domain.audit import COMMAND_LINE, Deed, Entry, Verdict, check, settings_detail
from campaigns.storage import audit
from campaigns.storage.database import Database


def note(
    database: Database, who: str, deed: Deed, now: datetime, campaign: str = "", detail: str = ""
) -> None:
    """The log says who is about to see what, or has changed what."""
    with database.write() as c:
        audit.put(c, who, deed, now, campaign, detail)


def note_settings(database: Database, values: Mapping[str, str], now: datetime) -> None:
    """The log says which settings are not as they were when the service last started.

    Their values stay out of it: marks stand for them that nobody can turn back.
    """
    key = database.seal_keys[-1]  # the oldest: a new data key must not make all look changed
    marks = {
        name: hmac.digest(key, value.encode(), sha256).hex()[:8] for name, value in values.items()
    }
    with database.write() as c:
        before = audit.newest_of(c, Deed.SETTINGS)
        detail = settings_detail(marks, before.detail if before else "")
        if detail:
            audit.put(c, COMMAND_LINE, Deed.SETTINGS, now, detail=detail)


def verify(database: Database, noted: str = "") -> Verdict:
    """Whether the log is whole; with the mark of an earlier check, also whether that is in it."""
    with database.read() as c:
        return check(audit.every(c), database.seal_keys, noted)


def page(database: Database, before: int | None, limit: int) -> Sequence[Entry]:
    """The newest entries first; those before that number where one is given."""
    with database.read() as c:
        return audit.page(c, before, limit)


def every(database: Database) -> Iterator[Entry]:
    """All entries, oldest first."""
    with database.read() as c:
        yield from audit.every(c)
