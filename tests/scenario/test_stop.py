"""A stop in one process holds back what another one has claimed and not yet sent."""

from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection

from campaigns.domain.messages import Message
from campaigns.domain.outbox import State
from campaigns.domain.people import Person
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import stop
from campaigns.storage.database import Database
from tests.sending import InterruptedMessenger, launched, plain, rows, staff

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
HALTS_AT = 4  # the sending in the middle of which the other process stops the campaign


def sender(address: str, line: Connection) -> None:
    """Delivers; in the midst of one sending it tells so and waits to be told to go on."""
    messenger = InterruptedMessenger()

    def before(_person: Person, _message: Message) -> None:
        if len(messenger.sent) == HALTS_AT - 1:
            line.send("sending")
            line.recv()

    messenger.before = before
    database = Database(address)
    n_sent = deliver_due(database, messenger, plain, NOW)
    line.send(n_sent)


def test_stop_holds_back_what_another_process_has_claimed_and_tells_what_had_gone_out(
    database: Database,
) -> None:
    staff(database, 20)
    launched(database, NOW)
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    address = database.engine.url.render_as_string(hide_password=False)
    child = context.Process(target=sender, args=(address, theirs))
    child.start()
    try:
        assert ours.recv() == "sending"
        stopped = stop(database, "portal", NOW)
        ours.send("go on")
        assert ours.recv() == HALTS_AT  # the one whose call had begun, and none after it
    finally:
        child.join(20)
    # A batch settles at its end: until then all of it may still be underway.
    assert (stopped.n_deliveries, stopped.n_underway, stopped.n_in_doubt) == (0, 20, 0)
    assert len(rows(database, State.SENT)) == HALTS_AT
    held = rows(database, State.CANCELLED)
    assert {row.reason for row in held} == {"stopped"}
    assert len(held) == 20 - HALTS_AT
