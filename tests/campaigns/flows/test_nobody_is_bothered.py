"""Over whole organisations, calendars and campaigns: nobody is written to when they should not be.

Few examples by default; `ATTENTION_EXAMPLES=500` for a long look.
"""

import os
import shutil
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from campaigns.domain.attention import Contact, touch
from campaigns.domain.definition import Definition, Pulse
from campaigns.domain.lanes import Act, Lane
from campaigns.domain.messages import Message
from campaigns.domain.outbox import UNDISTURBED, Kind, State
from campaigns.domain.people import Person
from campaigns.domain.timing import next_permitted
from campaigns.flows import rotating
from campaigns.flows.delivering import deliver_due
from campaigns.flows.not_disturbing import Undisturbed
from campaigns.flows.planning import launch, plan, stop
from campaigns.storage import campaigns, directory, outbox, runs, wishes
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import people
from tests.budgets import keeps_to_all_budgets
from tests.databases import empty
from tests.made_up import DAY, N_STEPS, START, STEP, drafts, events, persons
from tests.people import clerk
from tests.sending import InterruptedMessenger, campaign, plain, put, rows, wish

EXAMPLES = int(os.environ.get("ATTENTION_EXAMPLES", "3"))
ASKED_FOR_ALL: dict[Act, Lane] = {"ask": Lane("x:ask", 20)}


@dataclass
class World:
    """One organisation from Monday on, and everything that ever reached anybody."""

    database: Database
    drafts: list[dict[str, Any]]
    versions: dict[int | None, Definition] = field(default_factory=dict)
    current: dict[int, int] = field(default_factory=dict)  # version of each campaign
    asks: dict[int | None, tuple[str, ...]] = field(default_factory=dict)  # by run
    got: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    undisturbed: dict[int, datetime] = field(default_factory=dict)
    known: Undisturbed = field(default_factory=Undisturbed)
    now: datetime = START

    def found(self, staff: list[Person]) -> None:
        with self.database.write() as c:
            team_id = directory.put_team(c, "Permits")
            directory.put_all(c, [clerk(**_values(one, team_id)) for one in staff])
        for n in range(len(self.drafts)):
            self.launch(n, self.now - DAY)

    def launch(self, n: int, now: datetime) -> None:
        content = dict(self.drafts[n])
        definition = campaign(*content.pop("touchpoints"), key=f"c{n}", **content)
        launched = launch(self.database, definition, now)
        self.versions[launched.version_id] = definition
        self.current[launched.id] = launched.version_id

    def edit(self, n: int, asking: dict[str, Any]) -> None:
        """The pulse asks others and other things from its next round on."""
        told, pulse, again = self.drafts[n]["touchpoints"]
        self.drafts[n] = self.drafts[n] | {"touchpoints": [told, pulse | asking, again]}
        self.launch(n, self.now)

    def happen(self, what: str, who: int, n_people: int, asking: dict[str, Any]) -> None:
        person_id, campaign_id = 1 + who % n_people, 1 + who % len(self.drafts)
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
        if what == "edit" and state == campaigns.RUNNING:
            self.edit(campaign_id - 1, asking)
        if what == "follow up" and state == campaigns.RUNNING:
            version_id = self.current[campaign_id]
            about = {
                "kind": Kind.FOLLOW_UP,
                "campaign_id": campaign_id,
                "version_id": version_id,
            }
            put(self.database, wish(person_id, self.now, f"f{self.now:%j%H}", **about))

    def tick(self) -> None:
        messenger = InterruptedMessenger(
            before=self.watch, undisturbed=self.undisturbed, lanes=ASKED_FOR_ALL
        )
        if plan(self.database, self.now):
            self.look_at_parts()
        while deliver_due(self.database, messenger, plain, self.now, undisturbed=self.known):
            pass

    def look_at_parts(self) -> None:
        """What was planned just now is for all, or for one of parts that are nearly alike."""
        begun = Counter(row.run_id for row in rows(self.database) if row.run_id not in self.asks)
        with self.database.read() as c:
            n_here = len([one for one in directory.roster(c) if one.active])
            found = [one for run_id in begun if (one := runs.by_id(c, run_id or 0))]
        for run in found:
            touchpoint = self.versions[run.version_id].touchpoint(run.touchpoint)
            pulse = touchpoint if isinstance(touchpoint, Pulse) else None
            n_parts = max(1, min(pulse.ask.one_in if pulse else 1, n_here // 5))
            assert begun[run.id] in (n_here // n_parts, -(-n_here // n_parts))
            assert bool(run.asks) == bool(pulse and pulse.rotate)
            self.asks[run.id] = run.asks or ()

    def watch(self, person: Person, message: Message) -> None:
        """A message goes out: may it?"""
        with self.database.read() as c:
            one = outbox.by_key(c, message.key)
            person = directory.person(c, person.id)
            state = campaigns.state(c, one.campaign_id or 0)
            definition = rotating.as_asked(c, self.versions[one.version_id], one)
            assert one.kind is not Kind.PULSE or self.asks_as_planned(definition, one)
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
        quiet = self.versions[one.version_id].campaign.quiet_hours
        wait = next_permitted(until, person, quiet) - self.now
        return wait <= 7 * DAY and (one.closes_at is None or wait <= (one.closes_at - self.now) / 2)

    def asks_as_planned(self, definition: Definition, one: Delivery) -> bool:
        """Whether it asks what was in its turn when the round began, whatever was edited since."""
        before, now = (
            each.touchpoint(one.touchpoint) for each in (self.versions[one.version_id], definition)
        )
        assert isinstance(before, Pulse)
        assert isinstance(now, Pulse)
        return set(now.questions) == {*before.every_round(), *self.asks[one.run_id]}


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
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{shutil.copy(sqlite_tables, Path(folder) / 'world.db')}"
        _goes_well(Database(address), data)


@settings(max_examples=max(1, EXAMPLES // 3), phases=(Phase.reuse, Phase.generate))
@given(st.data())
def test_nobody_is_bothered_on_postgresql(postgres_tables: str, data: st.DataObject) -> None:
    database = Database(postgres_tables)
    empty(database)
    _goes_well(database, data)


def _goes_well(database: Database, data: st.DataObject) -> None:
    n_people = data.draw(st.sampled_from([1, 3, 5, 11, 15]))  # 11 are two parts, 15 are three
    staff = [data.draw(persons(n)) for n in range(n_people)]
    world = World(database, [data.draw(drafts(n)) for n in range(data.draw(st.integers(1, 3)))])
    happening = data.draw(events)
    wanted = data.draw(st.timedeltas(timedelta(0), N_STEPS * STEP))
    world.found(staff)
    world.undisturbed = {1: START + wanted, 2: START + 2 * wanted}
    for step in range(N_STEPS):
        world.now = START + step * STEP
        for _, what, who, asking in (one for one in happening if one[0] == step):
            world.happen(what, who, len(staff), asking)
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
