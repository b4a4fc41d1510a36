"""A lane's row: one statement gives a slot, whoever asks, and a hold closes it to everybody."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from campaigns.domain.lanes import Lane
from campaigns.domain.outbox import BY_URGENCY, Kind
from campaigns.storage import lanes
from campaigns.storage.database import Database

LANE = Lane("slack:x:chat.postMessage", 300)


def test_take_gives_as_many_slots_as_are_free(database: Database, now: datetime) -> None:
    chance, moment = random.Random(1), now
    for _ in range(20):
        kind = chance.choice(BY_URGENCY)
        with database.write() as c:
            free = LANE.free(lanes.standing(c, [LANE])[LANE.name], moment, kind)
            assert [lanes.take(c, LANE, kind, moment) for _ in range(free + 1)] == (
                [True] * free + [False]
            )
        moment += timedelta(seconds=chance.random())


def test_take_gives_each_slot_once_when_many_ask_at_once(database: Database, now: datetime) -> None:
    free = LANE.free(0, now, Kind.VISION)

    def ask(_: int) -> bool:
        with database.write() as c:
            return lanes.take(c, LANE, Kind.VISION, now)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(free + 12))) == free


def test_hold_closes_a_lane_to_all_until_then(database: Database, now: datetime) -> None:
    other = Lane("slack:x:chat.update", 50)
    until = now + timedelta(seconds=30)
    with database.write() as c:
        lanes.hold(c, LANE, until)
        for kind in BY_URGENCY:
            assert not lanes.take(c, LANE, kind, until - timedelta(milliseconds=1))
        assert lanes.take(c, other, Kind.VISION, now)
        assert lanes.take(c, LANE, Kind.HELP, until)


def test_hold_never_opens_a_lane_earlier(database: Database, now: datetime) -> None:
    with database.write() as c:
        lanes.hold(c, LANE, now + timedelta(seconds=60))
        before = lanes.standing(c, [LANE])
        lanes.hold(c, LANE, now + timedelta(seconds=1))
        assert lanes.standing(c, [LANE]) == before
