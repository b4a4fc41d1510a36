"""How long the report of one campaign takes with a million answers, and one close of a period.

    python -m bench.dashboard [answers]

Makes an organisation of 20,000 people in 1,000 teams on SQLite, closes six periods of four weeks
one after the other, and builds the report 50 times. Prints a table; asserts nothing.
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from sqlalchemy import Table, insert

from campaigns.domain.definition import Definition
from campaigns.flows.reporting import overview
from campaigns.flows.watching import close_periods
from campaigns.storage import campaigns
from campaigns.storage.database import Database
from campaigns.storage.tables import answers, deliveries, metadata, people, scores, teams
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Barrier, Theme
from sentiment.watch import TeamDetector

PEOPLE, DIVISIONS, TEAMS = 20_000, 40, 1_000
PERIODS, WEEKS = 6, 4
LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
CHUNK = 20_000
ROUNDS = 50

DEFINITION = Definition.model_validate(
    {
        "initiative": {
            "key": "bench",
            "title": "A change",
            "what": "Something changes.",
            "why": "It has to.",
            "for_whom": "Everybody.",
            "sponsor": "A sponsor",
            "goals": [{"title": "Better", "measure": "days", "target": "20"}],
        },
        "campaign": {
            "key": "bench",
            "title": "A campaign",
            "help_contacts": [{"name": "Counselling", "contact": "555-0100"}],
            "questions": [
                {"key": "ready", "kind": "scale", "prompt": "Ready?", "favourable": "high"},
                {"key": "clear", "kind": "scale", "prompt": "Clear?", "favourable": "high"},
                {"key": "why", "kind": "text", "prompt": "Why?"},
            ],
            "touchpoints": [
                {
                    "kind": "pulse",
                    "key": "pulse",
                    "when": {"days_after_launch": 0},
                    "title": "How is it going?",
                    "questions": ["ready", "clear", "why"],
                }
            ],
        },
    }
)


def fill(database: Database, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    waiting: list[dict[str, Any]] = []
    with database.write() as c:
        for row in rows:
            waiting.append(row)
            if len(waiting) == CHUNK:
                c.execute(insert(table), waiting)
                waiting = []
        if waiting:
            c.execute(insert(table), waiting)


def organisation() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    nodes: list[dict[str, Any]] = [{"id": 1, "name": "All", "parent_id": None}]
    nodes += [{"id": 2 + i, "name": f"D{i}", "parent_id": 1} for i in range(DIVISIONS)]
    first = 2 + DIVISIONS
    nodes += [
        {"id": first + i, "name": f"T{i}", "parent_id": 2 + i % DIVISIONS} for i in range(TEAMS)
    ]
    staff = [
        {"id": i + 1, "external_id": f"P{i}", "name": f"P{i}", "team_id": first + i % TEAMS}
        for i in range(PEOPLE)
    ]
    return nodes, staff


def pulses(n_answers: int) -> Iterator[tuple[int, int, datetime]]:
    """(delivery id, person id, moment) of n_answers / 3 answered pulses, spread over the time."""
    n, length = n_answers // 3, timedelta(weeks=WEEKS * PERIODS)
    for i in range(n):
        yield i + 1, i % PEOPLE + 1, LAUNCH + length * (i / n)


def delivery_rows(n_answers: int) -> Iterator[dict[str, Any]]:
    for i, person, at in pulses(n_answers):
        yield {
            "id": i,
            "key": f"{i:032x}",
            "once": f"bench:{i}",
            "kind": "pulse",
            "person_id": person,
            "campaign_id": 1,
            "version_id": 1,
            "touchpoint": "pulse",
            "state": "sent",
            "due_at": at,
            "sent_at": at,
        }


def answer_rows(n_answers: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)
    first = 2 + DIVISIONS
    for i, person, at in pulses(n_answers):
        for number, question in enumerate(("ready", "clear", "why")):
            text = question == "why"
            yield {
                "id": 3 * i + number,
                "delivery_id": i,
                "campaign_id": 1,
                "person_id": person,
                "team_id": first + (person - 1) % TEAMS,
                "question": question,
                "kind": "text" if text else "scale",
                "number": None if text else chance.randint(1, 5),
                "answered_at": at,
                "scoring": "done" if text else "",
            }


def score_rows(n_answers: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(2)
    barriers, themes = list(Barrier), list(Theme)
    for i, _, at in pulses(n_answers):
        p = chance.random()
        yield {
            "answer_id": 3 * i + 2,
            "model": "bench",
            "status": "scored",
            "stance": "neutral",
            "barrier": chance.choice(barriers),
            "themes": ";".join(chance.sample(themes, 2)),
            "p_resistant": p * 0.5,
            "p_ambivalent": 0.1,
            "p_neutral": 0.3,
            "p_supportive": 0.6 - p * 0.5,
            "scored_at": at + timedelta(minutes=5),
            "counts": True,
        }


def build(database: Database, n_answers: int) -> None:
    metadata.create_all(database.engine)
    nodes, staff = organisation()
    fill(database, teams, iter(nodes))
    fill(database, people, iter(staff))
    with database.write() as c:
        campaigns.put(c, DEFINITION, LAUNCH)
    fill(database, deliveries, delivery_rows(n_answers))
    fill(database, answers, answer_rows(n_answers))
    fill(database, scores, score_rows(n_answers))


def timed_closes(database: Database) -> list[float]:
    found, vault = [], Vault([new_key()])
    for period in range(PERIODS):
        now = LAUNCH + timedelta(weeks=WEEKS * (period + 1), hours=2)
        start = perf_counter()
        assert close_periods(database, vault, TeamDetector(), now) == 1
        found.append(perf_counter() - start)
    return found


def timed_reports(database: Database) -> list[float]:
    now, found = LAUNCH + timedelta(weeks=WEEKS * PERIODS, days=1), []
    for _ in range(ROUNDS):
        start = perf_counter()
        overview(database, "bench", now)
        found.append(perf_counter() - start)
    return found


def main() -> None:
    n_answers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/bench.db")
        start = perf_counter()
        build(database, n_answers)
        print(f"{n_answers:>12,} answers written in {perf_counter() - start:.0f} s")
        closes = timed_closes(database)
        a_close = n_answers // PERIODS
        print(
            f"{a_close:>12,} answers in one close: first {closes[0]:.1f} s, last {closes[-1]:.1f} s"
        )
        reports = quantiles([1000 * seconds for seconds in timed_reports(database)], n=20)
        print(f"{'report':>12} p50 {reports[9]:.0f} ms, p95 {reports[18]:.0f} ms")
        database.close()


if __name__ == "__main__":
    main()
