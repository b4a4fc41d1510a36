"""Who wants not to be disturbed gets later what answers nobody; everybody else notices nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Row, select

from campaigns.domain.lanes import Act, Lane
from campaigns.domain.outbox import UNDISTURBED, Kind, State
from campaigns.errors import (
    DeliveryError,
    InDoubtError,
    PlatformClosedError,
    RetryLaterError,
)
from campaigns.flows import overseeing
from campaigns.flows.delivering import deliver_due
from campaigns.flows.not_disturbing import AHEAD, AT_ONCE, KEPT, SHUNNED, Undisturbed
from campaigns.storage import campaigns, outbox
from campaigns.storage.database import Database
from campaigns.storage.outbox import LATER
from campaigns.storage.tables import metadata
from tests.fakes import RecordingMessenger
from tests.sending import launched, plain, pulse, put, rows, staff, vision, wish

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LANES: dict[Act, Lane] = {
    "send": Lane("slack:x:chat.postMessage", 6000),
    "ask": Lane("slack:x:dnd.teamInfo", 20),
}


def chat(
    undisturbed: Sequence[int] = (),
    until: datetime | None = None,
    failures: Sequence[DeliveryError] = (),
    unlimited: Sequence[int] = (),
) -> RecordingMessenger:
    ends = dict.fromkeys(undisturbed, until) if until else {}
    return RecordingMessenger(
        lanes=LANES, undisturbed=ends, failures=list(failures), unlimited=unlimited
    )


def everything(database: Database) -> dict[str, Sequence[Row[Any]]]:
    """All rows of all tables, but for the limits of the platform."""
    tables = [table for table in metadata.sorted_tables if table.name != "lanes"]
    with database.read() as c:
        return {table.name: c.execute(select(table)).all() for table in tables}


def deliver(
    database: Database, messenger: RecordingMessenger, at: datetime, known: Undisturbed
) -> list[int]:
    """To whom something went out at that moment."""
    before = len(messenger.sent)
    while deliver_due(database, messenger, plain, at, ticks=lambda: 0.0, undisturbed=known):
        pass
    return [person_id for person_id, _ in messenger.sent[before:]]


def test_message_waits_for_the_first_permitted_moment_after_that_and_is_counted(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 6)
    launched(database, now, vision())
    messenger, known = chat(ids[:5], now + 12 * HOUR), Undisturbed()
    assert deliver(database, messenger, now, known) == ids[5:]
    morning = now + 23 * HOUR  # where the quiet hours end
    assert {(row.due_at, row.reason) for row in rows(database, State.PENDING)} == {
        (morning, UNDISTURBED)
    }
    assert deliver(database, messenger, morning - MINUTE, known) == []
    assert sorted(deliver(database, messenger, morning, known)) == ids[:5]
    with database.read() as c:
        [told] = overseeing.held_back(c, campaigns.by_key(c, "portal"))
    assert (told.reason, told.n_moved, told.n_dropped) == ("do not disturb", 5, 0)


def test_nobody_starves_when_they_never_want_to_be_disturbed(
    sqlite_database: Database, now: datetime
) -> None:
    ids = staff(sqlite_database, 1)
    launched(sqlite_database, now, vision())
    known = Undisturbed()
    assert deliver(sqlite_database, chat(ids, now + HOUR), now, known) == []
    busy = chat(ids, now + DAY, [RetryLaterError("busy")])  # and a hitch makes no second wait
    assert deliver(sqlite_database, busy, now + HOUR, known) == []
    assert deliver(sqlite_database, chat(ids, now + 2 * DAY), now + 2 * HOUR, known) == ids


def test_everybody_has_it_once_when_only_one_of_two_processes_knows(
    database: Database, now: datetime
) -> None:
    ids = staff(database, 120)
    launched(database, now, vision())
    sent: list[int] = []
    ends = (now + HOUR, now)

    def send(until: datetime) -> None:
        sent.extend(deliver(database, chat(ids[::2], until), now, Undisturbed()))

    threads = [Thread(target=send, args=(until,)) for until in ends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(ids[1::2]) <= set(sent)
    sent += deliver(database, chat(), now + HOUR, Undisturbed())
    assert sorted(sent) == ids


def test_what_answers_somebody_waits_for_nothing(sqlite_database: Database, now: datetime) -> None:
    ids = staff(sqlite_database, len(Kind) + 1)
    can_wait = {Kind.VISION, Kind.TOLD, Kind.PULSE, Kind.REMINDER}
    kinds = dict(zip(ids, (*Kind, Kind.REMINDER), strict=True))
    names = dict.fromkeys(ids[:-1], "one") | {ids[-1]: LATER}  # the last pressed "not now"
    put(sqlite_database, *(wish(one, now, names[one], kind=kinds[one]) for one in ids))
    sent = deliver(sqlite_database, chat(ids, now + HOUR), now, Undisturbed())
    assert set(ids) - set(sent) == {one for one in ids[:-1] if kinds[one] in can_wait}


def test_edit_waits_for_nothing(sqlite_database: Database, now: datetime) -> None:
    [person] = staff(sqlite_database, 1)
    put(sqlite_database, wish(person, now, kind=Kind.PULSE))
    messenger, known = chat(), Undisturbed()
    assert deliver(sqlite_database, messenger, now, known) == [person]
    with sqlite_database.write() as c:
        outbox.edit(c, rows(sqlite_database)[0].id, now)
    messenger.undisturbed = {person: now + DAY}
    deliver(sqlite_database, messenger, now + KEPT, known)
    assert rows(sqlite_database)[0].state == State.SENT
    assert len(messenger.asked_for) == 1  # nor is anybody asked for it


@pytest.mark.parametrize(("open_days", "waits"), [(1, False), (3, True)])
def test_pulse_goes_out_at_once_when_little_time_to_answer_would_be_left(
    sqlite_database: Database, now: datetime, open_days: int, waits: bool
) -> None:
    ids = staff(sqlite_database, 1)
    launched(sqlite_database, now, pulse(open_days=open_days))
    sent = deliver(sqlite_database, chat(ids, now + DAY), now, Undisturbed())
    assert sent == ([] if waits else ids)


def test_people_are_asked_for_by_fifties_ahead_of_their_turn_and_soon_anew(
    sqlite_database: Database, now: datetime
) -> None:
    ids = staff(sqlite_database, 3 * AT_ONCE)
    put(sqlite_database, *(wish(one, now) for one in ids[:20]))
    put(sqlite_database, *(wish(one, now + AHEAD) for one in ids[20:]))
    messenger, known = chat(unlimited=ids[:10]), Undisturbed()  # ten read elsewhere
    known.look_ahead(sqlite_database, messenger, now)
    assert messenger.asked_for == [ids[10:50]]
    known.look_ahead(sqlite_database, messenger, now + 4 * timedelta(seconds=1))
    assert messenger.asked_for == [ids[10:50]]  # all of those in front are known
    deliver(sqlite_database, messenger, now + AHEAD, known)
    everybody = [person_id for call in messenger.asked_for for person_id in call]
    assert sorted(everybody[:90]) == ids[10:100]
    assert max(map(len, messenger.asked_for)) == AT_ONCE
    assert everybody.count(ids[10]) == 1
    put(sqlite_database, wish(ids[10], now + KEPT, "another"))
    known.look_ahead(sqlite_database, messenger, now + KEPT)
    assert messenger.asked_for[-1][0] == ids[10]  # what was told is forgotten


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (RetryLaterError("busy", 30), timedelta(seconds=30)),
        (InDoubtError("slow"), SHUNNED),
        (PlatformClosedError("no scope"), SHUNNED),
    ],
)
def test_everything_goes_out_and_nothing_is_paused_when_the_platform_does_not_tell(
    sqlite_database: Database, now: datetime, error: DeliveryError, after: timedelta
) -> None:
    ids = staff(sqlite_database, 3)
    launched(sqlite_database, now, vision())
    messenger, known = chat(ids, now + HOUR, [error]), Undisturbed()
    assert sorted(deliver(sqlite_database, messenger, now, known)) == ids
    with sqlite_database.read() as c:
        assert campaigns.by_key(c, "portal").state == campaigns.RUNNING
    put(sqlite_database, *(wish(one, now, "another", kind=Kind.TOLD) for one in ids))
    known.look_ahead(sqlite_database, messenger, now + after - MINUTE / 60)
    assert len(messenger.asked_for) == 1
    known.look_ahead(sqlite_database, messenger, now + after)
    assert len(messenger.asked_for) == 2


def test_everything_goes_out_when_no_more_may_be_asked(
    sqlite_database: Database, now: datetime
) -> None:
    ids = staff(sqlite_database, 8)
    messenger = chat(ids, now + HOUR)
    for turn, person in enumerate(ids):  # each by a process that knows nothing yet
        put(sqlite_database, wish(person, now, str(turn)))
        deliver(sqlite_database, messenger, now, Undisturbed())
    n_asked = len(messenger.asked_for)
    assert 0 < n_asked < len(ids)
    assert [person for person, _ in messenger.sent] == ids[n_asked:]


def test_what_is_known_of_people_stands_in_no_table(
    sqlite_database: Database, now: datetime
) -> None:
    [person] = staff(sqlite_database, 1)
    put(sqlite_database, wish(person, now + AHEAD))
    known = Undisturbed()
    before = everything(sqlite_database)
    known.look_ahead(sqlite_database, chat([person], now + HOUR), now)
    assert known.of([person]) == {person: now + HOUR}
    assert everything(sqlite_database) == before
