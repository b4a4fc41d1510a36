"""Who outside the teams has a stake in the change, and when each is to be talked to.

A register of offices and groups, never of private people, and a plan: what came of a talk is not
kept here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from campaigns.domain.texts import Key, Model, Title

Level = Literal["low", "medium", "high"]
Kind = Literal["internal", "citizens", "government", "partner"]
LEVELS: tuple[Level, ...] = ("low", "medium", "high")
KINDS: tuple[Kind, ...] = ("internal", "citizens", "government", "partner")
_WEEK = timedelta(days=7)


class Stakeholder(Model):
    """An office or a group with a stake in the change, and how it is kept in touch with."""

    key: Key
    name: Title
    kind: Kind
    interest: Level
    influence: Level
    channel: str = Field(max_length=150, description="how they are talked to")
    first_week: int = Field(default=1, ge=1, le=52, description="after the launch")
    every_weeks: int | None = Field(default=None, ge=1, le=52)
    owner: str = Field(
        default="", max_length=100, description="id of the staff file: who talks to them"
    )


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody is to be talked to in the week that begins on `week`, a Monday."""

    week: date
    stakeholder: Stakeholder


def talks(
    register: Sequence[Stakeholder], launched_on: date, since: date, n_weeks: int
) -> list[Talk]:
    """Who is due in each of `n_weeks` weeks from the one that holds `since`, the first week first.

    The launch is in week 1. Without `every_weeks` somebody is talked to once, in `first_week`.
    """
    first, begin = _monday(launched_on), _monday(since)
    weeks = [begin + number * _WEEK for number in range(n_weeks)]
    return [
        Talk(week, one)
        for week in weeks
        for one in register
        if _is_due(one, 1 + (week - first) // _WEEK)
    ]


def cell(
    register: Sequence[Stakeholder], influence: Level, interest: Level
) -> tuple[Stakeholder, ...]:
    """Those with that influence and that interest, in the order of the file."""
    return tuple(one for one in register if (one.influence, one.interest) == (influence, interest))


def _is_due(stakeholder: Stakeholder, week: int) -> bool:
    since = week - stakeholder.first_week
    if stakeholder.every_weeks is None:
        return since == 0
    return since >= 0 and since % stakeholder.every_weeks == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
