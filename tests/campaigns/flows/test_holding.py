"""A pulse waits until something was told back; nothing is lost or sent twice when it goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from campaigns.domain.outbox import Kind
from campaigns.errors import StateError
from campaigns.flows import auditing, holding, planning
from campaigns.flows.greeting import home
from campaigns.storage import campaigns, directory, runs
from campaigns.storage.database import Database
from campaigns.storage.tables import deliveries, releases
from tests.agency import ACTIONS
from tests.campaigns.flows.ledgers import KEY, Heard, cell
from tests.scene import VAULT, definition

SUNDAY = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)  # the pulse is at nine on Mondays
STAFF = 14


def heard_of(database: Database, **campaign: Any) -> Heard:
    """Themes were published on a Friday; the past pulses are over."""
    heard = Heard(database, SUNDAY - timedelta(days=2), **campaign)
    heard.now = SUNDAY
    return heard


@pytest.fixture
def heard(sqlite_database: Database) -> Heard:
    return heard_of(sqlite_database, tell_back="wait")


def pulses(heard: Heard) -> list[Any]:
    with heard.database.read() as c:
        found = select(deliveries).where(
            deliveries.c.kind == Kind.PULSE, deliveries.c.closes_at > SUNDAY
        )
        return list(c.execute(found.order_by(deliveries.c.person_id)))


def planned(heard: Heard, **later: float) -> int:
    """How many get the pulse once the planner has looked, so much later."""
    heard.now = SUNDAY + timedelta(**later)
    planning.plan(heard.database, heard.now)
    return len(pulses(heard))


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_pulse_waits_until_something_is_told_and_goes_to_all_once(database: Database) -> None:
    heard = heard_of(database, tell_back="wait")
    heard.write(heard.voice(heard.north))
    assert planned(heard) == 0
    assert planned(heard, days=2) == 0
    assert heard.tell(heard.entries()[0]) is None
    assert planned(heard, days=2) == STAFF
    assert planned(heard, days=3) == STAFF
    assert len({one.person_id for one in pulses(heard)}) == STAFF


def test_what_waited_is_open_as_long_as_ever_from_then_on(heard: Heard) -> None:
    planned(heard)
    heard.write(heard.voice(heard.north))
    heard.tell(heard.entries()[0])
    planned(heard, days=3)
    freed = SUNDAY + timedelta(days=3)
    assert all(one.due_at >= freed for one in pulses(heard))
    assert all(one.closes_at - one.due_at == timedelta(days=6) for one in pulses(heard))


def test_pulse_does_not_wait_once_something_was_told(heard: Heard) -> None:
    heard.write(heard.voice(heard.north))
    heard.tell(heard.entries()[0])
    assert planned(heard) == STAFF
    assert all(one.due_at.date() == SUNDAY.date() + timedelta(days=1) for one in pulses(heard))


def test_pulse_goes_on_by_itself_after_some_days(heard: Heard) -> None:
    assert planned(heard, days=5) == 0
    assert planned(heard, days=6) == STAFF


def test_only_the_next_pulse_waits_for_the_same_themes(heard: Heard) -> None:
    planned(heard)
    assert planned(heard, days=6) == STAFF
    assert planned(heard, days=8) == 2 * STAFF
    heard.publish({heard.north: cell("workload")})
    assert planned(heard, days=15) == 2 * STAFF


def test_pulse_goes_on_by_a_press_that_is_in_the_log(heard: Heard) -> None:
    with pytest.raises(StateError):
        holding.go_on(heard.database, KEY, heard.now)
    assert planned(heard) == 0
    holding.go_on(heard.database, KEY, heard.now, "console 1")
    assert planned(heard, hours=1) == STAFF
    (entry,) = auditing.every(heard.database)
    assert (entry.who, entry.deed) == ("console 1", "went on")


@pytest.mark.parametrize("mode", ["remind", "off"])
def test_nothing_waits_where_the_campaign_does_not_say_so(
    sqlite_database: Database, mode: str
) -> None:
    assert planned(heard_of(sqlite_database, tell_back=mode)) == STAFF


def test_nothing_waits_where_no_theme_was_published(heard: Heard) -> None:
    with heard.database.write() as c:
        c.execute(delete(releases))
    heard.publish({heard.north: cell()})
    assert planned(heard) == STAFF


def test_what_waits_is_not_lost_by_a_new_version(heard: Heard) -> None:
    """Not even where its moment is over, and so is the time that it would have been open."""
    assert planned(heard) == 0
    newer = definition(agent_actions=ACTIONS, tell_back="wait", tell_back_days=20)
    planning.launch(heard.database, newer, heard.now)
    assert planned(heard, days=9) == 0
    holding.go_on(heard.database, KEY, heard.now)
    assert planned(heard, days=9) == 2 * STAFF  # and the next Monday's, which waited as well


def test_what_waits_goes_with_a_version_that_no_longer_has_it(heard: Heard) -> None:
    assert planned(heard) == 0
    newer = definition(tell_back="wait")
    kept = [one for one in newer.campaign.touchpoints if one.kind == "vision"]
    campaign = newer.campaign.model_copy(update={"touchpoints": tuple(kept), "rules": ()})
    planning.launch(heard.database, newer.model_copy(update={"campaign": campaign}), heard.now)
    with heard.database.read() as c:
        assert runs.held(c, heard.agency.campaign.id) == []
    assert planned(heard, days=6) == 0


def test_comms_team_is_told_on_the_home_page(heard: Heard) -> None:
    planned(heard)
    with heard.database.read() as c:
        someone = directory.person(c, heard.agency.agents[0])
        launched = campaigns.by_key(c, KEY)
        assert holding.owing(c, launched) is not None
    page = home(heard.database, VAULT, someone, is_comms=True, lane=None, now=heard.now)
    text = "\n".join(one.fallback_text for one in page)
    assert "The pulse of Monday, 11 January 2027 waits: nothing was told back" in text
    assert "since Friday, 8 January 2027" in text
    assert "[Let the pulse go on now]" in text
    page = home(heard.database, VAULT, someone, is_comms=False, lane=None, now=heard.now)
    assert not any("nothing was told back" in one.fallback_text for one in page)
