"""When a launch will have reached everybody, before it and in the midst of it."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import update

from campaigns.domain.lanes import Lane
from campaigns.domain.people import WorkingHours
from campaigns.flows import forecasting
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import pause
from campaigns.flows.previewing import preview
from campaigns.storage.database import Database
from campaigns.storage.tables import people
from tests.sending import InterruptedMessenger, campaign, launched, plain, staff, vision

MINUTE = timedelta(minutes=1)
LANE = Lane("slack:x:chat.postMessage", 300)


def in_slack(database: Database, ids: list[int]) -> None:
    with database.write() as c:
        for n in ids:
            c.execute(update(people).where(people.c.id == n).values(slack_id=f"U{n}"))


def test_preview_says_when_the_first_message_reaches_the_last_person(
    database: Database, now: datetime
) -> None:
    in_slack(database, staff(database, 600))
    reach = preview(database, campaign(), now, lane=LANE).reach
    assert reach is not None
    assert reach.first is not None
    begins, ends = reach.first
    assert begins == now
    assert 2 * MINUTE <= ends - begins <= 3 * MINUTE


def test_preview_needs_no_time_for_people_outside_slack(database: Database, now: datetime) -> None:
    staff(database, 600)
    reach = preview(database, campaign(), now, lane=LANE).reach
    assert reach is not None
    assert reach.first == (now, now)


def test_preview_counts_each_persons_hours(database: Database, now: datetime) -> None:
    staff(database, 1)
    late = WorkingHours(time(14, 0), time(17, 0), frozenset(range(7)))
    staff(database, 1, start=2, hours=late)
    reach = preview(database, campaign(), now, lane=LANE).reach
    assert reach is not None
    assert reach.first == (now, now.replace(hour=14))


def test_preview_has_no_forecast_when_nobody_is_reached(database: Database, now: datetime) -> None:
    staff(database, 1)
    nobody = campaign(audience={"locations": ["Nowhere"]})
    reach = preview(database, nobody, now).reach
    assert reach is not None
    assert reach.first is None


@pytest.mark.parametrize("n_sent", [0, 300])
def test_forecast_of_what_waits_moves_with_what_was_sent(
    database: Database, now: datetime, n_sent: int
) -> None:
    ids = staff(database, 900)
    in_slack(database, ids)
    launched(database, now, vision("a"))
    deliver_due(database, InterruptedMessenger(), plain, now, limit=n_sent)
    ends = forecasting.ends(database, LANE, now)
    minutes = (900 - n_sent) / 300
    assert minutes * MINUTE <= ends["portal"] - now <= (minutes + 1) * MINUTE


def test_forecast_leaves_out_what_is_paused(database: Database, now: datetime) -> None:
    in_slack(database, staff(database, 10))
    launched(database, now)
    pause(database, "portal", now)
    assert forecasting.ends(database, LANE, now) == {}
