"""For answers that come without staff list or campaign: both are made up from the answers alone.

The improvised campaign asks, week by week, the questions that the file answers; it has no vision,
no follow-ups and no help line to promise, so it is for looking at results and for nothing else.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.answer_file import Line
from bot.replaying import Row
from campaigns.domain.definition import Definition
from campaigns.domain.texts import HEADING_LENGTH
from campaigns.errors import InputError

QUESTIONS_A_PULSE = 5
MOST_QUESTIONS = 25
MOST_WEEKS = 104
STAFF_COLUMNS = (
    "id", "name", "team", "language", "time_zone", "work_start", "work_end", "work_days",
)  # fmt: skip
UNPROMPTED = "Is there anything you want to say about the change?"


def _asked(line: Line) -> dict[tuple[str, str], int | str]:
    """(question, kind) → answer, of a line in either form."""
    prompt = line.question.strip() or UNPROMPTED
    found: dict[tuple[str, str], int | str] = {}
    for key, value in line.answers.items():
        found[key, "scale" if isinstance(value, int) else "text"] = value
    if line.scale is not None:
        found[prompt, "scale"] = line.scale
    if line.text.strip():
        found[prompt, "text"] = line.text
    return found


class Improvised:
    """The questions found in a file, and what follows from them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.keys: dict[tuple[str, str], str] = {}
        self.points: dict[str, int] = {}
        for line in lines:
            for (prompt, kind), value in _asked(line).items():
                key = self.keys.setdefault((prompt, kind), self._key(prompt, len(self.keys) + 1))
                if isinstance(value, int):
                    self.points[key] = max(self.points.get(key, 5), value)
        first = min(line.moment for line in lines)
        self.starts_at = (first - timedelta(days=first.weekday())).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        last = max(line.moment for line in lines)
        self.weeks = (last - self.starts_at) // timedelta(weeks=1) + 1
        if self.weeks > MOST_WEEKS:
            raise InputError(
                f"The answers span {self.weeks} weeks; at most {MOST_WEEKS} can be replayed."
            )

    @staticmethod
    def _key(prompt: str, number: int) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", prompt.lower()).strip("-")[:30].rstrip("-")
        return f"q{number}-{slug}" if slug else f"q{number}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(weeks=self.weeks)

    def staff_csv(self) -> bytes:
        """A staff file with everybody who answers, in the team that they answer for last."""
        people = {line.person: line for line in self.lines}
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(STAFF_COLUMNS)
        for person, line in people.items():
            hours = ("UTC", "00:00", "23:59", "mon-sun")
            writer.writerow([person, person, line.team, line.language, *hours])
        return out.getvalue().encode()

    def rows(self) -> list[Row]:
        """The answers, one row a line, under the improvised questions' keys."""
        return [
            Row(
                line.person,
                line.moment,
                {self.keys[asked]: value for asked, value in _asked(line).items()},
            )
            for line in self.lines
        ]

    def definition(self, title: str) -> Definition:
        """A campaign of weekly pulses that ask these questions; a long title is cut.

        Raises InputError where there are too many to ask.
        """
        if len(self.keys) > MOST_QUESTIONS:
            raise InputError(
                f"The file answers {len(self.keys)} different questions; at most {MOST_QUESTIONS} "
                "can be replayed together: split it, or name the campaign with --campaign."
            )
        title = title[:HEADING_LENGTH].strip() or "Replayed answers"
        goal = {"title": "None", "measure": "none", "target": "none"}
        initiative = {
            "key": "replayed-answers",
            "title": title,
            "what": "Answers from a file, replayed",
            "why": "To see what they add up to",
            "for_whom": "Everybody who answered",
            "sponsor": "nobody: this is a replay",
            "goals": [goal],
        }
        campaign = {
            "key": "replay",
            "title": title,
            "quiet_hours": {"start": "23:59", "end": "00:00"},
            "limits": {"messages_per_week": 20},
            "help_contacts": [{"name": "Nobody", "contact": "this is a replay"}],
            "questions": self._questions(),
            "touchpoints": self._pulses(title),
        }
        return Definition.model_validate({"initiative": initiative, "campaign": campaign})

    def _questions(self) -> list[dict[str, object]]:
        return [
            {
                "key": key,
                "kind": kind,
                "prompt": prompt,
                "points": self.points.get(key, 5),
                "favourable": "high" if kind == "scale" else "none",
            }
            for (prompt, kind), key in self.keys.items()
        ]

    def _pulses(self, title: str) -> list[dict[str, object]]:
        keys = list(self.keys.values())
        return [
            {
                "kind": "pulse",
                "key": f"pulse-{start // QUESTIONS_A_PULSE + 1}",
                "when": {"cron": "0 0 * * MON", "times": self.weeks},
                "title": title,
                "questions": keys[start : start + QUESTIONS_A_PULSE],
                "open_days": 7,
            }
            for start in range(0, len(keys), QUESTIONS_A_PULSE)
        ]
