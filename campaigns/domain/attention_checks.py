"""Whether a campaign keeps to its own budget of attention: minutes a week, days between pulses.

It knows no other campaign and no answer, so a person's week can be fuller than what is seen here.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from campaigns.domain.agenda import Planned
from campaigns.domain.definition import Definition, FollowUp, Pulse, Scheduled
from campaigns.domain.effort import seconds
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, warning
from campaigns.domain.timing import WEEK

Ahead = Callable[[Scheduled], list[datetime]]  # the local times still to come


def attention_remarks(
    definition: Definition, planned: Sequence[Planned], times: Ahead, told: Collection[Path]
) -> Iterator[Remark]:
    """What will be moved or dropped for want of room, where this is `planned` for one person;
    `times` are those of a touchpoint to come for anybody.

    Nothing is said of what the calendar's remarks, `told` by their paths, say already.
    """
    costs = _costs(definition, planned)
    minutes = definition.campaign.limits.minutes_per_week
    too_long = False
    for index, touchpoint in enumerate(definition.campaign.touchpoints):
        most = max((cost for (key, _), cost in costs.items() if key == touchpoint.key), default=0.0)
        if most > 60 * minutes:
            too_long = True
            yield warning(
                ("campaign", "touchpoints", index),
                f"it takes about {most / 60:.0f} minutes; over minutes_per_week "
                f"({minutes}) it only reaches people who got nothing else in seven days",
            )
    if not too_long and ("campaign", "limits", "messages_per_week") not in told:
        yield from _full_week(planned, costs, minutes)
    yield from (one for one in _too_soon(definition, planned) if one.path not in told)
    yield from _seldom_asked(definition, times)


_Costs = dict[tuple[str, tuple[str, ...]], float]


def _costs(definition: Definition, planned: Sequence[Planned]) -> _Costs:
    """The seconds that each touchpoint takes, of a pulse by what has its turn in a round."""
    follow_ups = [one for one in definition.campaign.touchpoints if isinstance(one, FollowUp)]
    costs: _Costs = {(one.key, ()): seconds(definition, one) for one in follow_ups}
    for key, asks in {(one.touchpoint, one.asks) for one in planned}:
        asked = definition.in_round(key, asks)
        costs[key, asks] = seconds(asked, asked.touchpoint(key))
    return costs


def _full_week(planned: Sequence[Planned], costs: _Costs, minutes: int) -> Iterator[Remark]:
    first, most, taken, end = date.min, 0.0, 0.0, 0
    for one in planned:
        while end < len(planned) and planned[end].at < one.at + WEEK:
            taken += costs[planned[end].touchpoint, planned[end].asks]
            end += 1
        if taken > most:
            first, most = one.at.date(), taken
        taken -= costs[one.touchpoint, one.asks]
    if most > 60 * minutes:
        yield warning(
            ("campaign", "limits", "minutes_per_week"),
            f"in the seven days from {first} the messages take about {most / 60:.0f} "
            f"minutes; over {minutes} they wait, and some may come too late to be sent",
        )


def _seldom_asked(definition: Definition, times: Ahead) -> Iterator[Remark]:
    """A pulse that asks a part of each team too seldom for everybody to be asked in a period."""
    days = 7 * definition.campaign.confidentiality.period_weeks
    for index, pulse in enumerate(definition.campaign.touchpoints):
        if not isinstance(pulse, Pulse):
            continue
        rounds = times(pulse.when)
        n_within = sum(at < rounds[0] + timedelta(days=days) for at in rounds)
        if rounds and n_within < pulse.ask.one_in:
            yield warning(
                ("campaign", "touchpoints", index, "ask", "one_in"),
                f"it comes {n_within} times in a period of {days} days, so in larger teams not "
                "everybody is asked: the figures of a period rest on those who were",
            )


def _too_soon(definition: Definition, planned: Sequence[Planned]) -> Iterator[Remark]:
    """Once for each pulse that comes too few days after another or after its own last round."""
    days = definition.campaign.limits.days_between_pulses
    touchpoints = definition.campaign.touchpoints
    pulses = sorted(
        (one.at.date(), index)
        for index, pulse in enumerate(touchpoints)
        if isinstance(pulse, Pulse)
        for one in planned
        if one.touchpoint == pulse.key
    )
    told = set[int]()
    for (before, earlier), (on, index) in pairwise(pulses):
        if (on - before).days < days and index not in told:
            told.add(index)
            which = "its previous round" if index == earlier else f'"{touchpoints[earlier].key}"'
            yield warning(
                ("campaign", "touchpoints", index, "when"),
                f"on {on} it would come {(on - before).days} days after {which}; under "
                f"days_between_pulses ({days}) it waits",
            )
