"""How long it takes to plan a week of several campaigns at once, and how much memory it holds.

    python bench/planning.py [people] [campaigns] [database address]

Every campaign is for everybody and writes once in that week: pulses and vision messages by turns,
each at another hour. The staff lie in five time zones, with two working weeks and holidays of four
countries. What is measured is all that the planner does from Monday to Sunday, a look every six
hours: from the calendar to the last row of the outbox.
"""

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from campaigns.domain.definition import Definition
from campaigns.domain.people import Person, WorkingHours
from campaigns.flows.planning import launch, plan
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.tables import metadata
from tests.people import clerk
from tests.sending import campaign, pulse, vision

MONDAY = datetime(2027, 1, 11, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Europe/Lisbon", "America/New_York", "Africa/Cairo", "UTC")
HOLIDAYS = ("DE-BY", "PT", "US", "EG", "")


def main() -> None:
    """Print one line: rows, seconds, and the peak of resident memory."""
    given = [*sys.argv[1:], *("100000", "10", "")[len(sys.argv) - 1 :]]
    number, n_campaigns, address = int(given[0]), int(given[1]), given[2]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(address or f"sqlite:///{folder}/bench.db")
        enrol(database, number)
        before = peak_mb()
        for index in range(n_campaigns):
            launch(database, one_of_many(index), MONDAY - timedelta(hours=12))
        began, cpu = time.perf_counter(), time.process_time()
        n_rows = sum(plan(database, MONDAY + timedelta(hours=hour)) for hour in range(0, 168, 6))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        print(f"{'people':>9}{'campaigns':>11}{'rows':>11}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}")
        print(
            f"{number:>9}{n_campaigns:>11}{n_rows:>11}{seconds:>9.1f}{cpu:>8.1f}{peak_mb():>9.0f}"
        )
        print(f"(before planning, {before:.0f} MB)")
        database.close()


def enrol(database: Database, number: int) -> None:
    """The staff, of a thousand teams."""
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    with database.write() as c:
        teams = [directory.put_team(c, f"Team {n}") for n in range(min(1000, number))]
        directory.put_all(c, (_person(n, teams[n % len(teams)]) for n in range(number)))


def one_of_many(index: int) -> Definition:
    """A campaign that writes on one day of the week, at its own hour."""
    at = (MONDAY + timedelta(days=index % 5, hours=8 + index)).replace(tzinfo=None).isoformat()
    touchpoint = pulse(at=at) if index % 2 else vision(at=at)
    return campaign(touchpoint, key=f"campaign-{index}")


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _person(number: int, team_id: int) -> Person:
    days = frozenset(range(5 if number % 2 else 4))
    return clerk(
        f"p{number}",
        team_id,
        time_zone=ZONES[number % 5],
        holidays=HOLIDAYS[number % 5],
        hours=WorkingHours(days=days),
    )


if __name__ == "__main__":
    main()
