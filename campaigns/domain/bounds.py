"""The bounds a campaign keeps: how often it writes, when it does not, how answers are guarded."""

import datetime as dt
from typing import Self

from pydantic import Field, model_validator

from campaigns.domain.texts import ClockTime, Day, Model


class QuietHours(Model):
    """No campaign message between these local times, whatever the person's working hours."""

    start: ClockTime = dt.time(19, 0)
    end: ClockTime = dt.time(7, 0)

    @model_validator(mode="after")
    def _are_not_all_day(self) -> Self:
        if self.start == self.end:
            raise ValueError("quiet hours from a time to the same time leave no hour to write in")
        return self


LONGEST_PEAK = 92  # days; a longer one is everyday life


class BusyTime(Model):
    """Days with so much work that a message comes at a bad moment; whom it concerns, or all."""

    label: str = Field(min_length=1, max_length=80, description="such as: Year-end closing")
    from_: Day = Field(alias="from", description="the first day")
    until: Day = Field(description="the last day")
    teams: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_a_peak(self) -> Self:
        if self.until < self.from_:
            raise ValueError("the last day is before the first one")
        if (self.until - self.from_).days >= LONGEST_PEAK:
            raise ValueError(f"a busy time has at most {LONGEST_PEAK} days; make several of it")
        return self


MOST_DAYS_BETWEEN = 28


class Limits(Model):
    """How much anybody gets, all campaigns together: of messages, of minutes that they take, of
    pulses, of follow-ups (at most so many in one initiative), and as a change agent of new
    alerts."""

    messages_per_week: int = Field(default=3, ge=1, le=20)
    minutes_per_week: int = Field(
        default=10, ge=1, le=120, description="to read and to answer, estimated from the words"
    )
    days_between_pulses: int = Field(
        default=3, ge=0, le=MOST_DAYS_BETWEEN, description="0: two pulses may come on one day"
    )
    # Two follow-ups in one week read as being worked on. Help is exempt: it is owed at once.
    days_between_follow_ups: int = Field(default=21, ge=7, le=365)
    follow_ups: int = Field(default=6, ge=0, le=50, description="to a person, in the initiative")
    alerts_per_week: int = Field(default=3, ge=1, le=20)


PERIODS_KEPT = 8
SHORTEST_MONTH = 28  # days


class Confidentiality(Model):
    """The promise to staff; frozen at launch."""

    minimum_group: int = Field(default=5, ge=5, le=50)
    minimum_for_words: int = Field(default=10, ge=10, le=100)
    period_weeks: int = Field(default=4, ge=1, le=13)
    erase_after_months: int = Field(default=12, ge=2, le=36)
    staff_see_results: bool = Field(
        default=False,
        description="everybody sees the results of their own groups; each group then needs one "
        "more, for whoever looks knows their own answer",
    )

    @property
    def shown_from(self) -> int:
        """How many people a group has at least that is shown."""
        return self.minimum_group + self.staff_see_results

    @property
    def named_from(self) -> int:
        """And one whose themes are."""
        return self.minimum_for_words + self.staff_see_results

    @model_validator(mode="after")
    def _guards_words_at_least_as_well(self) -> Self:
        if self.minimum_for_words < self.minimum_group:
            raise ValueError("minimum_for_words can't be lower than minimum_group")
        return self

    @model_validator(mode="after")
    def _keeps_what_guards_later_figures(self) -> Self:
        # A figure is compared with those of seven periods before it is shown, person by person.
        if self.erase_after_months * SHORTEST_MONTH < PERIODS_KEPT * self.period_weeks * 7:
            raise ValueError(
                f"answers are needed for {PERIODS_KEPT} periods, so that figures of different "
                "periods can't be subtracted: erase later, or make period_weeks shorter"
            )
        return self
