"""What a simulated run takes for granted, in numbers that whoever plans can change.

Nothing here is measured on anybody's staff. A default without a source is a guess and says so.
"""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from campaigns.domain.definition import Definition, Reminder
from sentiment.labels import Barrier, Stance

# How often a barrier stands with a stance: the corpus's 21,508 labelled answers, in the order of
# the code book (awareness, desire, knowledge, ability, reinforcement, none).
BARRIERS: dict[Stance, tuple[int, ...]] = {
    Stance.RESISTANT: (355, 4661, 181, 455, 663, 7),
    Stance.AMBIVALENT: (192, 1661, 270, 758, 288, 18),
    Stance.NEUTRAL: (1223, 184, 774, 407, 71, 3021),
    Stance.SUPPORTIVE: (92, 14, 564, 612, 615, 4422),
}
assert all(len(counts) == len(Barrier) for counts in BARRIERS.values())  # noqa: S101


class Platform(StrEnum):
    """Where the messages of a simulated run go out."""

    KNOWN = "known"  # Slack for whom it knows, the browser for all others
    SLACK = "slack"
    BROWSER = "browser"


def _share(default: float, why: str) -> Any:
    return field(default=default, metadata={"why": why, "most": 1.0})


def _number(default: float, why: str) -> Any:
    return field(default=default, metadata={"why": why, "most": 10_000.0})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """One number each, with what it means; shares are 0 to 1."""

    answer_rate: float = _share(0.4, "of those whom a pulse reaches answer it by themselves")
    reminder_gain: float = _share(0.15, "of the silent answer after a reminder")
    answer_hours: float = _number(20, "hours until an answer comes, on average")
    words_rate: float = _share(0.5, "of those who answer also write, where words are asked for")
    scored_rate: float = _share(0.8, "of texts are clear enough to be followed up")
    resistant: float = _share(0.2, "of texts are against the change")
    ambivalent: float = _share(0.2, "are of two minds")
    supportive: float = _share(0.3, "are for it; the others are neutral")
    theme_rate: float = _share(0.05, "of texts speak of any one theme")
    worse_rate: float = _share(0.14, "of texts are worse than the person's before")
    better_rate: float = _share(0.08, "are better (both: sentiment/course.py)")
    lacking: float = _share(0.4, "of competences asked about are below what the role needs")
    told_days: float = _number(7, "days from published themes until something is told back")
    watched_teams: float = _share(0.1, "of teams are watched, and so asked once more")
    turning_teams: float = _share(0.05, "of teams turn against the change during the run")
    found_teams: float = _share(0.5, "of those are found within 12 weeks (bench/detection.py)")

    def __post_init__(self) -> None:
        """Raises ValueError for what is no share, or no time."""
        for one in fields(self):
            value, most = getattr(self, one.name), one.metadata["most"]
            if not 0 <= value <= most:
                raise ValueError(f"{one.name} is {value}; expected 0 to {most:g}")
        if self.resistant + self.ambivalent + self.supportive > 1:
            raise ValueError("resistant, ambivalent and supportive are more than 1 together")

    def answers(self, definition: Definition, pulse: str) -> float:
        """The share of those whom a pulse reaches that answer it, with its reminders."""
        touchpoints = definition.campaign.touchpoints
        reminders = [one for one in touchpoints if isinstance(one, Reminder)]
        n_reminders = sum(one.when.pulse == pulse for one in reminders)
        return 1 - (1 - self.answer_rate) * (1 - self.reminder_gain) ** n_reminders

    @property
    def stances(self) -> tuple[float, ...]:
        """The share of each stance, in the order of the code book."""
        neutral = 1 - self.resistant - self.ambivalent - self.supportive
        return self.resistant, self.ambivalent, neutral, self.supportive

    def told(self) -> list[tuple[str, float, str]]:
        """Name, value and meaning of each."""
        return [(one.name, getattr(self, one.name), one.metadata["why"]) for one in fields(self)]
