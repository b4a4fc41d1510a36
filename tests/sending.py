"""What tests about planning and delivering share: a small campaign, staff, and a recording chat."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, event, select

from campaigns.domain.definition import Definition
from campaigns.domain.messages import Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person, WorkingHours
from campaigns.flows.planning import launch, plan
from campaigns.storage import campaigns, directory, outbox, runs
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery, NewDelivery
from campaigns.storage.tables import deliveries
from tests.fakes import RecordingMessenger

ALWAYS = WorkingHours(days=frozenset(range(7)))


def campaign(*touchpoints: dict[str, Any], key: str = "portal", **changes: Any) -> Definition:
    """A campaign with these touchpoints; a vision message on the day of the launch by default."""
    words = {"title": "Portal", "what": "A portal", "why": "Less paper", "for_whom": "Everybody"}
    goal = {"title": "Fewer letters", "measure": "letters a week", "target": "100"}
    return Definition.model_validate(
        {
            "initiative": {"key": "permits", "sponsor": "The board", "goals": [goal], **words},
            "campaign": {
                "key": key,
                "title": "Portal",
                "help_contacts": [{"name": "Advice", "contact": "extension 100"}],
                "questions": [{"key": "clear", "kind": "scale", "prompt": "It is clear to me."}],
                "touchpoints": list(touchpoints) or [vision()],
                **changes,
            },
        }
    )


def vision(key: str = "why", **when: Any) -> dict[str, Any]:
    """A vision message, on the day of the launch at 09:00 by default."""
    when = when or {"days_after_launch": 0}
    return {"kind": "vision", "key": key, "when": when, "title": "Why", "text": "Less paper."}


def pulse(key: str = "pulse", open_days: int = 6, **when: Any) -> dict[str, Any]:
    """A pulse of one question, on the day of the launch at 09:00 by default."""
    when = when or {"days_after_launch": 0}
    asked = {"questions": ["clear"], "open_days": open_days}
    return {"kind": "pulse", "key": key, "when": when, "title": "How is it?", **asked}


def reminder(days: int = 2, about: str = "pulse", key: str = "again") -> dict[str, Any]:
    when = {"pulse": about, "days": days}
    return {"kind": "reminder", "key": key, "when": when, "title": "Again", "text": "Still open."}


def staff(
    database: Database, number: int, start: int = 1, team: str = "Permits", **changes: Any
) -> list[int]:
    """So many people of one team, without names; their ids."""
    with database.write() as c:
        team_id = directory.put_team(c, team)
        people = [_person(n, team_id, changes) for n in range(start, start + number)]
        directory.put_all(c, people)
        ids = directory.ids_by_external_id(c)
    return [ids[person.external_id] for person in people]


def _person(number: int, team_id: int, changes: dict[str, Any]) -> Person:
    values: dict[str, Any] = {
        "id": 0,
        "external_id": f"p{number}",
        "name": "",
        "email": "",
        "team_id": team_id,
        "role": "clerk",
        "location": "",
        "language": "en",
        "time_zone": "UTC",
        "hours": ALWAYS,
        "chat_id": "",
    }
    return Person(**{**values, **changes})


def launched(database: Database, now: datetime, *touchpoints: dict[str, Any], **more: Any) -> None:
    """Such a campaign is launched, and what is due by now is written."""
    launch(database, campaign(*touchpoints, **more), now)
    plan(database, now)


def put(database: Database, *new: NewDelivery) -> None:
    with database.write() as c:
        outbox.put(c, new)


def wish(person_id: int, due_at: datetime, name: str = "one", **more: Any) -> NewDelivery:
    """A sending that belongs to no campaign unless told."""
    return NewDelivery(
        f"{name}:{person_id}", more.pop("kind", Kind.VISION), person_id, due_at, **more
    )


def plain(_connection: Connection, delivery: Delivery, _now: datetime, *_known: object) -> Message:
    """The shortest message there is."""
    return Message(delivery.key, "Hello.", "en", ())


@dataclass
class InterruptedMessenger(RecordingMessenger):
    """The fake chat with hooks: `before` a message is posted or edited, `after` once posted."""

    before: Callable[[Person, Message], None] = lambda _person, _message: None
    after: Callable[[Person, Message], None] = lambda _person, _message: None
    looked_for: list[str] = field(default_factory=list)
    edited: list[tuple[int, str]] = field(default_factory=list)

    @property
    def posted(self) -> list[tuple[int, str]]:
        """To whom, and under which key, in order."""
        return [(person_id, message.key) for person_id, message in self.sent]

    def send(self, person: Person, message: Message) -> str:
        self.before(person, message)
        external_id = super().send(person, message)
        self.after(person, message)
        return external_id

    def find(self, person: Person, key: str) -> str | None:
        self.looked_for.append(key)
        return super().find(person, key)

    def update(self, person: Person, external_id: str, message: Message) -> None:
        self.before(person, message)
        super().update(person, external_id, message)
        self.edited.append((person.id, external_id))

    def people(self) -> list[int]:
        """Whom each message went to, in order."""
        return [person_id for person_id, _ in self.sent]


@contextmanager
def broken_at(database: Database, statement: str, nth: int) -> Iterator[None]:
    """The line to the database breaks just after the nth statement that begins like this."""
    seen = count(1)

    def break_off(_c: object, _cursor: object, said: str, *_: object) -> None:
        if said.startswith(statement) and next(seen) == nth:
            raise ConnectionError

    event.listen(database.engine, "after_cursor_execute", break_off)
    try:
        yield
    finally:
        event.remove(database.engine, "after_cursor_execute", break_off)


def rows(database: Database, *states: State) -> Sequence[Any]:
    """All deliveries in these states (none given: in any), by id."""
    found = select(deliveries).order_by(deliveries.c.id)
    if states:
        found = found.where(deliveries.c.state.in_(states))
    with database.read() as c:
        return c.execute(found).all()


def open_runs(database: Database) -> list[runs.Run]:
    """The runs of all campaigns."""
    with database.read() as c:
        everywhere = campaigns.all_launched(c)
        return [run for one in everywhere for run in runs.of_campaign(c, one.id)]
