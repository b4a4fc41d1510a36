"""An agency of several teams whose staff answered over some periods, written row by row."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, insert

from campaigns.storage import campaigns, directory, releases
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.releases import Publication
from campaigns.storage.tables import answers, deliveries, scores
from tests.people import clerk
from tests.scene import definition

ACTIONS = [
    {"key": "listen", "title": "Listen", "text": "Ask the team what is hardest."},
    {"key": "practise", "title": "Practise", "text": "Offer an hour.", "barriers": ["ability"]},
    {"key": "fix", "title": "Fix", "text": "Bring the list to IT.", "themes": ["tools"]},
    {"key": "speak", "title": "Speak", "text": "Bring the sponsor.", "barriers": ["desire"]},
]
# What one person answers to one pulse: a number from 1 to 5, and how resistant the text is.
Mood = tuple[int | None, float | None]


class Agency:
    """Teams "T00", "T01" … in two divisions; the first person of a division is its change agent."""

    def __init__(
        self, database: Database, launched_at: datetime, sizes: Sequence[int], **campaign: Any
    ) -> None:
        self.database, self.launched_at = database, launched_at
        content = definition(**{"agent_actions": ACTIONS, **campaign})
        with database.write() as c:
            root = directory.put_team(c, "Agency")
            self.divisions = [directory.put_team(c, name, root) for name in ("North", "South")]
            self.root = root
            self.teams = [
                directory.put_team(c, f"T{i:02}", self.divisions[i % 2]) for i in range(len(sizes))
            ]
            members = [
                (team, n) for team, size in zip(self.teams, sizes, strict=True) for n in range(size)
            ]
            directory.put_all(c, [clerk(f"{team}-{n}", team) for team, n in members])
            directory.put_all(c, [clerk(f"A{division}", division) for division in self.divisions])
            ids = directory.ids_by_external_id(c)
            self.staff = {
                team: [ids[f"{team}-{n}"] for t, n in members if t == team] for team in self.teams
            }
            self.agents = [ids[f"A{division}"] for division in self.divisions]
            directory.replace_agents(c, zip(self.divisions, self.agents, strict=True))
            self.campaign: Launched = campaigns.put(c, content, launched_at)

    def close_at(self, period: int, weeks: int = 4) -> datetime:
        return self.launched_at + timedelta(weeks=weeks * (period + 1), hours=2)

    def pulse(self, at: datetime, mood: Callable[[int, int], Mood | None]) -> None:
        """Everybody is asked then; `mood(team number, person number)` is what they say."""
        asked = [
            (person, team, mood(i, n))
            for i, team in enumerate(self.teams)
            for n, person in enumerate(self.staff[team])
        ]
        with self.database.write() as c:
            self.ask(c, at, asked)

    def ask(
        self, c: Connection, at: datetime, asked: Sequence[tuple[int, int, Mood | None]]
    ) -> None:
        """Each (person, team, mood) is asked and answers an hour later; texts are scored then."""
        later = at + timedelta(hours=1)
        sent = _put(c, deliveries, [self._delivery(person, at) for person, _, _ in asked])
        scales, texts, resistances = [], [], []
        for delivery, (person, team, said) in zip(sent, asked, strict=True):
            scale, resistant = said or (None, None)
            row = {
                "delivery_id": delivery,
                "campaign_id": self.campaign.id,
                "person_id": person,
                "team_id": team,
                "answered_at": later,
            }
            if scale is not None:
                scales.append({**row, "question": "ready", "kind": "scale", "number": scale})
            if resistant is not None:
                texts.append({**row, "question": "why", "kind": "text"})
                resistances.append(resistant)
        _put(c, answers, scales)
        read = zip(_put(c, answers, texts), resistances, strict=True)
        if scored := [_score(answer, resistant, later) for answer, resistant in read]:
            c.execute(insert(scores), scored)

    def _delivery(self, person: int, at: datetime) -> dict[str, Any]:
        key = uuid4().hex
        return {
            "key": key,
            "once": f"agency:{key}",
            "kind": "pulse",
            "person_id": person,
            "campaign_id": self.campaign.id,
            "version_id": self.campaign.version_id,
            "touchpoint": "pulse",
            "state": "sent",
            "due_at": at,
            "sent_at": at,
        }


def _put(c: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """The new rows' ids, in order."""
    if not rows:
        return []
    new = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return c.scalars(new, rows).all()


def published(agency: Agency) -> list[Publication]:
    """All closed periods, the oldest first."""
    with agency.database.read() as c:
        return releases.since(c, agency.campaign.id, 0)


def everybody(said: Mood | None) -> Callable[[int, int], Mood | None]:
    """Everybody answers the same."""
    return lambda _team, _person: said


def first_of_the_first(n: int) -> Callable[[int, int], Mood | None]:
    """Everybody answers, but of the first team only `n` people."""
    return lambda team, person: (4, None) if team or person < n else None


def usual(
    chance: Random, turned: Sequence[int] = (), rate: float = 0.6
) -> Callable[[int, int], Mood | None]:
    """Most are in favour and answer by chance; people of the turned teams are mostly against."""

    def mood(team: int, _: int) -> Mood | None:
        if chance.random() > rate:
            return None
        against = chance.random() < (0.85 if team in turned else 0.15)
        scale = chance.choice((1, 2) if against else (3, 4, 5))
        return scale, chance.uniform(0.7, 0.95) if against else chance.uniform(0.02, 0.3)

    return mood


def _score(answer: int, resistant: float, at: datetime) -> dict[str, Any]:
    rest = 1 - resistant
    against = resistant > 0.5
    return {
        "answer_id": answer,
        "model": "test",
        "status": "scored",
        "stance": "resistant" if against else "supportive",
        "barrier": "ability" if against else "none",
        "themes": "tools;workload" if against else "training",
        "p_resistant": resistant,
        "p_ambivalent": 0.1 * rest,
        "p_neutral": 0.2 * rest,
        "p_supportive": 0.7 * rest,
        "scored_at": at,
        "counts": True,
    }
