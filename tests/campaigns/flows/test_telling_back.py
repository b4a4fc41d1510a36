"""What was decided goes back to all of the group, once each, whatever happens in between."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.domain.ledger import Course, Refused
from campaigns.domain.outbox import BY_URGENCY, CAPPED, Kind
from campaigns.flows import auditing, planning, telling_back
from campaigns.flows.composing import compose
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.tables import deliveries, metadata
from sentiment.labels import Theme
from tests.campaigns.flows.ledgers import KEY, Heard
from tests.golden import compare
from tests.people import clerk
from tests.sending import broken_at

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def heard(sqlite_database: Database, now: datetime) -> Heard:
    return Heard(sqlite_database, now)


def people_told(heard: Heard) -> list[int]:
    with heard.database.read() as c:
        found = select(deliveries.c.person_id).where(deliveries.c.kind == Kind.TOLD)
        return sorted(c.scalars(found))


def in_north(heard: Heard) -> list[int]:
    teams, staff = heard.agency.teams, heard.agency.staff
    return sorted([*staff[teams[0]], *staff[teams[2]], heard.agency.agents[0]])


def test_all_people_of_the_group_are_told_whoever_answered(
    database: Database, now: datetime
) -> None:
    """Also those of a team that is not shown itself: nothing tells it from the others."""
    heard = Heard(database, now)
    heard.write(heard.voice(heard.north))
    assert heard.spread() == 0
    assert heard.tell(heard.entries()[0]) is None
    assert heard.spread() == 7
    assert people_told(heard) == in_north(heard)
    assert heard.spread() == 0
    assert [one.deed for one in auditing.every(database)] == ["decided", "told back"]


def test_theme_of_one_team_is_told_to_that_team_alone(heard: Heard) -> None:
    team = heard.agency.teams[0]
    heard.write(heard.voice(team, Theme.TOOLS))
    heard.tell(heard.entries()[0])
    heard.spread()
    assert people_told(heard) == sorted(heard.agency.staff[team])


def test_entry_is_told_once_and_stays_so_when_it_changes(heard: Heard) -> None:
    heard.write(heard.voice(heard.north))
    heard.tell(heard.entries()[0])
    assert heard.tell(heard.entries()[0]) is Refused.TOLD
    heard.spread()
    assert heard.change(heard.entries()[0], course=Course.PLANNED) is None
    assert heard.tell(heard.entries()[0]) is Refused.TOLD
    assert heard.spread() == 0


def test_who_is_not_in_the_audience_is_not_told(sqlite_database: Database, now: datetime) -> None:
    heard = Heard(sqlite_database, now, audience={"except": {"roles": ["cook"]}})
    with heard.database.write() as c:
        cook = directory.put(c, clerk("cook", heard.north, role="cook"))
    heard.write(heard.voice(heard.north))
    heard.tell(heard.entries()[0])
    heard.spread()
    assert cook not in people_told(heard)


def test_paused_campaign_tells_later_and_a_stopped_one_never(heard: Heard) -> None:
    heard.write(heard.voice(heard.north))
    heard.write(heard.voice(heard.agency.teams[0], Theme.TOOLS))
    first, second = heard.entries()
    heard.tell(first)
    planning.pause(heard.database, KEY, heard.now)
    assert heard.spread() == 0
    planning.resume(heard.database, KEY, heard.now)
    assert heard.spread() == 7
    planning.stop(heard.database, KEY, heard.now)
    assert heard.tell(second) is Refused.STOPPED
    assert {one.state for one in heard.told(in_north(heard)[0])} == {"cancelled"}


def test_being_told_is_one_of_the_messages_of_a_week_and_comes_before_the_next_pulse() -> None:
    assert Kind.TOLD in CAPPED
    assert BY_URGENCY.index(Kind.TOLD) < BY_URGENCY.index(Kind.PULSE)


BREAKS = st.tuples(st.sampled_from(("INSERT INTO deliveries", "UPDATE ledger")), st.integers(1, 3))


@settings(max_examples=8)
@given(breaks=st.lists(BREAKS, max_size=4))
def test_everybody_is_told_once_wherever_it_breaks_off(breaks: list[tuple[str, int]]) -> None:
    now = datetime.fromisoformat("2027-01-12T09:00:00+00:00")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(telling_back, "CHUNK", 3)
        database = Database(f"sqlite:///{Path(folder)}/test.db")
        metadata.create_all(database.engine)
        heard = Heard(database, now)
        heard.write(heard.voice(heard.north))
        heard.tell(heard.entries()[0])
        for statement, nth in breaks:
            with suppress(ConnectionError), broken_at(database, statement, nth):
                heard.spread()
        heard.spread()
        assert people_told(heard) == in_north(heard)
        database.close()


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_message_reads_as_in_the_golden_file(
    sqlite_database: Database, now: datetime, language: str
) -> None:
    """All three courses; the entries have texts in English and German alone."""
    heard = Heard(sqlite_database, now, languages=["en", "de", "fr", "es"])
    reader = clerk("reader", heard.agency.teams[2], language=language)
    with heard.database.write() as c:
        person = directory.person(c, directory.put(c, reader))
    why = {"en": "There is no room for a desk.", "de": "Es ist kein Platz."}
    for course in Course:
        heard.write(heard.voice(heard.north), course=course, reason=why)
    for entry in heard.entries():
        heard.tell(entry)
    heard.spread()
    with heard.database.read() as c:
        found = [compose(c, one, heard.now) for one in heard.told(person.id)]
    text = "\n\n---\n\n".join(one.fallback_text for one in found)
    compare(GOLDEN / f"told_{language}.txt", text + "\n")


def test_nothing_is_told_that_was_to_be_done_before_or_that_nobody_answers_for(
    heard: Heard,
) -> None:
    due_on = (heard.now + timedelta(days=30)).date()
    heard.write(heard.voice(heard.north), course=Course.PLANNED, due_on=due_on)
    [entry] = heard.entries()
    heard.now += timedelta(days=40)
    assert heard.tell(entry) is Refused.WRONG_DAY
    assert heard.change(entry) is None  # it is done by now
    [entry] = heard.entries()
    with heard.database.write() as c:
        directory.deactivate(c, [entry.owner_id])
    assert heard.tell(entry) is Refused.NO_OWNER
    assert people_told(heard) == []
