"""The invented staff of the example agency: who answers what, and when, over the weeks.

Each person has a lasting disposition, each team a leaning, and three teams turn against the change
at a known week. What people write is picked from files that no training set contains. Nothing here
reaches the product but through the chat, as if somebody had pressed the buttons.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from bot.replaying import Row
from campaigns.domain.people import Person

HERE = Path(__file__).parent
# Team → (the week of the turn, counted from 0; the key of its own texts).
TURNING = {
    "Building Inspectors North": (5, "inspectors"),
    "Counter Office Centre": (5, "counter"),
    "Records and Archive": (6, "archive"),
}
TURN = 2.6  # on the latent scale: most, not all, of such a team become resistant
GO_LIVE_WEEK = 3  # texts of the phase "early" are over by then
SHARE_SILENT = 0.08  # people who never answer anything
SHARE_WRITING = 0.5  # answers that carry words


@dataclass(frozen=True, slots=True)
class Line:
    """One text that somebody may write."""

    text: str
    language: str
    question: str
    stance: str
    phase: str
    story: str
    safeguarding: bool


@dataclass
class Lines:
    """The pool of texts, handed out so that none is used twice while a fresh one is left."""

    lines: Sequence[Line]
    used: dict[str, int] = field(default_factory=dict)

    def take(
        self, rng: np.random.Generator, language: str, question: str, stance: str, week: int,
        story: str,
    ) -> str | None:  # fmt: skip
        """A fitting text, the least used first; None where the pool has none that fits."""
        phase = "early" if week < GO_LIVE_WEEK else "late"
        fitting = [
            line
            for line in self.lines
            if line.language == language
            and line.question == question
            and line.stance == stance
            and line.phase in (phase, "any")
            and line.story == story
            and not line.safeguarding
        ]
        if not fitting:
            return None
        fewest = min(self.used.get(line.text, 0) for line in fitting)
        if fewest > 1:  # Three times the same sentence would not look like people.
            return None
        fresh = [line for line in fitting if self.used.get(line.text, 0) == fewest]
        chosen = fresh[int(rng.integers(len(fresh)))]
        self.used[chosen.text] = fewest + 1
        return chosen.text


def read_lines() -> Lines:
    """The texts that come with the demo."""
    lines = []
    for name in ("texts_en.jsonl", "texts_other.jsonl"):
        for raw in (HERE / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(raw)
            lines.append(
                Line(
                    row["text"], row["lang"], row["question"], row["stance"], row["phase"],
                    row.get("team_story", ""), row["safeguarding"],
                )
            )  # fmt: skip
    return Lines(lines)


def _stance(latent: float) -> str:
    if latent < -0.7:
        return "resistant"
    if latent < -0.1:
        return "ambivalent"
    return "neutral" if latent < 0.5 else "supportive"


def _points(latent: float, rng: np.random.Generator) -> int:
    """A five-point answer: one more point for each cut that the noisy feeling passes."""
    felt = latent + rng.normal(0, 0.5)
    return 1 + sum(felt > cut for cut in (-1.4, -0.5, 0.3, 1.2))


class Cast:
    """The staff as actors: seeded, so that the same twelve weeks happen every time."""

    def __init__(self, people: Iterable[Person], team_names: dict[int, str], seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.people = sorted(people, key=lambda person: person.external_id)
        self.team_names = team_names
        self.lines = read_lines()
        teams = sorted(set(team_names.values()))
        self.leaning = dict(zip(teams, self.rng.normal(0, 0.35, len(teams)), strict=True))
        self.nature = self.rng.normal(0.75, 0.8, len(self.people))
        self.silent = self.rng.random(len(self.people)) < SHARE_SILENT
        self.diligence = self.rng.normal(0.6, 0.8, len(self.people))

    def rows(self, launched_at: datetime, weeks: int) -> Iterator[Row]:
        """Everything that the staff will answer, week by week; pulses go out on Tuesdays."""
        monday = launched_at.replace(hour=0, minute=0, second=0, microsecond=0)
        for week in range(weeks):
            tuesday = monday + timedelta(days=7 * week + 1, hours=8)
            for index, person in enumerate(self.people):
                row = self._answer(index, person, week, tuesday)
                if row is not None:
                    yield row
            yield from self._in_need(week, tuesday)

    def _answer(self, index: int, person: Person, week: int, opened_at: datetime) -> Row | None:
        rng, team = self.rng, self.team_names[person.team_id]
        turn_week, story = TURNING.get(team, (10**6, ""))
        turned = week >= turn_week
        mood = 0.03 * week - (0.25 if GO_LIVE_WEEK <= week < GO_LIVE_WEEK + 3 else 0.0)
        latent = float(self.nature[index] + self.leaning[team] + mood + rng.normal(0, 0.35))
        latent -= TURN if turned else 0.0
        p_answer = 1 / (1 + np.exp(-(self.diligence[index] + 0.25 * min(latent, 1.0))))
        if self.silent[index] or rng.random() > p_answer:
            return None
        ready = _points(latent, rng)
        answers: dict[str, str | int] = {"clear": _points(latent + 0.6, rng), "ready": ready}
        question = "obstacle" if ready <= 2 else "comment"
        stance = _stance(latent)
        if rng.random() < SHARE_WRITING:
            own = story if turned and stance == "resistant" else ""
            text = self.lines.take(rng, person.language, question, stance, week, own)
            if text is not None:
                answers[question] = text
        delay = timedelta(hours=float(rng.lognormal(1.6, 1.1)))
        return Row(person.external_id, opened_at + min(delay, timedelta(days=5)), answers)

    def _in_need(self, week: int, opened_at: datetime) -> Iterator[Row]:
        """One of the texts that a campaign must not answer, in every third week."""
        needs = [line for line in self.lines.lines if line.safeguarding]
        if week % 3 != 2 or week // 3 >= len(needs):
            return
        line = needs[week // 3]
        speakers = [index for index, one in enumerate(self.people) if one.language == "en"]
        person = self.people[speakers[int(self.rng.integers(len(speakers)))]]
        ready = 2 if line.question == "obstacle" else 3
        answers: dict[str, str | int] = {"clear": 3, "ready": ready, line.question: line.text}
        yield Row(person.external_id, opened_at + timedelta(hours=3), answers)
