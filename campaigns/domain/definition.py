"""An initiative and its campaign as one file, after parsing: the model that all else trusts.

What can be seen in one value is checked here; what needs the whole file (a key that nothing
defines, a rule that can't fire) is checked in `checking`. The JSON Schema for editors comes from
these same classes.
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from sentiment.labels import Barrier, Stance, Theme

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="lower case, digits, -")]


def _by_language(value: object) -> object:
    return {"": value} if isinstance(value, str) else value


def _not_blank(value: dict[str, str]) -> dict[str, str]:
    if not value or not all(text.strip() for text in value.values()):
        raise ValueError("a text is missing")
    return value


# A plain string counts for every language; otherwise one text a language: {en: ..., de: ...}.
Words = Annotated[dict[str, str], BeforeValidator(_by_language), AfterValidator(_not_blank)]


def pick(words: dict[str, str], language: str, default: str) -> str:
    """The text in `language`, else in the campaign's first language, else whichever there is."""
    for wanted in (language, language.split("-")[0], default, ""):
        if wanted in words:
            return words[wanted]
    return next(iter(words.values()))


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Goal(Model):
    """A measurable goal: from where, to where, until when."""

    title: Words
    measure: str
    target: str
    by: dt.date | None = None


class Initiative(Model):
    """The change itself."""

    key: Key
    title: Words
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

    start: dt.time = dt.time(19, 0)
    end: dt.time = dt.time(7, 0)


class Limits(Model):
    messages_per_week: int = Field(default=3, ge=1, le=20)


class Confidentiality(Model):
    """The promise to staff; frozen at launch."""

    minimum_group: int = Field(default=5, ge=5, le=50)
    minimum_for_words: int = Field(default=10, ge=10, le=100)
    period_weeks: int = Field(default=4, ge=1, le=13)
    erase_after_months: int = Field(default=12, ge=1, le=36)


class HelpContact(Model):
    """Whom a person in need can turn to; sent to that person alone."""

    name: Words
    contact: str = Field(min_length=3)


# The usual ends of a scale; the bot has them in each of its own languages.
DEFAULT_LOW = {"": "Strongly disagree"}
DEFAULT_HIGH = {"": "Strongly agree"}


class Condition(Model):
    """Ask only if an earlier answer of the same pulse fits; exactly one test."""

    question: Key
    at_most: int | None = None
    at_least: int | None = None
    one_of: tuple[str, ...] = ()


class Option(Model):
    key: Key
    label: Words


class Question(Model):
    """One question of a pulse."""

    key: Key
    kind: Literal["scale", "choice", "text"]
    prompt: Words
    points: int = Field(default=5, ge=2, le=10)
    low: Words = DEFAULT_LOW
    high: Words = DEFAULT_HIGH
    favourable: Literal["high", "low", "none"] = Field(
        default="none", description="which end of the scale is support for the change"
    )
    options: tuple[Option, ...] = ()
    when: Condition | None = None


class At(Model):
    """One moment; without an offset it is each person's own local time."""

    at: dt.datetime


class DaysAfterLaunch(Model):
    days_after_launch: int = Field(ge=0, le=730)
    time: dt.time = dt.time(9, 0)


class Cron(Model):
    """Again and again, in each person's own local time: minute hour day month weekday."""

    cron: str
    first_on: dt.date | None = None
    until: dt.date | None = None
    times: int | None = Field(default=None, ge=1, le=104, description="how often at the most")


class DaysAfterPulse(Model):
    """For a reminder: so many days after the pulse reached the person."""

    pulse: Key
    days: int = Field(ge=1, le=30)


When = At | DaysAfterLaunch | Cron | DaysAfterPulse


class Vision(Model):
    """The change vision, or a piece of it."""

    kind: Literal["vision"]
    key: Key
    when: At | DaysAfterLaunch | Cron
    title: Words
    text: Words
    link: str | None = None


class Pulse(Model):
    """A few questions, asked one by one in one message; open for `open_days`."""

    kind: Literal["pulse"]
    key: Key
    when: At | DaysAfterLaunch | Cron
    title: Words
    text: Words | None = None
    questions: tuple[Key, ...] = Field(min_length=1, max_length=5)
    open_days: int = Field(default=6, ge=1, le=60)


class Reminder(Model):
    """To those who have not answered a pulse; one each, never a list of them."""

    kind: Literal["reminder"]
    key: Key
    when: DaysAfterPulse
    title: Words
    text: Words


class FollowUp(Model):
    """What a rule can send: the answer to a fear, a training, an invitation."""

    kind: Literal["follow_up"]
    key: Key
    title: Words
    text: Words
    purpose: Literal["answer", "why", "training", "talk", "co_design", "champion", "thanks", "help"]
    link: str | None = None
    invite: Words | None = Field(default=None, description="label of a button to say yes")


Touchpoint = Annotated[Vision | Pulse | Reminder | FollowUp, Field(discriminator="kind")]


class Trigger(Model):
    """All given lists must fit; `silence_pulses` counts pulses in a row without an answer."""

    stance: tuple[Stance, ...] = ()
    barrier: tuple[Barrier, ...] = ()
    theme: tuple[Theme, ...] = ()
    safeguarding: bool = False
    silence_pulses: int | None = Field(default=None, ge=1, le=10)


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
    title: Words
    text: Words
    barriers: tuple[Barrier, ...] = ()
    themes: tuple[Theme, ...] = ()


class Campaign(Model):
    """A planned series of touchpoints for one initiative."""

    key: Key
    title: Words
    languages: tuple[str, ...] = Field(default=("en",), min_length=1)
    audience: Audience = Audience()
    quiet_hours: QuietHours = QuietHours()
    limits: Limits = Limits()
    confidentiality: Confidentiality = Confidentiality()
    help_contacts: tuple[HelpContact, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = ()
    agent_actions: tuple[AgentAction, ...] = ()


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
