"""When a launch will have reached everybody: by the lane's pace and each person's hours (D6).

It writes nothing. Only planned messages count, so that no forecast moves with what anybody said.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from campaigns.domain.definition import Campaign, Definition, Pulse, QuietHours, Vision
from campaigns.domain.lanes import Lane, Waiting, forecast
from campaigns.domain.people import Person, Rhythm
from campaigns.domain.timing import Occurrence, due_for, first_occurrence, next_permitted
from campaigns.storage import backlog, campaigns
from campaigns.storage.backlog import Group
from campaigns.storage.database import Database

Pattern = tuple[Rhythm, bool]  # when they work, and whether the lane is theirs


def first_message(
    definition: Definition,
    patterns: Mapping[Pattern, int],
    lane: Lane | None,
    now: datetime,
    shares: Mapping[str, float],
) -> tuple[datetime, datetime] | None:
    """When the first planned message goes to the first and to the last of these people; `shares`
    are of those whom a pulse asks, where that is a part of them.

    None where no message is planned or nobody gets it.
    """
    found = _first(definition, now)
    if found is None or not patterns:
        return None
    touchpoint, occurrence = found
    quiet, share = definition.campaign.quiet_hours, shares.get(touchpoint, 1.0)
    asked = {like: max(1, round(share * n)) for like, n in patterns.items()}
    waiting = list(_waiting(occurrence, quiet, asked, now))
    ends = _ends(waiting, lane, now)
    return min(one.due_at for one, _ in waiting), max(ends.values())


def ends(database: Database, lane: Lane | None, now: datetime) -> dict[str, datetime]:
    """Campaign key → when the last planned message that waits goes out.

    All campaigns that run share the lane; one that has nothing waiting is left out.
    """
    with database.read() as c:
        running = {one.id: one.definition.campaign for one in campaigns.running(c)}
        groups = [group for group in backlog.planned(c) if group.campaign_id in running]
    return _ends([_group(running[one.campaign_id], one) for one in groups], lane, now)


def _group(campaign: Campaign, group: Group) -> tuple[Waiting, bool]:
    like = group.rhythm.anybody()
    return Waiting(campaign.key, group.due_at, like, campaign.quiet_hours, group.n), group.in_slack


def pattern(person: Person) -> Pattern:
    """What of a person decides when a message reaches them."""
    return person.rhythm, person.slack_id is not None


def _first(definition: Definition, now: datetime) -> tuple[str, Occurrence] | None:
    """The touchpoint that comes first, and when."""
    touchpoints = definition.campaign.touchpoints
    planned = [one for one in touchpoints if isinstance(one, Vision | Pulse)]
    found = [(one.key, first_occurrence(one.when, now.date())) for one in planned]
    known = [(key, at) for key, at in found if at is not None]
    return min(known, key=lambda one: one[1].earliest, default=None)


def _waiting(
    occurrence: Occurrence, quiet: QuietHours, patterns: Mapping[Pattern, int], now: datetime
) -> Iterator[tuple[Waiting, bool]]:
    for (rhythm, in_slack), n in patterns.items():
        like = rhythm.anybody()
        due_at = next_permitted(max(now, due_for(occurrence, like)), like, quiet)
        yield Waiting("", due_at, like, quiet, n), in_slack


def _ends(
    waiting: Iterable[tuple[Waiting, bool]], lane: Lane | None, now: datetime
) -> dict[str, datetime]:
    """The later of the two: through the lane, and without one."""
    found = list(waiting)
    through = forecast((one for one, in_slack in found if in_slack), lane, now)
    past = forecast((one for one, in_slack in found if not in_slack), None, now)
    tags = through.keys() | past.keys()
    return {tag: max(ends[tag] for ends in (through, past) if tag in ends) for tag in tags}
