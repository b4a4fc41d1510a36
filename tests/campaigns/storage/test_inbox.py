"""What a platform told us is there once, is one worker's at a time, and says nothing for long."""

from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.storage import inbox as storage
from campaigns.storage.database import Database
from campaigns.storage.inbox import KEPT, LEASE, NewItem
from campaigns.storage.tables import inbox

SECOND = timedelta(seconds=1)


def item(key: str, now: datetime) -> NewItem:
    return NewItem(key, "press", b"sealed", now)


def claimed(database: Database, now: datetime, limit: int = 10) -> list[int]:
    with database.write() as c:
        return [one.id for one in storage.claim(c, now, limit)]


def test_put_keeps_an_item_once_when_it_is_delivered_twice(
    database: Database, now: datetime
) -> None:
    with database.write() as c:
        assert storage.put(c, [item("Ev1", now), item("Ev2", now)]) == 2
        assert storage.put(c, [item("Ev1", now), item("Ev3", now)]) == 1
    assert len(claimed(database, now)) == 3


def test_put_refuses_an_item_when_it_was_done_before(database: Database, now: datetime) -> None:
    with database.write() as c:
        storage.put(c, [item("Ev1", now)])
        storage.settle(c, [one.id for one in storage.claim(c, now, 1)])
        assert storage.put(c, [item("Ev1", now)]) == 0
    assert claimed(database, now + LEASE) == []


def test_claim_gives_the_oldest_to_one_only_until_the_lease_ends(
    database: Database, now: datetime
) -> None:
    with database.write() as c:
        storage.put(c, [item(f"Ev{n}", now) for n in range(4)])
    first = claimed(database, now, limit=2)
    assert first == sorted(first)
    assert not set(first) & set(claimed(database, now, limit=2))
    assert claimed(database, now + LEASE - SECOND) == []
    assert len(claimed(database, now + LEASE)) == 4


def test_claim_counts_attempts_when_an_item_is_taken_again(
    database: Database, now: datetime
) -> None:
    with database.write() as c:
        storage.put(c, [item("Ev1", now)])
        assert storage.claim(c, now, 1)[0].attempts == 1
        assert storage.claim(c, now + LEASE, 1)[0].attempts == 2


def test_settle_empties_what_was_done(database: Database, now: datetime) -> None:
    with database.write() as c:
        storage.put(c, [item("Ev1", now)])
        storage.settle(c, [one.id for one in storage.claim(c, now, 1)])
        assert c.execute(select(inbox.c.content)).scalar_one() is None


def test_forget_takes_away_only_what_is_done_and_old(database: Database, now: datetime) -> None:
    with database.write() as c:
        storage.put(c, [item("Ev1", now)])
        storage.settle(c, [one.id for one in storage.claim(c, now, 1)])
        storage.put(c, [item("Ev2", now)])
        assert storage.forget(c, now + KEPT) == 0
        assert storage.forget(c, now + KEPT + SECOND) == 1
        assert c.execute(select(inbox.c.key)).scalar_one() == "Ev2"
