"""An initiative and its campaign as one file, after parsing: the model that all else trusts.

What can be seen in one value is checked here; what needs the whole file (a key that nothing
defines, a rule that can't fire) is checked in `checking`. The JSON Schema for editors comes from
these same classes.
"""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from campaigns.domain.moments import At as At
from campaigns.domain.moments import Cron as Cron
from campaigns.domain.moments import DaysAfterLaunch as DaysAfterLaunch
from campaigns.domain.moments import DaysAfterPulse as DaysAfterPulse
from campaigns.domain.moments import Moments
from campaigns.domain.moments import When as When
from campaigns.domain.questions import DEFAULT_HIGH as DEFAULT_HIGH
from campaigns.domain.questions import DEFAULT_LOW as DEFAULT_LOW
from campaigns.domain.questions import Condition as Condition
from campaigns.domain.questions import Option as Option
from campaigns.domain.questions import Question as Question
from campaigns.domain.texts import (
    ClockTime,
    Day,
    Key,
    Label,
    Language,
    Model,
    Title,
    Url,
    Words,
    refuse_twice,
)
from campaigns.domain.texts import pick as pick
from sentiment.labels import Barrier, Stance, Theme


class Goal(Model):
    """A measurable goal: from where, to where, until when."""

    title: Title
    measure: str = Field(description="what is counted, and from where it starts")
    target: str
    by: Day | None = None


class Initiative(Model):
    """The change itself."""

    key: Key
    title: Title
    what: Words = Field(description="what changes")
    why: Words = Field(description="why, tied to the mission")
    for_whom: Words
    sponsor: str
    goals: tuple[Goal, ...] = Field(min_length=1)


class Selection(Model):
    """People named by team (with all teams below it), role, location, language or own id."""

    teams: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class Audience(Selection):
    """Everybody who fits every list given (an empty list asks nothing), less the exceptions."""

    except_: Selection = Field(default=Selection(), alias="except")


class QuietHours(Model):
    """No campaign message between these local times, whatever the person's working hours."""

    start: ClockTime = dt.time(19, 0)
    end: ClockTime = dt.time(7, 0)

    @model_validator(mode="after")
    def _are_not_all_day(self) -> Self:
        if self.start == self.end:
            raise ValueError("quiet hours from a time to the same time leave no hour to write in")
        return self


class Limits(Model):
    """How much anybody gets, all campaigns together: of messages, and as a change agent of new
    alerts."""

    messages_per_week: int = Field(default=3, ge=1, le=20)
    alerts_per_week: int = Field(default=3, ge=1, le=20)


PERIODS_KEPT = 8
SHORTEST_MONTH = 28  # days


class Confidentiality(Model):
    """The promise to staff; frozen at launch."""

    minimum_group: int = Field(default=5, ge=5, le=50)
    minimum_for_words: int = Field(default=10, ge=10, le=100)
    period_weeks: int = Field(default=4, ge=1, le=13)
    erase_after_months: int = Field(default=12, ge=2, le=36)

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


class HelpContact(Model):
    """Whom a person in need can turn to; sent to that person alone."""

    name: Title
    contact: str = Field(min_length=3, max_length=200, description="a number, an address, a place")


class Vision(Model):
    """The change vision, or a piece of it."""

    kind: Literal["vision"]
    key: Key
    when: Moments
    title: Title
    text: Words
    link: Url | None = None


class Pulse(Model):
    """A few questions, asked one by one in one message; open for `open_days`."""

    kind: Literal["pulse"]
    key: Key
    when: Moments
    title: Title
    text: Words | None = None
    questions: tuple[Key, ...] = Field(min_length=1, max_length=5)
    open_days: int = Field(default=6, ge=1, le=60)

    @model_validator(mode="after")
    def _asks_each_once(self) -> Self:
        refuse_twice("question", self.questions)
        return self


class Reminder(Model):
    """To those who have not answered a pulse; one each, never a list of them."""

    kind: Literal["reminder"]
    key: Key
    when: DaysAfterPulse
    title: Title
    text: Words


class FollowUp(Model):
    """What a rule can send: the answer to a fear, a training, an invitation."""

    kind: Literal["follow_up"]
    key: Key
    title: Title
    text: Words
    purpose: Literal["answer", "why", "training", "talk", "co_design", "champion", "thanks", "help"]
    link: Url | None = None
    invite: Label | None = Field(default=None, description="label of a button to say yes")


Touchpoint = Annotated[Vision | Pulse | Reminder | FollowUp, Field(discriminator="kind")]


class Trigger(Model):
    """All given lists must fit; `silence_pulses` counts pulses in a row without an answer."""

    stance: tuple[Stance, ...] = ()
    barrier: tuple[Barrier, ...] = ()
    theme: tuple[Theme, ...] = ()
    safeguarding: bool = False
    silence_pulses: int | None = Field(default=None, ge=1, le=10)

    @model_validator(mode="after")
    def _asks_something_possible(self) -> Self:
        words = bool(self.stance or self.barrier or self.theme or self.safeguarding)
        if not words and self.silence_pulses is None:
            raise ValueError("expected at least one of stance, barrier, theme, silence_pulses")
        if words and self.silence_pulses is not None:
            raise ValueError("silence has no stance, barrier or theme: make two rules of it")
        return self


class Rule(Model):
    """If an answer (or a silence) fits, send that follow-up; the first rule that fits wins."""

    key: Key
    when: Trigger
    send: Key
    at_most: int = Field(default=1, ge=1, le=20, description="times a person, in this campaign")
    pause_days: int = Field(default=28, ge=0, le=365, description="days between two to a person")
    after_hours: int = Field(default=18, ge=0, le=336, description="a decent pause before sending")


class AgentAction(Model):
    """What a change agent can try, offered with an alert where barrier or theme fits."""

    key: Key
    title: Title
    text: Words
    barriers: tuple[Barrier, ...] = ()
    themes: tuple[Theme, ...] = ()


class Campaign(Model):
    """A planned series of touchpoints for one initiative."""

    key: Key
    title: Title
    languages: tuple[Language, ...] = Field(
        default=("en",), min_length=1, description="the first one is for everybody else"
    )
    audience: Audience = Audience()
    quiet_hours: QuietHours = QuietHours()
    limits: Limits = Limits()
    confidentiality: Confidentiality = Confidentiality()
    help_contacts: tuple[HelpContact, ...] = Field(min_length=1, max_length=10)
    safeguarding_contact: str = Field(
        default="",
        max_length=100,
        description="id of the staff file: who gets in touch where a person in need agrees",
    )
    learn_from_words: bool = Field(
        default=False, description="ask who wrote something whether a model may learn from it"
    )
    ask_once_more: bool = Field(
        default=True, description="remind some teams once more, so that little said becomes clear"
    )
    questions: tuple[Question, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = ()
    agent_actions: tuple[AgentAction, ...] = ()
    owners: tuple[str, ...] = Field(
        default=(), max_length=10, description="ids of the staff file: who is asked after agents"
    )
    escalate_after_days: int = Field(
        default=3, ge=1, le=28, description="working days an alert or a question may lie"
    )

    @model_validator(mode="after")
    def _names_each_language_once(self) -> Self:
        refuse_twice("language", self.languages)
        return self


class Definition(Model):
    """The whole file."""

    format: Literal[1] = 1
    initiative: Initiative
    campaign: Campaign

    @property
    def default_language(self) -> str:
        return self.campaign.languages[0]

    def touchpoint(self, key: str) -> Vision | Pulse | Reminder | FollowUp:
        """The touchpoint with that key; KeyError where there is none."""
        for touchpoint in self.campaign.touchpoints:
            if touchpoint.key == key:
                return touchpoint
        raise KeyError(key)

    def question(self, key: str) -> Question:
        """The question with that key; KeyError where there is none."""
        for question in self.campaign.questions:
            if question.key == key:
                return question
        raise KeyError(key)
