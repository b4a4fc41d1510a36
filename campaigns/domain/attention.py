"""One budget of attention per person, over all campaigns: messages and minutes a week, days
between two pulses; and who gives way where not everything has room.

The strictest holds of all campaigns involved: the one that wants to write and those that wrote
within the time that its budget looks back on. A person's own wish comes on top. Pure, and nothing
here looks at what anybody answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from campaigns.domain.bounds import MOST_DAYS_BETWEEN, Limits
from campaigns.domain.definition import Definition
from campaigns.domain.effort import SHORT_SECONDS, seconds
from campaigns.domain.people import Person
from campaigns.domain.timing import WEEK, zone

LOOK_BACK = timedelta(days=MOST_DAYS_BETWEEN + 1)  # what was sent before weighs in no budget
LOOK_AHEAD = WEEK  # nothing gives way to what is due later
_AFTER = timedelta(minutes=15)  # how long one gives way to what is due and has not gone out yet
HIGH, NORMAL, LOW = 3, 2, 1
_RANKS = {"high": HIGH, "normal": NORMAL, "low": LOW}
_USUAL_LIMITS = Limits()  # for what belongs to no campaign
_USUAL = {"follow_up": HIGH, "pulse": NORMAL, "vision": NORMAL, "reminder": LOW}


@dataclass(frozen=True, slots=True)
class Touch:
    """What a message takes of attention, and what becomes of it where there is no room."""

    seconds: float = SHORT_SECONDS
    is_pulse: bool = False
    rank: int = NORMAL
    drops: bool = False  # rather than move
    limits: Limits = _USUAL_LIMITS  # of its campaign


SHORT = Touch()  # what no file says anything about


class Contact(NamedTuple):
    """A message that a person got, or is to get, at that moment."""

    at: datetime
    touch: Touch


class Room(NamedTuple):
    """The first moment with room in every budget, and why none earlier has; "" where it is now."""

    at: datetime
    reason: str = ""


def touch(definition: Definition, kind: str, key: str, *, wished: bool = False) -> Touch:
    """What the touchpoint takes when it goes out as that kind; `wished`: its reader asked for it.

    What no touchpoint says, such as one reminder more, has the rank of its kind.
    """
    limits, rank = definition.campaign.limits, HIGH if wished else _USUAL.get(kind, NORMAL)
    own = next((one for one in definition.campaign.touchpoints if one.key == key), None)
    if own is None or wished:
        return Touch(rank=rank, limits=limits)
    return Touch(
        seconds=seconds(definition, own),
        is_pulse=kind == "pulse",
        rank=_RANKS.get(own.priority or "", rank),
        drops=own.if_crowded == "drop",
        limits=limits,
    )


def room_for(
    wanted: Touch,
    spent: Sequence[Contact],
    rivals: Sequence[Contact],
    person: Person,
    now: datetime,
) -> Room:
    """When there is room for it: beside what the person got, and without taking the room of what
    ranks higher and is due within a week.

    One that alone takes more minutes than a week has goes out when nothing else did.
    """
    room = _beside(wanted, spent, person, now)
    above = sorted((one for one in rivals if one.touch.rank > wanted.rank), key=lambda one: one.at)
    for rival in above:
        if rival.at <= now + LOOK_AHEAD and _displaces(wanted, rival, spent, person, room.at):
            spent = [*spent, rival]
            later = _beside(wanted, spent, person, max(room.at, rival.at))
            room = Room(max(later.at, now + _AFTER), room.reason or "gave way")
    return room


def _displaces(
    wanted: Touch, rival: Contact, spent: Sequence[Contact], person: Person, at: datetime
) -> bool:
    """Whether the rival has room at its time, and would have none if this went out before it."""
    due_at = max(rival.at, at)
    with_it = [*spent, Contact(at, wanted)]
    return not _held(rival.touch, spent, person, due_at) and bool(
        _held(rival.touch, with_it, person, due_at)
    )


def _beside(wanted: Touch, spent: Sequence[Contact], person: Person, moment: datetime) -> Room:
    room = Room(moment)
    while held := _held(wanted, spent, person, room.at):
        room = Room(held.at, room.reason or held.reason)
    return room


def _held(wanted: Touch, spent: Sequence[Contact], person: Person, at: datetime) -> Room | None:
    """The next moment at which it is worth to look again, and why; None where there is room."""
    week = [one for one in spent if at - WEEK < one.at <= at]
    involved = [wanted.limits, *(one.touch.limits for one in week)]
    most = min(limits.messages_per_week for limits in involved)
    minutes = min(limits.minutes_per_week for limits in involved)
    taken = wanted.seconds + sum(one.touch.seconds for one in week)
    if week and len(week) >= min(most, person.per_week or most):
        return Room(min(one.at for one in week) + WEEK, "weekly cap")
    if week and taken > 60 * minutes:
        return Room(min(one.at for one in week) + WEEK, "minutes a week")
    return _next_pulse(wanted, spent, person, at) if wanted.is_pulse else None


def _next_pulse(
    wanted: Touch, spent: Sequence[Contact], person: Person, at: datetime
) -> Room | None:
    """Days are those of the person's own calendar."""
    local = zone(person.time_zone)
    last = at.astimezone(local).date()
    for one in spent:
        if one.touch.is_pulse and one.at <= at:
            days = max(wanted.limits.days_between_pulses, one.touch.limits.days_between_pulses)
            last = max(last, one.at.astimezone(local).date() + timedelta(days=days))
    if last <= at.astimezone(local).date():
        return None
    return Room(datetime.combine(last, time(), local).astimezone(at.tzinfo), "days between pulses")
