"""How long a launch to many people takes, how much memory it holds, and how fast rows go out.

    python bench/launch.py [people] [database address]

Each part runs in a child process of its own, so that its peak of resident memory is its own.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from campaigns.domain.people import Person, WorkingHours
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import launch, plan
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.tables import metadata
from tests.sending import InterruptedMessenger, campaign, plain, pulse, reminder, vision

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Europe/Lisbon", "America/New_York", "Africa/Cairo", "UTC")
N_SENT = 5000


def main() -> None:
    """Run each part and print the table."""
    if len(sys.argv) == 4:
        PARTS[sys.argv[1]](Database(sys.argv[3]), int(sys.argv[2]))
        return
    number = sys.argv[1] if len(sys.argv) > 1 else "100000"
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/bench.db"
        print(f"{'part':<10}{'rows':>10}{'seconds':>10}{'CPU s':>10}{'rows/s':>10}{'peak MB':>10}")
        for part in PARTS:
            subprocess.run([sys.executable, __file__, part, number, address], check=True)


def enrol(database: Database, number: int) -> None:
    """The staff, of five time zones and two working weeks."""
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    began = time.perf_counter()
    with database.write() as c:
        team_ids = [directory.put_team(c, f"Team {n}") for n in range(100)]
        directory.put_all(c, (_person(n, team_ids[n % 100]) for n in range(number)))
    report("enrol", number, began)


def fan_out(database: Database, number: int) -> None:
    """One message to everybody: from the definition to the last row in the outbox."""
    began = time.perf_counter()
    launch(database, campaign(vision(at="2027-01-12T09:00:00")), NOW)
    n_written = plan(database, NOW)
    assert n_written == number, n_written
    report("launch", n_written, began)


def deliver(database: Database, number: int) -> None:
    """All that is due, a pulse with a reminder among it, into a chat that takes no time."""
    definition = campaign(pulse(at="2027-01-12T09:00:00"), reminder(), key="other")
    launch(database, definition, NOW)
    plan(database, NOW)
    messenger, later = InterruptedMessenger(), NOW + timedelta(hours=5)
    began = time.perf_counter()
    n_sent = 0
    while n_sent < min(N_SENT, number):
        n_sent += deliver_due(database, messenger, plain, later)
    report("deliver", n_sent, began)


def report(part: str, number: int, began: float) -> None:
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = (f"{number:>10}", f"{seconds:>10.1f}", f"{time.process_time():>10.1f}")
    print(f"{part:<10}", *line, f"{number / seconds:>10.0f}", f"{peak:>10.0f}", sep="")


def _person(number: int, team_id: int) -> Person:
    days = frozenset(range(5 if number % 2 else 4))
    return Person(
        id=0,
        external_id=f"p{number}",
        name="",
        email="",
        team_id=team_id,
        role="clerk",
        location="",
        language="en",
        time_zone=ZONES[number % len(ZONES)],
        hours=WorkingHours(days=days),
        chat_id="",
    )


PARTS: dict[str, Callable[[Database, int], None]] = {
    "enrol": enrol,
    "launch": fan_out,
    "deliver": deliver,
}

if __name__ == "__main__":
    main()
