"""Touchpoints at a bad moment: in a busy time, on a public holiday, beside another campaign's.

Pure, and about days and audiences only: it must never ask who answers less when. Nothing is moved
here; whoever plans the campaign is told, and a better day is named where there is one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from campaigns.domain.agenda import Planned, agenda
from campaigns.domain.audience import may_share, teams_of
from campaigns.domain.definition import Audience, BusyTime, Definition
from campaigns.domain.people import TeamTree
from campaigns.domain.public_holidays import is_holiday

DAY = timedelta(days=1)
LOOKED_AHEAD = 28  # days in which a better one is looked for
MANY = 0.1  # of the people; fewer who are away get it when they are back, and that is fine
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


@dataclass(frozen=True, slots=True)
class Around:
    """What else there is: other campaigns, and how many people of a campaign's teams live under the
    public holidays of which region ("" for those of whom none is known)."""

    elsewhere: tuple[Elsewhere, ...] = ()
    regions: Mapping[str, int] = field(default_factory=dict)


ALONE = Around()


def bad_moments(
    definition: Definition,
    launched_on: date,
    from_on: date,
    tree: TeamTree | None = None,
    around: Around = ALONE,
) -> list[BadMoment]:
    """Visions and pulses from that day on, in order, that come at a bad moment.

    Without a team tree all teams count as one.
    """
    planned = [one for one in agenda(definition, launched_on, from_on) if one.kind in PLANNED]
    taken: dict[date, list[str]] = defaultdict(list)
    for day, why in _busy(definition, tree):
        taken[day].append(why)
    for day, why in _others(definition.campaign.audience, from_on, tree, around):
        taken[day].append(why)
    for day, why in _holidays({one.at.date() for one in planned}, around.regions):
        taken[day].append(why)
    return list(_found(planned, from_on, taken, around.regions))


def _found(
    planned: Sequence[Planned], from_on: date, taken: Taken, regions: Mapping[str, int]
) -> Iterator[BadMoment]:
    own = {one.at.date() for one in planned}
    for one in planned:
        day = one.at.date()
        if day >= from_on and day in taken:
            better = _better(day, own | taken.keys(), regions)
            yield BadMoment(one.touchpoint, day, tuple(taken[day]), better)


def _better(day: date, full: Collection[date], regions: Mapping[str, int]) -> date | None:
    for later in (day + n * DAY for n in range(1, LOOKED_AHEAD + 1)):
        if later.weekday() < 5 and later not in full and not _away(later, regions):
            return later
    return None


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
    audience: Audience, from_on: date, tree: TeamTree | None, around: Around
) -> Iterator[tuple[date, str]]:
    for other in around.elsewhere:
        campaign = other.definition.campaign
        if tree is not None and not may_share(tree, audience, campaign.audience):
            continue
        days = {
            one.at.date()
            for one in agenda(other.definition, other.launched_on, from_on)
            if one.kind in PLANNED
        }
        for day in sorted(days):
            yield day, f'the campaign "{campaign.key}" writes on the same day'


def _holidays(days: Iterable[date], regions: Mapping[str, int]) -> Iterator[tuple[date, str]]:
    for day in days:
        if away := _away(day, regions):
            yield day, f"it is a public holiday in {', '.join(away)}"


def _away(day: date, regions: Mapping[str, int]) -> list[str]:
    """The regions whose holiday it is, where enough people live under it."""
    off = sorted(region for region in regions if is_holiday(region, day))
    enough = sum(regions[region] for region in off) >= MANY * sum(regions.values())
    return off if enough else []
