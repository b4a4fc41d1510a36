"""How long a wave of 100,000 answers takes from the rows to what is published.

    python -m bench.wave [answers in a wave] [waves]

An organisation of 20,000 people in 1,000 teams on SQLite. In each wave about half of them answer,
others than the last time, and one in a hundred has moved; every figure is compared with those of
the six waves before. Prints a table; asserts nothing.
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.dashboard import DEFINITION, DIVISIONS, LAUNCH, PEOPLE, TEAMS, WEEKS, fill, organisation
from campaigns.domain.confidentiality import Released
from campaigns.flows.watching import close_periods
from campaigns.storage import campaigns, releases
from campaigns.storage.database import Database
from campaigns.storage.tables import answers, deliveries, metadata, people, scores, teams
from campaigns.storage.vault import Vault, new_key
from sentiment.watch import TeamDetector

ANSWERS, WAVES = 100_000, 7
QUESTIONS = ("ready", "clear", "why")
MOVED = 0.01


class Staff:
    """Who sits where; who answers once is likely to answer again."""

    def __init__(self) -> None:
        self.chance = random.Random(1)
        first = 2 + DIVISIONS
        self.teams = [first + i % TEAMS for i in range(PEOPLE)]
        self.willing = [self.chance.betavariate(1, 1) for _ in range(PEOPLE)]

    def wave(self, n_pulses: int) -> list[tuple[int, int]]:
        """(person id, team id) of each answered pulse."""
        for person in range(PEOPLE):
            if self.chance.random() < MOVED:
                self.teams[person] = self.chance.choice(self.teams)
        picked = self.chance.choices(range(PEOPLE), self.willing, k=n_pulses)
        return [(person + 1, self.teams[person]) for person in picked]


def put(database: Database, number: int, pulses: list[tuple[int, int]]) -> None:
    """The wave's rows: a delivery, two scales and a scored text a pulse."""
    at, first = LAUNCH + timedelta(weeks=WEEKS * number, days=2), number * 10**7
    ids = range(first, first + len(pulses))
    fill(database, deliveries, (_delivery(i, p, at) for i, (p, _) in zip(ids, pulses, strict=True)))
    rows = (row for i, pulse in zip(ids, pulses, strict=True) for row in _answers(i, *pulse, at))
    fill(database, answers, rows)
    fill(database, scores, (_score(3 * i + 2, at) for i in ids))


def _delivery(i: int, person: int, at: datetime) -> dict[str, Any]:
    row = {"id": i, "key": f"{i:032x}", "once": f"wave:{i}", "kind": "pulse", "person_id": person}
    row |= {"campaign_id": 1, "version_id": 1, "touchpoint": "pulse", "state": "sent"}
    return {**row, "due_at": at, "sent_at": at}


def _answers(i: int, person: int, team: int, at: datetime) -> Iterator[dict[str, Any]]:
    for number, question in enumerate(QUESTIONS):
        text = question == "why"
        yield {
            "id": 3 * i + number,
            "delivery_id": i,
            "campaign_id": 1,
            "person_id": person,
            "team_id": team,
            "question": question,
            "kind": "text" if text else "scale",
            "number": None if text else 1 + (person + number) % 5,
            "answered_at": at,
            "scoring": "done" if text else "",
        }


def _score(answer: int, at: datetime) -> dict[str, Any]:
    row = {"answer_id": answer, "model": "bench", "status": "scored", "stance": "neutral"}
    row |= {"barrier": "ability", "themes": "tools", "p_resistant": 0.2, "p_ambivalent": 0.1}
    return {**row, "p_neutral": 0.3, "p_supportive": 0.4, "scored_at": at, "counts": True}


def main() -> None:
    n_answers = int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS
    n_waves = int(sys.argv[2]) if len(sys.argv) > 2 else WAVES
    staff, vault = Staff(), Vault([new_key()])
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/bench.db")
        metadata.create_all(database.engine)
        nodes, everybody = organisation()
        fill(database, teams, iter(nodes))
        fill(database, people, iter(everybody))
        with database.write() as c:
            campaigns.put(c, DEFINITION, LAUNCH)
        print(f"{'wave':>6}{'answers':>10}{'people':>9}{'figures shown':>15}{'seconds':>9}")
        for number in range(n_waves):
            pulses = staff.wave(n_answers // len(QUESTIONS))
            put(database, number, pulses)
            start = perf_counter()
            now = LAUNCH + timedelta(weeks=WEEKS * (number + 1), hours=2)
            assert close_periods(database, vault, TeamDetector(), now) == 1
            seconds = perf_counter() - start
            with database.read() as c:
                [newest] = releases.since(c, 1, number)
            shown = sum(isinstance(cell, Released) for cell in newest.cells.values())
            n_people = len({person for person, _ in pulses})
            of_all = f"{shown} of {len(newest.cells)}"
            n_given = len(pulses) * len(QUESTIONS)
            print(f"{number + 1:>6}{n_given:>10,}{n_people:>9,}{of_all:>15}{seconds:>9.1f}")
        database.close()


if __name__ == "__main__":
    main()
