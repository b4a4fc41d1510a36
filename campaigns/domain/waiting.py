"""Whether a pulse waits until something was told back: who is asked again without a word of what
became of the last answers stops answering.

It never waits for ever: after some days it goes on by itself, and the communications team can let
it go on before.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaigns.domain.definition import Campaign


@dataclass(frozen=True, slots=True)
class Owing:
    """That nothing was told back since that day; of a pulse that waits for it, the day it was to
    come and the one on which it goes on by itself."""

    since: date
    pulse_on: date | None = None
    until: date | None = None


def owed_since(heard_at: datetime | None, answered_at: datetime | None) -> datetime | None:
    """When themes were last published, where nothing came of them after that; None else."""
    if heard_at is None or (answered_at is not None and answered_at >= heard_at):
        return None
    return heard_at


def goes_on_at(campaign: Campaign, starts_at: datetime) -> datetime:
    """When a pulse that was to start then no longer waits."""
    return starts_at + timedelta(days=campaign.tell_back_days)


def waits(campaign: Campaign, starts_at: datetime, owed: datetime | None, now: datetime) -> bool:
    """Whether a pulse that starts then waits at this moment; `owed` is from `owed_since`."""
    is_owed = campaign.tell_back == "wait" and owed is not None
    return is_owed and now < goes_on_at(campaign, starts_at)
