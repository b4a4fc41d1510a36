"""Whose turn it is where a platform limits calls: a slot in its lane, or a place in the line (D6).

No thread waits for a slot. What gets none is put back as it was found, in the transaction that
claimed it, and is found again when there is one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from campaigns.domain.lanes import Act, Lane
from campaigns.domain.outbox import BY_URGENCY, Kind
from campaigns.domain.people import Person
from campaigns.flows import settling
from campaigns.flows.settling import Claimed
from campaigns.storage import lanes
from campaigns.storage.leases import Settlement

SAME_PERSON = timedelta(seconds=2)  # platforms take about one message a second and conversation


class Limited(Protocol):
    """What is known of a platform's limits; `lanes` is empty where it has none."""

    @property
    def lanes(self) -> Mapping[Act, Lane]:
        """The lane that each kind of call takes its slot in."""
        ...

    @property
    def hands(self) -> int:
        """How many calls go out side by side: more than one where each takes its time."""
        ...

    def in_lane(self, person: Person) -> bool:
        """Whether calls about this person take slots."""
        ...


class Turns:
    """The turns of one batch; a lane that was held stays closed to the rest of it."""

    def __init__(self, platform: Limited) -> None:
        self._platform = platform
        self._closed: set[Act] = set()
        self._served: set[int] = set()

    def free(self, c: Connection, moment: datetime) -> Mapping[Kind, int] | None:
        """How many of each kind may be sent at this moment; None where nothing limits that."""
        lane = self._platform.lanes.get("send")
        if lane is None:
            return None
        next_us = lanes.standing(c, [lane])[lane.name]
        return {kind: lane.free(next_us, moment, kind) for kind in BY_URGENCY}

    def take(self, c: Connection, one: Claimed, moment: datetime) -> Settlement | None:
        """None where its next call may be made now; else how it is put back."""
        lane = self._lane(one, one.act)
        if lane is None:
            return None
        if one.act == "send" and one.person.id in self._served:
            return settling.put_off(one, moment + SAME_PERSON)
        if lanes.take(c, lane, one.delivery.kind, moment):
            self._served.add(one.person.id)
            return None
        return self._put_back(c, one, lane)

    def take_to_send(self, c: Connection, one: Claimed, moment: datetime) -> Settlement | None:
        """The same for one that was looked for and has not arrived."""
        lane = self._lane(one, "send")
        if lane is None or lanes.take(c, lane, one.delivery.kind, moment):
            return None
        return settling.in_line(one)

    def hold(self, c: Connection, one: Claimed, act: Act, until: datetime) -> Settlement | None:
        """That lane is closed to every worker until then; None where the platform has none."""
        lane = self._lane(one, act)
        if lane is None:
            return None
        self._closed.add(act)
        lanes.hold(c, lane, until)
        return self._put_back(c, one, lane)

    def is_closed(self, one: Claimed) -> bool:
        """Whether its call would go into a lane that was held during this batch."""
        return one.act in self._closed and self._platform.in_lane(one.person)

    def _lane(self, one: Claimed, act: Act) -> Lane | None:
        return self._platform.lanes.get(act) if self._platform.in_lane(one.person) else None

    def _put_back(self, c: Connection, one: Claimed, lane: Lane) -> Settlement:
        if one.act == "send":
            return settling.in_line(one)
        return settling.put_off(
            one, lane.free_at(lanes.standing(c, [lane])[lane.name], one.delivery.kind)
        )
