"""When something may reach a person: occurrences, own time zone, hours and days off, the cap.

Pure: every moment is an argument. Local times are naive, moments are aware UTC. It must never
answer with a moment in somebody's night because a clock was changed or a zone was misspelt.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import count, islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from campaigns.domain.definition import At, Cron, DaysAfterLaunch, Every, QuietHours, Scheduled
from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.public_holidays import is_holiday

WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_DAY_SECONDS = 86_400
_FIRST_ZONE = timezone(timedelta(hours=14))  # where a day begins first (Kiritimati)
_LAST_ZONE = timezone(timedelta(hours=-12))  # where it ends last
_WEEKDAYS = frozenset(range(5))

Span = tuple[int, int]  # seconds of the local day: from, up to and without


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a touchpoint is due: naive is everybody's own local time, aware one moment."""

    at: datetime

    @property
    def key(self) -> str:
        """What names it among the occurrences of its touchpoint; at most 40 characters."""
        return self.at.isoformat()

    @property
    def earliest(self) -> datetime:
        """The first moment at which it is due anywhere on earth."""
        return self._in(_FIRST_ZONE)

    @property
    def latest(self) -> datetime:
        """The last moment at which it becomes due anywhere on earth."""
        return self._in(_LAST_ZONE)

    def _in(self, zone: tzinfo) -> datetime:
        at = self.at if self.at.tzinfo else self.at.replace(tzinfo=zone)
        return at.astimezone(UTC)


def occurrences(when: Scheduled, launched_on: date, until: datetime) -> list[Occurrence]:
    """All occurrences, in order, that are due somewhere on earth by `until`.

    A cadence begins on the day of the launch, or on `first_on` where that is later. A cadence that
    can't be read has none: `checking` refuses it long before.
    """
    return list(takewhile(lambda one: one.earliest <= until, _all(when, launched_on)))


def first_occurrence(when: Scheduled, launched_on: date) -> Occurrence | None:
    """The first of all occurrences; None where there are none."""
    return next(iter(_all(when, launched_on)), None)


def _all(when: Scheduled, launched_on: date) -> Iterable[Occurrence]:
    if isinstance(when, At):
        return [Occurrence(when.at)]
    if isinstance(when, DaysAfterLaunch):
        return [_on_day(launched_on, when.days_after_launch, when.time)]
    if isinstance(when, Every):
        days = islice(count(when.first_after_days, when.every_days), when.times)
        return (_on_day(launched_on, n_days, when.time) for n_days in days)
    return islice(_cadence(when, launched_on), when.times)


def _on_day(launched_on: date, n_days: int, at: time) -> Occurrence:
    day = launched_on + timedelta(days=n_days)
    return Occurrence(datetime.combine(day, at.replace(tzinfo=None)))


def _cadence(when: Cron, launched_on: date) -> Iterator[Occurrence]:
    first_on = max(launched_on, when.first_on or launched_on)
    before = datetime.combine(first_on, time()) - timedelta(seconds=1)
    try:
        for moment in CronSim(when.cron, before):
            if when.until is not None and moment.date() > when.until:
                return
            yield Occurrence(moment)
    except CronSimError:
        return


def due_for(occurrence: Occurrence, person: Person) -> datetime:
    """The moment at which the occurrence is due for this person, hours not yet considered.

    A local time that a clock change skips becomes the same span after the change; one that comes
    twice is the first of the two.
    """
    at = occurrence.at
    return (at if at.tzinfo else at.replace(tzinfo=zone(person.time_zone))).astimezone(UTC)


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo:
    """The time zone of that name; UTC where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def next_permitted(moment: datetime, person: Person, quiet: QuietHours) -> datetime:
    """The first moment, not before the given one, at which the person may be written to.

    That is inside the person's working hours on a working day, on no public holiday of theirs and
    no day of an absence, and outside the quiet hours, all on the person's own clock. Where hours
    and quiet hours leave no time at all, the quiet hours win: the person is written to outside them
    on working days (Monday to Friday for somebody without any). Equal start and end restrict
    nothing. Working hours over midnight belong to the day they begin on.
    """
    local_zone = zone(person.time_zone)
    week = _week(person.hours, quiet)
    for days in count():
        start = moment + days * _DAY
        for candidate in _candidates(start, local_zone, week):
            within = start <= candidate < start + _DAY
            if within and _permits(week, candidate, local_zone) and not day_off(candidate, person):
                return candidate.astimezone(UTC)
    raise AssertionError("a week always has a permitted span, and no absence is for ever")


def day_off(moment: datetime, person: Person) -> str:
    """What makes it a day off on the person's own calendar: "away", "holiday", or nothing."""
    day = moment.astimezone(zone(person.time_zone)).date()
    if person.is_away(day):
        return "away"
    return "holiday" if is_holiday(person.holidays, day) else ""


def _permits(week: tuple[tuple[Span, ...], ...], moment: datetime, local_zone: tzinfo) -> bool:
    local = moment.astimezone(local_zone)
    second = _seconds(local.time())
    return any(first <= second < end for first, end in week[local.weekday()])


def _candidates(
    start: datetime, local_zone: tzinfo, week: tuple[tuple[Span, ...], ...]
) -> Iterator[datetime]:
    """Where a permitted time can begin within a day: now, with a span, with a clock change."""
    yield start
    found = []
    day = start.astimezone(local_zone).date()
    for on in (day, day + _DAY):
        midnight = datetime.combine(on, time())
        for first, _end in week[on.weekday()]:
            local = (midnight + timedelta(seconds=first)).replace(tzinfo=local_zone)
            found += [local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)]
    found += _clock_change(start, local_zone)
    yield from sorted(found)


def _clock_change(start: datetime, local_zone: tzinfo) -> list[datetime]:
    """The moment within a day at which the zone's offset changes, to the second; mostly none."""
    low, high = start.astimezone(UTC).replace(microsecond=0), start.astimezone(UTC) + _DAY
    before = low.astimezone(local_zone).utcoffset()
    if before == high.astimezone(local_zone).utcoffset():
        return []
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(local_zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return [high.replace(microsecond=0)]


@lru_cache(maxsize=4096)
def _week(hours: WorkingHours, quiet: QuietHours) -> tuple[tuple[Span, ...], ...]:
    """The permitted spans of each weekday, Monday first; at least one in the week."""
    loud = _outside(quiet)
    week = _within(_working(hours.start, hours.end, hours.days), loud)
    if any(week):
        return week
    return _within(_working(time(), time(), hours.days or _WEEKDAYS), loud)


def _working(start: time, end: time, days: frozenset[int]) -> list[list[Span]]:
    first, last = _seconds(start), _seconds(end)
    week: list[list[Span]] = [[] for _ in range(7)]
    for day in days:
        if first < last:
            week[day].append((first, last))
        elif first == last:
            week[day].append((0, _DAY_SECONDS))
        else:
            week[day].append((first, _DAY_SECONDS))
            week[(day + 1) % 7].append((0, last))
    return week


def _outside(quiet: QuietHours) -> list[Span]:
    start, end = _seconds(quiet.start), _seconds(quiet.end)
    if start == end:
        return [(0, _DAY_SECONDS)]
    return [(0, start), (end, _DAY_SECONDS)] if start < end else [(end, start)]


def _within(week: list[list[Span]], loud: list[Span]) -> tuple[tuple[Span, ...], ...]:
    return tuple(
        tuple(
            (max(a, c), min(b, d))
            for a, b in sorted(spans)
            for c, d in loud
            if max(a, c) < min(b, d)
        )
        for spans in week
    )


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
