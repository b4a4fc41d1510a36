"""When a launch will have reached everybody: by the lane's pace and each person's hours (D6).

It writes nothing. Only planned messages count, so that no forecast moves with what anybody said.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from campaigns.domain.definition import Definition, Pulse, QuietHours, Vision
from campaigns.domain.lanes import Lane, Waiting, forecast
from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.timing import Occurrence, due_for, next_permitted, occurrences
from campaigns.flows.planning import AHEAD
from campaigns.storage import backlog, campaigns
from campaigns.storage.database import Database

Pattern = tuple[str, WorkingHours, bool]  # time zone, hours, whether the lane is theirs


def first_message(
    definition: Definition, patterns: Mapping[Pattern, int], lane: Lane | None, now: datetime
) -> tuple[datetime, datetime] | None:
    """When the first planned message goes to the first and to the last of these people.

    None where no message is planned or nobody gets it.
    """
    occurrence = _first_occurrence(definition, now)
    if occurrence is None or not patterns:
        return None
    quiet = definition.campaign.quiet_hours
    waiting = list(_waiting(occurrence, quiet, patterns, now))
    ends = _ends(waiting, lane, now)
    return min(one.due_at for one, _ in waiting), max(ends.values())


def ends(database: Database, lane: Lane | None, now: datetime) -> dict[str, datetime]:
    """Campaign key → when the last planned message that waits goes out, all campaigns together."""
    with database.read() as c:
        quiet = {one.id: (one.key, one.definition.campaign) for one in campaigns.running(c)}
        waiting = [
            (
                Waiting(
                    quiet[row.campaign_id][0],
                    row.due_at,
                    _like(row.time_zone, row.hours),
                    quiet[row.campaign_id][1].quiet_hours,
                    row.n,
                ),
                row.in_slack,
            )
            for row in backlog.planned(c)
            if row.campaign_id in quiet
        ]
    return _ends(waiting, lane, now)


def pattern(person: Person) -> Pattern:
    """What of a person decides when a message reaches them."""
    return person.time_zone, person.hours, person.slack_id is not None


def _first_occurrence(definition: Definition, now: datetime) -> Occurrence | None:
    found = [
        one
        for touchpoint in definition.campaign.touchpoints
        if isinstance(touchpoint, Vision | Pulse)
        for one in occurrences(touchpoint.when, now.date(), now + 366 * AHEAD)[:1]
    ]
    return min(found, key=lambda one: one.earliest, default=None)


def _waiting(
    occurrence: Occurrence, quiet: QuietHours, patterns: Mapping[Pattern, int], now: datetime
) -> Iterator[tuple[Waiting, bool]]:
    for (time_zone, hours, in_slack), n in patterns.items():
        like = _like(time_zone, hours)
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


def _like(time_zone: str, hours: WorkingHours) -> Person:
    """Somebody in that zone with these hours."""
    return Person(0, "", "", "", 0, "", "", "", time_zone, hours, "")
