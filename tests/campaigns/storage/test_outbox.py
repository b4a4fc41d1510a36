"""The outbox: once by name, claimed by lease, settled by whoever holds it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from campaigns.domain.outbox import Kind, State
from campaigns.errors import NotFoundError
from campaigns.storage import campaigns, leases, outbox, wishes
from campaigns.storage.database import Database
from campaigns.storage.leases import Settlement
from campaigns.storage.outbox import NewDelivery
from campaigns.storage.tables import answers
from tests.sending import campaign, rows, staff

LEASE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def person(database: Database) -> int:
    return staff(database, 1)[0]


def put(database: Database, person_id: int, due_at: datetime, *names: str, **more: Any) -> int:
    kind = more.pop("kind", Kind.VISION)
    with database.write() as c:
        return outbox.put(c, [NewDelivery(name, kind, person_id, due_at, **more) for name in names])


def test_put_refuses_what_is_there_and_counts_the_rest(
    database: Database, person: int, now: datetime
) -> None:
    assert put(database, person, now, "a", "b") == 2
    assert put(database, person, now, "b", "c") == 1
    assert put(database, person, now) == 0
    assert [row.once for row in rows(database)] == ["a", "b", "c"]


def test_key_is_opaque_and_finds_its_delivery(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "a", "b", closes_at=now + DAY)
    with database.read() as c:
        [first, second] = outbox.of_person(c, person)
        assert outbox.by_key(c, first.key) == first == outbox.by_id(c, first.id)
        assert len({first.key, second.key}) == 2
        assert len(bytes.fromhex(first.key)) == 16
        assert (first.kind, first.state, first.closes_at) == ("vision", "pending", now + DAY)
        with pytest.raises(NotFoundError):
            outbox.by_key(c, "0" * 32)
        with pytest.raises(NotFoundError):
            outbox.by_id(c, 99)


def test_claim_takes_what_is_due_and_not_what_is_held(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "due")
    put(database, person, now + timedelta(seconds=1), "later")
    with database.write() as c:
        [claimed] = leases.claim(c, now, now + LEASE, 10)
        assert (claimed.once, claimed.state, claimed.attempts) == ("due", State.PENDING, 1)
        assert leases.claim(c, now, now + LEASE, 10) == []
        stored = outbox.by_id(c, claimed.id)
        assert (stored.state, stored.lease_until) == (State.SENDING, now + LEASE)
        [again] = leases.claim(c, now + LEASE, now + 2 * LEASE, 1)
        assert (again.id, again.state, again.attempts) == (claimed.id, State.SENDING, 2)


def test_claim_takes_help_then_alerts_then_the_longest_due(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "new")
    put(database, person, now - DAY, "old")
    put(database, person, now, "alert", kind=Kind.ALERT)
    put(database, person, now, "help", kind=Kind.HELP)
    with database.write() as c:
        assert [one.once for one in leases.claim(c, now, now + LEASE, 3)] == [
            "help",
            "alert",
            "old",
        ]


def test_claim_takes_alone_what_was_begun_again_and_again(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "a", "b", "c")
    for attempt in range(leases.ALONE_AFTER):  # whoever claims them is gone each time
        moment = now + attempt * 2 * LEASE
        with database.write() as c:
            assert len(leases.claim(c, moment, moment + LEASE, 10)) == 3
    moment = now + leases.ALONE_AFTER * 2 * LEASE
    with database.write() as c:
        one_by_one = [leases.claim(c, moment, moment + LEASE, 10) for _ in range(4)]
    assert [[one.once for one in claimed] for claimed in one_by_one] == [["a"], ["b"], ["c"], []]


def test_claim_leaves_what_belongs_to_a_paused_campaign_or_person(
    database: Database, person: int, now: datetime
) -> None:
    with database.write() as c:
        launched = campaigns.put(c, campaign(), now)
        campaigns.set_state(c, launched.id, campaigns.PAUSED, now)
    put(database, person, now, "held", campaign_id=launched.id)
    put(database, person, now, "alert", campaign_id=launched.id, kind=Kind.ALERT)
    put(database, person, now, "free")
    put(database, person, now, "closed", closes_at=now)
    with database.write() as c:
        wishes.pause(c, person, now + DAY)
        names = [one.once for one in leases.claim(c, now, now + LEASE, 10)]
        assert names == ["alert", "closed"]
        wishes.pause(c, person, None)
        assert [one.once for one in leases.claim(c, now, now + LEASE, 10)] == ["free"]


def test_settlement_counts_only_from_who_holds_the_lease_unless_it_went_out(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "a")
    with database.write() as c:
        [one] = leases.claim(c, now, now + LEASE, 1)
        leases.claim(c, now + LEASE, now + 2 * LEASE, 1)  # somebody else, after the lease
        leases.settle(c, [Settlement(one.id, State.PENDING, now, 1)], now + LEASE)
        assert outbox.by_id(c, one.id).state == State.SENDING
        sent = Settlement(one.id, State.SENT, now, 1, sent_at=now, external_id="m1")
        leases.settle(c, [sent], now + LEASE)
        again = Settlement(one.id, State.SENT, now, 2, sent_at=now + DAY, external_id="m2")
        leases.settle(c, [again], now + 2 * LEASE)
        assert outbox.by_id(c, one.id).external_id == "m1"
        assert outbox.by_id(c, one.id).lease_until is None


def test_cancel_takes_back_what_waits_and_nothing_else(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "a", "b", "c")
    with database.write() as c:
        [claimed] = leases.claim(c, now, now + LEASE, 1)
        assert outbox.cancel(c, [claimed.id, claimed.id + 1], "postponed") == 1
        assert outbox.cancel(c, [], "postponed") == 0
    assert [(row.state, row.reason) for row in rows(database)] == [
        ("sending", ""),
        ("cancelled", "postponed"),
        ("pending", ""),
    ]


def test_cancel_of_a_campaign_leaves_help_and_other_campaigns(
    database: Database, person: int, now: datetime
) -> None:
    with database.write() as c:
        ids = [campaigns.put(c, campaign(key=key), now).id for key in ("a", "b")]
    put(database, person, now, "mine", campaign_id=ids[0])
    put(database, person, now, "other", campaign_id=ids[1])
    put(database, person, now, "help", campaign_id=ids[0], kind=Kind.HELP)
    put(database, person, now, "talk", campaign_id=ids[0], kind=Kind.FOLLOW_UP)
    with database.write() as c:
        assert outbox.cancel_campaign(c, ids[0], "stopped") == 1  # a follow-up is nobody's business
    assert [row.once for row in rows(database, State.PENDING)] == ["other", "help"]


def test_counts_tell_nothing_that_depends_on_an_answer(
    database: Database, person: int, now: datetime
) -> None:
    with database.write() as c:
        campaign_id = campaigns.put(c, campaign(), now).id
    for kind in Kind:
        put(database, person, now, kind, campaign_id=campaign_id, kind=kind)
    with database.read() as c:
        assert outbox.counts(c, campaign_id) == {State.PENDING: 2}  # the vision and the pulse


def test_cancel_of_reminders_is_about_one_pulse(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "one", "again", kind=Kind.REMINDER, subject_id=7)
    put(database, person, now, "other", kind=Kind.REMINDER, subject_id=8)
    put(database, person, now, "alert", kind=Kind.ALERT, subject_id=7)
    with database.write() as c:
        assert outbox.cancel_reminders(c, 7, now) == 2
        assert outbox.cancel_reminders(c, 7, now) == 0
    assert [row.once for row in rows(database, State.PENDING)] == ["other", "alert"]


def test_near_gives_capped_messages_that_went_out_are_on_their_way_or_wait(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "old", "new", "way", "wait")
    put(database, person, now, "help", kind=Kind.HELP)
    lease = now + LEASE
    with database.write() as c:
        *_, old, new, _way = leases.claim(c, now, lease, 4)
        for one, sent_at in ((old, now - 8 * DAY), (new, now - DAY)):
            done = Settlement(one.id, State.SENT, now, 1, sent_at=sent_at, external_id="m")
            leases.settle(c, [done], lease)
        found = leases.near(c, [person, 99], now - 7 * DAY, now, [])
        assert {one.once: (one.state, one.sent_at) for one in found} == {
            "new": (State.SENT, now - DAY),
            "way": (State.SENDING, None),
            "wait": (State.PENDING, None),
        }
        later = leases.near(c, [person], now - 7 * DAY, now - DAY, [new.id])
        assert [one.once for one in later] == ["way"]


def test_answered_tells_whether_and_not_what(
    database: Database, person: int, now: datetime
) -> None:
    put(database, person, now, "a", "b")
    with database.write() as c:
        launched = campaigns.put(c, campaign(), now)
        row = {"delivery_id": 1, "campaign_id": launched.id, "person_id": person, "team_id": 1}
        c.execute(insert(answers).values(**row, question="q", kind="skip", answered_at=now))
        assert leases.answered(c, [1, 2]) == {1}
