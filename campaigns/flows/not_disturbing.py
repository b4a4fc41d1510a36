"""Who wants not to be disturbed by their chat: asked ahead of their turn, and soon forgotten.

It stays in the memory of one process and goes into no table, no log and no error. Nothing rests on
it: to those of whom it isn't known, what is due goes out.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.domain.outbox import CAN_WAIT, Kind
from campaigns.domain.people import Person
from campaigns.errors import DeliveryError, RetryLaterError
from campaigns.flows.turns import Limited, Turns
from campaigns.storage import directory, lanes, leases
from campaigns.storage.database import Database

AT_ONCE = 50  # people a call, the most that Slack takes
AHEAD = timedelta(minutes=1)  # what is due by then is asked for, so that a call is seldom for few
KEPT = timedelta(minutes=2)
SHUNNED = timedelta(minutes=10)  # how long a platform that can't tell is not asked again


class Telling(Limited, Protocol):
    """A platform that may know who wants not to be disturbed; "ask" is the lane of that call."""

    def undisturbed_until(self, people: Sequence[Person], now: datetime) -> Mapping[int, datetime]:
        """Person → until when they want not to be disturbed; those left out want to be, or it
        isn't known.

        For at most `AT_ONCE` people. Gives up within a few seconds, for messages wait meanwhile;
        raises a DeliveryError where the platform doesn't tell.
        """
        ...


class Undisturbed:
    """What one process knows of that, for `KEPT`."""

    def __init__(self) -> None:
        # By person, the longest known first: when the platform told, and until when they want it.
        self._known: dict[int, tuple[datetime, datetime | None]] = {}
        self._shunned_until: datetime | None = None

    def of(self, person_ids: Iterable[int]) -> Mapping[int, datetime]:
        """Person → until when they want not to be disturbed, where that is known."""
        found = ((one, self._known.get(one, (None, None))[1]) for one in person_ids)
        return {person_id: until for person_id, until in found if until is not None}

    def look_ahead(self, database: Database, platform: Telling, now: datetime) -> None:
        """It is known of those whose turn is next, as far as the platform tells it fast enough."""
        self._forget(now)
        if self._shunned_until is not None and now < self._shunned_until:
            return
        people = self._next(database, platform, now)
        if people and _has_slot(database, platform, now):
            self._ask(platform, people, now)

    def _forget(self, now: datetime) -> None:
        while self._known:
            first = next(iter(self._known))
            if now - self._known[first][0] < KEPT:
                return
            del self._known[first]

    def _next(self, database: Database, platform: Telling, now: datetime) -> list[Person]:
        """Whom to ask for: somebody, once one of the first in line is unknown, and then as many
        as one call takes."""
        with database.read() as c:
            if not _any_free(Turns(platform).free(c, now)):
                return []
            line = leases.next_in_line(c, CAN_WAIT, now + AHEAD, 2 * AT_ONCE)
            if all(one in self._known for one in line[:AT_ONCE]):
                return []
            unknown = [one for one in line if one not in self._known][:AT_ONCE]
            people = directory.people(c, unknown).values()
        there = [one for one in people if platform.in_lane(one)]
        asked = {one.id for one in there}
        self._known |= {one: (now, None) for one in unknown if one not in asked}
        return there

    def _ask(self, platform: Telling, people: Sequence[Person], now: datetime) -> None:
        try:
            told = platform.undisturbed_until(people, now)
        except RetryLaterError as error:
            self._shunned_until = now + timedelta(seconds=error.after_seconds)
        except DeliveryError:
            self._shunned_until = now + SHUNNED
        else:
            self._known |= {one.id: (now, told.get(one.id)) for one in people}


def _any_free(free: Mapping[Kind, int] | None) -> bool:
    """Whether anything of what waits for quiet could go out at this moment."""
    return free is None or any(free[kind] for kind in CAN_WAIT)


def _has_slot(database: Database, platform: Telling, now: datetime) -> bool:
    lane = platform.lanes.get("ask")
    if lane is None:
        return True
    with database.write() as c:
        return lanes.take(c, lane, Kind.VISION, now)
