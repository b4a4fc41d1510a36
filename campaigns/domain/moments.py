"""The ways to say when a touchpoint goes out; what they come to in a calendar is `timing`."""

import datetime as dt
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from campaigns.domain.texts import ClockTime, Day, DayAndTime, Key, Model


class At(Model):
    """One moment; without an offset it is each person's own local time."""

    at: DayAndTime


class DaysAfterLaunch(Model):
    days_after_launch: int = Field(ge=0, le=730)
    time: ClockTime = dt.time(9, 0)


class Cron(Model):
    """Again and again, in each person's own local time: minute hour day month weekday."""

    cron: str
    first_on: Day | None = None
    until: Day | None = Field(default=None, description="the last day")
    times: int | None = Field(default=None, ge=1, le=104, description="how often at the most")


class Every(Model):
    """Again and again in the same distance, counted from the launch, so that no date goes stale."""

    every_days: int = Field(ge=1, le=365)
    first_after_days: int = Field(ge=0, le=730, description="days from the launch to the first")
    times: int = Field(ge=1, le=104)
    time: ClockTime = dt.time(9, 0)


class DaysAfterPulse(Model):
    """For a reminder: so many days after the pulse reached the person."""

    pulse: Key
    days: int = Field(ge=1, le=30)


_WHENS: dict[str, type[Model]] = {
    "at": At,
    "days_after_launch": DaysAfterLaunch,
    "every_days": Every,
    "cron": Cron,
    "days": DaysAfterPulse,
}


def _which_when(value: object) -> str | None:
    """The word that tells the ways to say when apart: then only that one's errors are shown."""
    for word, kind in _WHENS.items():
        if isinstance(value, kind) or (isinstance(value, dict) and word in value):
            return word
    return None


Scheduled = At | DaysAfterLaunch | Every | Cron
When = Scheduled | DaysAfterPulse
Moments = Annotated[
    Annotated[At, Tag("at")]
    | Annotated[DaysAfterLaunch, Tag("days_after_launch")]
    | Annotated[Every, Tag("every_days")]
    | Annotated[Cron, Tag("cron")],
    Discriminator(
        _which_when,
        custom_error_type="when",
        custom_error_message="expected one of at, days_after_launch, every_days and cron",
    ),
]
