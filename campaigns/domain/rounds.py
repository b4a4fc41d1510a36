"""Which rounds of a touchpoint are still to come, whatever versions of the campaign there were.

What comes once comes once for good. A cadence that a later version brings in or moves does not
begin in the past, and never asks again while the round that went out at its old time is still on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaigns.domain.definition import Cron, Every, Pulse, QuietHours, Scheduled, Vision
from campaigns.domain.people import Rhythm
from campaigns.domain.timing import Occurrence, due_for, next_permitted, occurrences

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Round:
    """A round that was planned: when, by which cadence, and until when it is on."""

    occurrence: Occurrence
    when: Scheduled
    on_for: timedelta
    cancelled: bool = False


def on_for(touchpoint: Vision | Pulse) -> timedelta:
    """How long a round is on: as long as a pulse takes answers, or the day of a vision message."""
    return timedelta(days=touchpoint.open_days) if isinstance(touchpoint, Pulse) else _DAY


def to_come(
    touchpoint: Vision | Pulse,
    planned: Sequence[Round],
    launched_on: date,
    since: date,
    until: datetime,
) -> list[Occurrence]:
    """The rounds by `until` that were not planned; `since` is when its times were last changed."""
    when = touchpoint.when
    if not isinstance(when, Cron | Every):
        return [] if planned else occurrences(when, launched_on, until)
    counted_from = since if isinstance(when, Cron) else launched_on
    known = {one.occurrence.key for one in planned}
    moved = [one for one in planned if one.when != when and not one.cancelled]
    fresh = [
        one
        for one in occurrences(when, counted_from, until)
        if one.at.date() >= since and one.key not in known and not _is_on(one, moved)
    ]
    return fresh if when.times is None else fresh[: max(0, when.times - len(planned))]


def is_too_late(touchpoint: Vision | Pulse, occurrence: Occurrence, now: datetime) -> bool:
    """Whether a round of a cadence would be closed everywhere before it went out."""
    return (
        isinstance(touchpoint, Pulse)
        and isinstance(touchpoint.when, Cron | Every)
        and occurrence.latest + on_for(touchpoint) <= now
    )


def due(
    touchpoint: Vision | Pulse,
    occurrence: Occurrence,
    rhythm: Rhythm,
    quiet: QuietHours,
    freed_at: datetime | None = None,
) -> tuple[datetime, datetime | None]:
    """When a round is due for everybody of this rhythm, and when it closes, if it ever does.

    `freed_at` is when a round that was held back was let go. An absence is looked at when the
    message is due: until then it may change.
    """
    anybody = rhythm.anybody()
    moment = due_for(occurrence, anybody)
    due_at = next_permitted(max(moment, freed_at or moment), anybody, quiet)
    return due_at, due_at + on_for(touchpoint) if isinstance(touchpoint, Pulse) else None


def _is_on(occurrence: Occurrence, moved: Sequence[Round]) -> bool:
    starts_at = occurrence.earliest
    return any(one.occurrence.earliest + one.on_for > starts_at for one in moved)
