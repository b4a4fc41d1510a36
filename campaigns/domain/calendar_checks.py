"""Whether the times of a campaign can be kept: unreadable, past, overlapping, too many a week."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise

from cronsim import CronSim, CronSimError

from campaigns.domain.agenda import Planned, agenda, ahead, busiest_week, local_moments, of_one
from campaigns.domain.attention_checks import attention_remarks
from campaigns.domain.definition import (
    At,
    Cron,
    DaysAfterLaunch,
    Definition,
    Pulse,
    Reminder,
    Vision,
)
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, error, warning
from campaigns.domain.rounds import on_for
from campaigns.domain.timing import first_occurrence

Span = tuple[datetime, datetime, int]  # opens, closes, index of the touchpoint


def calendar_remarks(
    definition: Definition,
    now: datetime,
    launched_on: date,
    begun: Collection[str] = (),
    n_in_team: int = 0,
) -> Iterator[Remark]:
    """What is wrong with the times if this were launched, or launched anew, now; `begun` are the
    touchpoints that an earlier version began, and `n_in_team` is how many the smallest team has:
    where a pulse asks a part of each team a time, its people are asked most often."""
    times = partial(ahead, launched_on=launched_on, today=now.date())
    planned = [
        one
        for one in of_one(definition, agenda(definition, launched_on, now.date()), n_in_team)
        if launched_on == now.date() or one.at.date() >= now.date()
    ]
    found = [
        *_goals(definition, now.date()),
        *_times(definition, now, launched_on, begun),
        *_overlaps(definition, planned),
        *_too_many(definition, planned),
    ]
    yield from found
    yield from attention_remarks(definition, planned, times, {one.path for one in found})


def _goals(definition: Definition, today: date) -> Iterator[Remark]:
    for index, goal in enumerate(definition.initiative.goals):
        if goal.by is not None and goal.by < today:
            yield warning(("initiative", "goals", index, "by"), "this day is in the past")


def _times(
    definition: Definition, now: datetime, launched_on: date, begun: Collection[str]
) -> Iterator[Remark]:
    for index, touchpoint in enumerate(definition.campaign.touchpoints):
        path = ("campaign", "touchpoints", index, "when")
        if isinstance(touchpoint, Reminder):
            yield from _reminder(definition, touchpoint, path)
        if isinstance(touchpoint, Vision | Pulse):
            if isinstance(touchpoint.when, Cron):
                yield from _cadence(touchpoint.when, now, path)
            if touchpoint.key not in begun:
                yield from _past(touchpoint, now, launched_on, path)


def _past(
    touchpoint: Vision | Pulse, now: datetime, launched_on: date, path: Path
) -> Iterator[Remark]:
    """What comes once, at a time before the launch or before the version that brings it in."""
    when = touchpoint.when
    once = isinstance(when, At) or (isinstance(when, DaysAfterLaunch) and launched_on < now.date())
    first = first_occurrence(when, launched_on) if once else None
    if first is None or first.latest >= now:
        return
    closed = isinstance(touchpoint, Pulse) and first.latest + on_for(touchpoint) <= now
    effect = "nobody would get it, it would be closed" if closed else "it would go out at once"
    place = "at" if isinstance(when, At) else "days_after_launch"
    yield warning((*path, place), f"this is in the past: {effect}")


def _cadence(when: Cron, now: datetime, path: Path) -> Iterator[Remark]:
    if len(when.cron.split()) != 5 or not _is_readable(when.cron):
        yield error(
            (*path, "cron"),
            'expected five fields, minute hour day month weekday, such as "0 10 * * 2" '
            "for Tuesdays at 10:00",
        )
    elif when.first_on and when.until and when.until < when.first_on:
        yield error((*path, "until"), "the last day is before the first one")
    elif when.until and when.until < now.date():
        yield warning((*path, "until"), "the last day is in the past: nothing would go out")
    elif not local_moments(when, now.date()):
        yield warning((*path, "cron"), "nothing would go out within a year of the launch")


def _is_readable(cron: str) -> bool:
    try:
        CronSim(cron, datetime(2027, 1, 1))  # noqa: DTZ001  any local time will do
    except CronSimError:
        return False
    return True


def _reminder(definition: Definition, reminder: Reminder, path: Path) -> Iterator[Remark]:
    for pulse in definition.campaign.pulses:
        if pulse.key == reminder.when.pulse and reminder.when.days >= pulse.open_days:
            yield error(
                (*path, "days"),
                f'"{pulse.key}" is closed {pulse.open_days} days after it went out; '
                f"expected {pulse.open_days - 1} or less",
            )


def _overlaps(definition: Definition, planned: Sequence[Planned]) -> Iterator[Remark]:
    """One remark for each pulse that opens while one is still open."""
    told: set[int] = set()
    for (_, closes, index), (opens, _, later) in pairwise(_open_spans(definition, planned)):
        if opens < closes and later not in told:
            told.add(later)
            other = definition.campaign.touchpoints[index].key
            path = ("campaign", "touchpoints", later, "when")
            which = "its previous round" if index == later else f'"{other}"'
            yield warning(path, f"on {opens.date()} it would open while {which} is still open")


def _open_spans(definition: Definition, planned: Sequence[Planned]) -> Sequence[Span]:
    return sorted(
        (one.at, one.at + timedelta(days=pulse.open_days), index)
        for index, pulse in enumerate(definition.campaign.touchpoints)
        if isinstance(pulse, Pulse)
        for one in planned
        if one.touchpoint == pulse.key
    )


def _too_many(definition: Definition, planned: Sequence[Planned]) -> Iterator[Remark]:
    most = definition.campaign.limits.messages_per_week
    first, n_messages = busiest_week(planned)
    if n_messages > most:
        yield warning(
            ("campaign", "limits", "messages_per_week"),
            f"in the seven days from {first} a person could get {n_messages} messages; over "
            f"{most} they wait, and some may come too late to be sent",
        )
