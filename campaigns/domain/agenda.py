"""When a campaign would write to one person, in that person's local time, at the most.

An estimate for authors before the launch: it knows no working hours, no holidays and no answers.
What really goes out is decided by rows in the outbox, never by this.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat

from campaigns.domain import sampling
from campaigns.domain.definition import (
    Cron,
    Definition,
    FollowUp,
    Pulse,
    Reminder,
    Scheduled,
)
from campaigns.domain.rotation import coming
from campaigns.domain.timing import WEEK, occurrences

HORIZON = timedelta(days=366)  # how far an open-ended cadence is looked at
MOST_OCCURRENCES = 400  # more than one a day is over every cap anyway


@dataclass(frozen=True, slots=True)
class Planned:
    """One message that a touchpoint would send at a local time; `asks` are those of a pulse's
    questions that have their turn in it."""

    touchpoint: str
    kind: str
    at: datetime
    asks: tuple[str, ...] = ()


def agenda(definition: Definition, launched_on: date, seen_on: date | None = None) -> list[Planned]:
    """Visions, pulses and reminders in order; follow-ups depend on answers.

    They are those up to a year after the launch, or after `seen_on`.
    """
    until = (seen_on or launched_on) + HORIZON
    planned: list[Planned] = []
    for touchpoint in definition.campaign.touchpoints:
        if isinstance(touchpoint, FollowUp):
            continue
        moments = (
            _reminders(definition, touchpoint, launched_on, until)
            if isinstance(touchpoint, Reminder)
            else local_moments(touchpoint.when, launched_on, until)
        )
        in_turn = coming(touchpoint) if isinstance(touchpoint, Pulse) else repeat(())
        planned += [
            Planned(touchpoint.key, touchpoint.kind, at, asks)
            for at, asks in zip(moments, in_turn, strict=False)
        ]
    return sorted(planned, key=lambda one: one.at)


def local_moments(when: Scheduled, launched_on: date, until: date | None = None) -> list[datetime]:
    """The local times of a touchpoint before that day, or in the first year after the launch."""
    if isinstance(when, Cron):
        times = min(when.times or MOST_OCCURRENCES, MOST_OCCURRENCES)
        when = when.model_copy(update={"times": times})
    end = datetime.combine(until or launched_on + HORIZON, time(), UTC)
    return [one.at.replace(tzinfo=None) for one in occurrences(when, launched_on, end)]


def ahead(when: Scheduled, launched_on: date, today: date) -> list[datetime]:
    """The local times in the year from today on; of what is launched today also those before it,
    which go out at once."""
    moments = local_moments(when, launched_on, today + HORIZON)
    return [at for at in moments if launched_on == today or at.date() >= today]


def of_one(
    definition: Definition, planned: Sequence[Planned], n_in_team: int, turn: int = 0
) -> list[Planned]:
    """What of an agenda comes to somebody in a team of so many, where pulses ask a part of each
    team in turn; `turn` is the person's, of which the first has the most rounds and -1 the least.
    """
    at_least = definition.campaign.confidentiality.minimum_group
    parts: dict[str, int] = {}
    for one in definition.campaign.touchpoints:
        if isinstance(one, Pulse):
            parts[one.key] = sampling.parts(one.ask.one_in, at_least, n_in_team)
    for one in definition.campaign.touchpoints:
        if isinstance(one, Reminder):
            parts[one.key] = parts.get(one.when.pulse, 1)
    rounds = Counter[str]()
    found: list[Planned] = []
    for each in planned:
        n_parts = parts.get(each.touchpoint, 1)
        if rounds[each.touchpoint] % n_parts == turn % n_parts:
            found.append(each)
        rounds[each.touchpoint] += 1
    return found


def busiest_week(planned: Sequence[Planned]) -> tuple[date, int]:
    """The first day and the number of messages of the seven days with the most of them."""
    best: tuple[date, int] = (date.min, 0)
    end = 0
    for index, first in enumerate(planned):
        while end < len(planned) and planned[end].at < first.at + WEEK:
            end += 1
        n_within = end - index
        if n_within > best[1]:
            best = (first.at.date(), n_within)
    return best


def _reminders(
    definition: Definition, reminder: Reminder, launched_on: date, until: date
) -> list[datetime]:
    pulses = definition.campaign.pulses
    pulse = next((one for one in pulses if one.key == reminder.when.pulse), None)
    if pulse is None:
        return []
    after = timedelta(days=reminder.when.days)
    return [at + after for at in local_moments(pulse.when, launched_on, until)]
