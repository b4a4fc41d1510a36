"""Whatever the platform, the program and people do: nobody gets a message twice, none is lost."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.messages import Message
from campaigns.domain.outbox import FINAL, Kind, State
from campaigns.domain.people import Person
from campaigns.errors import (
    DeliveryError,
    FinalDeliveryError,
    InDoubtError,
    RetryLaterError,
)
from campaigns.flows.delivering import LEASE, deliver_due
from campaigns.flows.not_disturbing import Undisturbed
from campaigns.storage import outbox
from campaigns.storage.database import Database
from campaigns.storage.outbox import NewDelivery
from campaigns.storage.tables import metadata
from tests.sending import InterruptedMessenger, broken_at, plain, rows, staff

STEPS = ("ok", "busy", "refused", "lost before", "lost after", "unclear", "bug", "killed")


@dataclass
class Moody(InterruptedMessenger):
    """A platform that does what it is told for each call, and then behaves."""

    moods: list[str] = field(default_factory=list)

    def in_lane(self, person: Person) -> bool:  # noqa: ARG002
        """Everybody is asked for."""
        return True

    def send(self, person: Person, message: Message) -> str:
        mood = self.moods.pop(0) if self.moods else "ok"
        errors: dict[str, Exception] = {
            "busy": RetryLaterError("busy", 5),
            "refused": FinalDeliveryError("refused"),
            "lost before": InDoubtError("lost"),
            "unclear": DeliveryError("unclear"),
            "bug": ZeroDivisionError(),
        }
        if mood in errors:
            raise errors[mood]
        external_id = super().send(person, message)
        if mood == "lost after":
            raise InDoubtError("lost")
        if mood == "killed":
            raise KeyboardInterrupt
        return external_id


def deliver(database: Database, messenger: Moody, now: datetime, breaks: int) -> None:
    """One delivery run, that may break off, or lose the database at its nth update."""
    try:
        if breaks:
            with broken_at(database, "UPDATE deliveries", breaks):
                deliver_due(database, messenger, plain, now, undisturbed=Undisturbed())
        else:
            deliver_due(database, messenger, plain, now, undisturbed=Undisturbed())
    except (ZeroDivisionError, KeyboardInterrupt, ConnectionError):
        pass


@settings(max_examples=40, deadline=None)
@given(
    turns=st.lists(
        st.tuples(st.lists(st.sampled_from(STEPS), max_size=6), st.integers(0, 3)), max_size=6
    )
)
def test_nobody_gets_a_message_twice_and_none_is_lost_whatever_breaks(
    turns: list[tuple[list[str], int]],
) -> None:
    now = datetime.fromisoformat("2027-01-12T09:00:00+00:00")
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/test.db")
        metadata.create_all(database.engine)
        ids = staff(database, 5)
        wishes = [NewDelivery(f"told:{person_id}", Kind.TOLD, person_id, now) for person_id in ids]
        with database.write() as c:
            outbox.put(c, wishes)
        messenger = Moody(undisturbed={one: now + 3 * n * LEASE for n, one in enumerate(ids)})
        for moods, breaks in turns:
            messenger.moods = list(moods)
            deliver(database, messenger, now, breaks)
            now += 3 * LEASE
        messenger.moods = []
        for _ in range(4):
            now += timedelta(hours=1)
            deliver(database, messenger, now, 0)
        found = rows(database)
        posted = [key for _, key in messenger.posted]
        assert len(posted) == len(set(posted))
        assert {row.state for row in found} <= FINAL
        assert {row.key for row in found if row.state == State.SENT} == set(posted)
        assert len(found) == len(wishes)
        database.close()
