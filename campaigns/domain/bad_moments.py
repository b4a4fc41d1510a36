"""Touchpoints that would come at a bad moment: a peak of workload, another campaign's message.

Pure, and about days and audiences only: it must never ask who answers less when. Nothing is moved
here; whoever plans the campaign is told, and a better day is named where there is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.domain.agenda import Planned, agenda
from campaigns.domain.audience import may_share, teams_of
from campaigns.domain.definition import Audience, BusyTime, Definition
from campaigns.domain.people import TeamTree

DAY = timedelta(days=1)
LOOKED_AHEAD = 28  # days in which a better one is looked for
PLANNED = frozenset({"vision", "pulse"})  # the others follow from these, or from an answer

Taken = Mapping[date, Sequence[str]]  # day → why it is a bad one


@dataclass(frozen=True, slots=True)
class BadMoment:
    """A touchpoint on a bad day, why it is one, and the next working day that isn't."""

    touchpoint: str
    on: date
    whys: tuple[str, ...]
    better: date | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another campaign that is running, and the day it was launched on."""

    definition: Definition
    launched_on: date


def bad_moments(
    definition: Definition,
    launched_on: date,
    from_on: date,
    tree: TeamTree | None = None,
    elsewhere: Iterable[Elsewhere] = (),
) -> list[BadMoment]:
    """Visions and pulses from that day on, in order, that come at a bad moment.

    Without a team tree all teams count as one.
    """
    planned = [one for one in agenda(definition, launched_on) if one.kind in PLANNED]
    taken: dict[date, list[str]] = defaultdict(list)
    for day, why in _busy(definition, tree):
        taken[day].append(why)
    for day, why in _others(definition.campaign.audience, tree, elsewhere):
        taken[day].append(why)
    return list(_found(planned, from_on, taken))


def _found(planned: Sequence[Planned], from_on: date, taken: Taken) -> Iterator[BadMoment]:
    own = {one.at.date() for one in planned}
    for one in planned:
        day = one.at.date()
        if day >= from_on and day in taken:
            better = _better(day, own | taken.keys())
            yield BadMoment(one.touchpoint, day, tuple(taken[day]), better)


def _better(day: date, full: Iterable[date]) -> date | None:
    later = (day + n * DAY for n in range(1, LOOKED_AHEAD + 1))
    full = frozenset(full)
    return next((one for one in later if one.weekday() < 5 and one not in full), None)


def _busy(definition: Definition, tree: TeamTree | None) -> Iterator[tuple[date, str]]:
    audience = definition.campaign.audience
    for busy in definition.campaign.busy_times:
        if tree is not None and not _concerns(busy, audience, tree):
            continue
        whose = f" for {', '.join(busy.teams)}" if busy.teams else ""
        for n in range((busy.until - busy.from_).days + 1):
            yield busy.from_ + n * DAY, f"{busy.label} is a busy time{whose}"


def _concerns(busy: BusyTime, audience: Audience, tree: TeamTree) -> bool:
    return bool(teams_of(tree, Audience(teams=busy.teams)) & teams_of(tree, audience))


def _others(
    audience: Audience, tree: TeamTree | None, elsewhere: Iterable[Elsewhere]
) -> Iterator[tuple[date, str]]:
    for other in elsewhere:
        campaign = other.definition.campaign
        if tree is not None and not may_share(tree, audience, campaign.audience):
            continue
        days = {
            one.at.date()
            for one in agenda(other.definition, other.launched_on)
            if one.kind in PLANNED
        }
        for day in sorted(days):
            yield day, f'the campaign "{campaign.key}" writes on the same day'
