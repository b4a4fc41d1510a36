"""How long a simulated run takes, and how much memory it holds.

    python bench/simulating.py [people] [campaigns] [weeks]

The staff have five time zones, two working weeks, three languages and 100 teams; one in fifty is
away for two weeks. Each campaign has a weekly pulse with a reminder, a vision message a fortnight
and three rules; all but the first run already.
"""

import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from campaigns.domain.assumptions import Assumptions, Platform
from campaigns.domain.definition import Definition
from campaigns.domain.lanes import Lane
from campaigns.domain.people import Person, WorkingHours
from campaigns.flows.planning import launch
from campaigns.flows.simulating import Wanted, simulate
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.tables import metadata
from tests.sending import campaign, pulse, reminder, vision

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Europe/Lisbon", "America/New_York", "Africa/Cairo", "UTC")
WEEKS = (WorkingHours(), WorkingHours(clock(6), clock(14), frozenset({0, 1, 2, 3, 5})))


def main() -> None:
    """Enrol, launch, simulate, and print what it took."""
    given = [int(one) for one in sys.argv[1:]]
    n_people, n_campaigns, n_weeks = [*given, *(100_000, 10, 12)[len(given) :]]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        metadata.create_all(database.engine)
        with database.write() as c:
            team_ids = [directory.put_team(c, f"Team {n}") for n in range(100)]
            directory.put_all(c, (_person(n, team_ids[n % 100]) for n in range(n_people)))
        for number in range(1, n_campaigns):
            launch(database, _campaign(number), NOW - timedelta(days=number))
        began, used = time.perf_counter(), time.process_time()
        wanted = Wanted(n_weeks=n_weeks, lane=Lane("slack", 1000), platform=Platform.SLACK)
        found = simulate(database, _campaign(0), NOW, Assumptions(), wanted)
        seconds, used = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{n_people:,} people, {n_campaigns} campaigns, {n_weeks} weeks: {found.n_lives:,} lives, "
        f"{seconds:.1f} s ({used:.1f} s of CPU), peak {peak:.0f} MB"
    )


def _person(number: int, team_id: int) -> Person:
    away = date(2027, 2, 1) + timedelta(days=number % 5) if number % 50 == 0 else None
    return Person(
        0,
        f"p{number}",
        "",
        "",
        team_id,
        "clerk",
        "",
        ("en", "de", "fr")[number % 3],
        ZONES[number % 5],
        WEEKS[number % 2],
        "",
        away_from=away,
        away_until=away + timedelta(days=13) if away else None,
    )


def _campaign(number: int) -> Definition:
    course = {"kind": "follow_up", "title": "Help", "text": "Half an hour.", "purpose": "training"}
    rules: list[dict[str, Any]] = [
        {"key": "lacks", "when": {"barrier": ["knowledge", "ability"]}, "send": "course"},
        {"key": "against", "when": {"stance": ["resistant"]}, "send": "talk"},
        {"key": "silent", "when": {"silence_pulses": 3}, "send": "quiet"},
    ]
    return campaign(
        pulse(cron=f"0 9 * * {1 + number % 5}"),
        reminder(),
        vision(cron=f"0 10 {1 + number},{15 + number} * *"),
        *({"key": key, **course} for key in ("course", "talk", "quiet")),
        key=f"c{number}",
        rules=rules,
        questions=[
            {"key": "clear", "kind": "scale", "prompt": "It is clear to me."},
            {"key": "why", "kind": "text", "prompt": "Why?"},
        ],
    )


if __name__ == "__main__":
    main()
