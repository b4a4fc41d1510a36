"""A pulse that waits until something was told back: held, let go by itself, or by a press.

What holds it and what lets it go are columns of its run, so that it is lost by nothing and goes
out once; nobody's answer is looked at.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.audit import COMMAND_LINE, Deed
from campaigns.domain.definition import Pulse
from campaigns.domain.waiting import Owing, goes_on_at, owed_since, waits
from campaigns.errors import StateError
from campaigns.storage import audit, campaigns, ledger, releases, runs
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database
from campaigns.storage.runs import Run


def holds(c: Connection, run_id: int, now: datetime) -> bool:
    """Whether the run waits now; that it began to, or no longer does, is written down."""
    run = runs.by_id(c, run_id)
    if run is None or run.cursor or run.freed_at is not None:
        return False
    launched = campaigns.by_id(c, run.campaign_id)
    if isinstance(campaigns.definition(c, run.version_id).touchpoint(run.touchpoint), Pulse):
        went_on_at = runs.last_freed(c, launched.id)
        owed = owed_since(_owed(c, launched), went_on_at)  # a later pulse waits no second time
        if waits(launched.definition.campaign, run.starts_at, owed, now):
            runs.hold(c, run.id, now)
            return True
        if run.held_at is not None:
            runs.free(c, run.id, now)
    return False


def go_on(database: Database, key: str, now: datetime, by: str = COMMAND_LINE) -> None:
    """What waits of that campaign goes on although nothing was told back; StateError where nothing
    waits."""
    with database.write() as c:
        launched = campaigns.by_key(c, key)
        held = runs.held(c, launched.id)
        if not held:
            raise StateError(f'No pulse of the campaign "{key}" waits for something to be told.')
        for run in held:
            runs.free(c, run.id, now)
        audit.put(c, by, Deed.WENT_ON, now, key, f"{len(held)} held for want of telling back")


def owing(c: Connection, launched: Launched) -> Owing | None:
    """What the communications team is told: that nothing was told back, and what waits for it."""
    campaign, owed = launched.definition.campaign, _owed(c, launched)
    if campaign.tell_back == "off" or owed is None or launched.state == STOPPED:
        return None
    held: Run | None = next(iter(runs.held(c, launched.id)), None)
    if held is None:
        return Owing(owed.date())
    until = goes_on_at(campaign, held.starts_at)
    return Owing(owed.date(), datetime.fromisoformat(held.occurrence).date(), until.date())


def _owed(c: Connection, launched: Launched) -> datetime | None:
    heard_at = releases.last_with_themes(c, launched.id)
    return owed_since(heard_at, ledger.last_told(c, launched.id))
