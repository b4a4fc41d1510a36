"""Over whole organisations, calendars and campaigns: nobody is written to when they should not be.

Few examples by default; `ATTENTION_EXAMPLES=500` for a long look.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from campaigns.domain.attention import Contact, touch
from campaigns.domain.lanes import Act, Lane
from campaigns.domain.messages import Message
from campaigns.domain.outbox import UNDISTURBED, Kind, State
from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.timing import next_permitted
from campaigns.flows.delivering import deliver_due
from campaigns.flows.not_disturbing import Undisturbed
from campaigns.flows.planning import launch, plan, stop
from campaigns.storage import campaigns, directory, outbox, wishes
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import people
from tests.budgets import keeps_to_all_budgets
from tests.people import clerk
from tests.sending import (
    InterruptedMessenger,
    campaign,
    plain,
    pulse,
    put,
    reminder,
    rows,
    vision,
    wish,
)

EXAMPLES = int(os.environ.get("ATTENTION_EXAMPLES", "3"))
START = datetime(2027, 5, 3, 6, tzinfo=UTC)  # holidays in Europe on the 6th, 17th and 27th
STEP = timedelta(hours=7)
N_STEPS = 45
DAY = timedelta(days=1)
ASKED_FOR_ALL: dict[Act, Lane] = {"ask": Lane("x:ask", 20)}
RANKS = st.sampled_from([None, "high", "normal", "low"])


@st.composite
def persons(draw: st.DrawFn, n: int) -> Person:
    first = START.date() + draw(st.integers(0, 12)) * DAY
    away = draw(st.booleans())
    return clerk(
        f"P{n}",
        time_zone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo"])),
        hours=WorkingHours(
            time(draw(st.integers(6, 11))),
            time(draw(st.integers(13, 22))),
            draw(st.frozensets(st.integers(0, 6), min_size=1)),
        ),
        holidays=draw(st.sampled_from(["", "DE-BY", "US", "FR"])),
        away_from=first if away else None,
        away_until=first + draw(st.integers(0, 9)) * DAY if away else None,
    )


@st.composite
def drafts(draw: st.DrawFn, n: int) -> dict[str, Any]:
    """What a campaign is made of: up to four kinds of touchpoints and its own limits."""

    def ranked(touchpoint: dict[str, Any]) -> dict[str, Any]:
        crowded = draw(st.sampled_from(["move", "drop"]))
        text = "word " * draw(st.integers(1, 200))
        return touchpoint | {"priority": draw(RANKS), "if_crowded": crowded, "text": text}

    every, hour = draw(st.integers(1, 5)), draw(st.integers(0, 23))
    again = {"cron": f"0 {hour} */{every} * *"}
    weekly: dict[str, Any] = {
        "every_days": draw(st.integers(2, 6)),
        "first_after_days": 0,
        "times": 9,
    }
    return {
        "touchpoints": [
            ranked(vision(f"tell-{n}", **again)),
            ranked(pulse(f"ask-{n}", open_days=draw(st.integers(2, 6)), **weekly)),
            ranked(reminder(1, f"ask-{n}", f"again-{n}")),
        ],
        "limits": {
            "messages_per_week": draw(st.integers(1, 7)),
            "minutes_per_week": draw(st.integers(1, 3)),
            "days_between_pulses": draw(st.integers(0, 7)),
        },
        "quiet_hours": {"start": f"{draw(st.integers(17, 21))}:00", "end": "07:00"},
    }


# What happens at some step: somebody pauses, leaves, is given a follow-up; a campaign is stopped.
events = st.lists(
    st.tuples(
        st.integers(1, N_STEPS - 1),
        st.sampled_from(["pause", "leave", "follow up", "follow up", "fewer", "stop"]),
        st.integers(0, 9),
    ),
    max_size=12,
)


@dataclass
class World:
    """One organisation from Monday on, and everything that ever reached anybody."""

    database: Database
    definitions: dict[int, Any] = field(default_factory=dict)
    got: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    undisturbed: dict[int, datetime] = field(default_factory=dict)
    known: Undisturbed = field(default_factory=Undisturbed)
    now: datetime = START

    def found(self, draft: list[dict[str, Any]], staff: list[Person]) -> None:
        with self.database.write() as c:
            team_id = directory.put_team(c, "Permits")
            directory.put_all(c, [clerk(**_values(one, team_id)) for one in staff])
        for n, content in enumerate(draft):
            definition = campaign(*content.pop("touchpoints"), key=f"c{n}", **content)
            launched = launch(self.database, definition, self.now - DAY)
            self.definitions[launched.id] = definition

    def happen(self, what: str, who: int, n_people: int) -> None:
        person_id, campaign_id = 1 + who % n_people, 1 + who % len(self.definitions)
        with self.database.write() as c:
            if what == "pause":
                wishes.pause(c, person_id, self.now + (1 + who) * DAY)
            elif what == "fewer":
                wishes.limit(c, person_id, 1)
            elif what == "leave":
                c.execute(update(people).where(people.c.id == person_id).values(active=False))
            state = campaigns.state(c, campaign_id)
        if what == "stop" and state == campaigns.RUNNING:
            stop(self.database, f"c{campaign_id - 1}", self.now)
        if what == "follow up" and state == campaigns.RUNNING:
            about = {"kind": Kind.FOLLOW_UP, "campaign_id": campaign_id, "version_id": campaign_id}
            put(self.database, wish(person_id, self.now, f"f{self.now:%j%H}", **about))

    def tick(self) -> None:
        messenger = InterruptedMessenger(
            before=self.watch, undisturbed=self.undisturbed, lanes=ASKED_FOR_ALL
        )
        plan(self.database, self.now)
        while deliver_due(self.database, messenger, plain, self.now, undisturbed=self.known):
            pass

    def watch(self, person: Person, message: Message) -> None:
        """A message goes out: may it?"""
        with self.database.read() as c:
            one = outbox.by_key(c, message.key)
            person = directory.person(c, person.id)
            state = campaigns.state(c, one.campaign_id or 0)
        definition = self.definitions[one.campaign_id or 0]
        assert state == campaigns.RUNNING, "after a stop"
        assert person.active, "after leaving"
        assert person.paused_until is None or person.paused_until <= self.now, "in a pause"
        assert one.closes_at is None or one.closes_at > self.now, "after its close"
        assert _is_at_work(person, definition.campaign.quiet_hours, self.now)
        assert not self._could_wait(one, person), "when they wanted not to be disturbed"
        wanted, spent = touch(definition, one.kind, one.touchpoint), self.got[person.id]
        assert keeps_to_all_budgets(wanted, spent, self.now, ZoneInfo(person.time_zone))
        week = [at for at, _ in spent if at > self.now - 7 * DAY]
        assert person.per_week is None or len(week) < person.per_week
        spent.append(Contact(self.now, wanted))

    def _could_wait(self, one: Delivery, person: Person) -> bool:
        until = self.undisturbed.get(person.id, START)
        if until <= self.now or one.kind is Kind.FOLLOW_UP or one.reason == UNDISTURBED:
            return False
        quiet = self.definitions[one.campaign_id or 0].campaign.quiet_hours
        wait = next_permitted(until, person, quiet) - self.now
        return wait <= 7 * DAY and (one.closes_at is None or wait <= (one.closes_at - self.now) / 2)


def _values(person: Person, team_id: int) -> dict[str, Any]:
    names = ("time_zone", "hours", "holidays", "away_from", "away_until")
    return {"external_id": person.external_id, "team_id": team_id} | {
        name: getattr(person, name) for name in names
    }


def _is_at_work(person: Person, quiet: Any, now: datetime) -> bool:
    """Said from scratch: the day, the hours, the holidays and the absence on their own clock."""
    local = now.astimezone(ZoneInfo(person.time_zone))
    country, _, part = person.holidays.partition("-")
    if person.holidays and local.date() in country_holidays(country, subdiv=part or None):
        return False
    never = date.max
    if (person.away_from or never) <= local.date() <= (person.away_until or date.min):
        return False
    in_hours = person.hours.start <= local.time() < person.hours.end
    return (
        in_hours
        and local.weekday() in person.hours.days
        and quiet.end <= local.time() < quiet.start
    )


@settings(max_examples=EXAMPLES, phases=(Phase.reuse, Phase.generate))  # a world shrinks slowly
@given(st.data())
def test_nobody_is_bothered_and_everything_has_an_end_or_a_reason(
    sqlite_tables: Path, data: st.DataObject
) -> None:
    staff = [data.draw(persons(n)) for n in range(data.draw(st.integers(1, 5)))]
    draft = [data.draw(drafts(n)) for n in range(data.draw(st.integers(1, 3)))]
    happening = data.draw(events)
    wanted = data.draw(st.timedeltas(timedelta(0), N_STEPS * STEP))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{shutil.copy(sqlite_tables, Path(folder) / 'world.db')}")
        world = World(database)
        world.found(draft, staff)
        world.undisturbed = {1: START + wanted, 2: START + 2 * wanted}
        for step in range(N_STEPS):
            world.now = START + step * STEP
            for _, what, who in (one for one in happening if one[0] == step):
                world.happen(what, who, len(staff))
            world.tick()
        _all_is_accounted_for(world)
        database.close()


def _all_is_accounted_for(world: World) -> None:
    """Sent once, still to come at a later time, or given up for a reason that is written down."""
    found = rows(world.database)
    assert sum(row.state == State.SENT for row in found) == sum(map(len, world.got.values()))
    with world.database.read() as c:
        paused = {p.id for p in directory.roster(c) if (p.paused_until or START) > world.now}
    for row in found:
        if row.state in (State.DROPPED, State.CANCELLED):
            assert row.reason
            assert row.sent_at is None
        elif row.state != State.SENT:
            assert row.state == State.PENDING
            assert row.due_at > world.now or row.person_id in paused
