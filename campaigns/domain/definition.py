"""An initiative and its campaign as one file, after parsing: the model that all else trusts.

What can be seen in one value is checked here; what needs the whole file (a key that nothing
defines, a rule that can't fire) is checked in `checking`. The JSON Schema for editors comes from
these same classes.
"""

from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from campaigns.domain.bounds import PERIODS_KEPT as PERIODS_KEPT
from campaigns.domain.bounds import BusyTime as BusyTime
from campaigns.domain.bounds import Confidentiality as Confidentiality
from campaigns.domain.bounds import Limits as Limits
from campaigns.domain.bounds import QuietHours as QuietHours
from campaigns.domain.moments import At as At
from campaigns.domain.moments import Cron as Cron
from campaigns.domain.moments import DaysAfterLaunch as DaysAfterLaunch
from campaigns.domain.moments import DaysAfterPulse as DaysAfterPulse
from campaigns.domain.moments import Every as Every
from campaigns.domain.moments import Scheduled as Scheduled
from campaigns.domain.moments import When as When
from campaigns.domain.origin import Playbook
from campaigns.domain.placed_yaml import Path
from campaigns.domain.questions import DEFAULT_HIGH as DEFAULT_HIGH
from campaigns.domain.questions import DEFAULT_LOW as DEFAULT_LOW
from campaigns.domain.questions import Condition as Condition
from campaigns.domain.questions import Option as Option
from campaigns.domain.questions import Question as Question
from campaigns.domain.rules import Rule as Rule
from campaigns.domain.rules import Trigger as Trigger
from campaigns.domain.stakeholders import Stakeholder
from campaigns.domain.texts import Day, Key, Language, Model, Title, Words, refuse_twice
from campaigns.domain.texts import pick as pick
from campaigns.domain.touchpoints import FollowUp as FollowUp
from campaigns.domain.touchpoints import Pulse as Pulse
from campaigns.domain.touchpoints import Reminder as Reminder
from campaigns.domain.touchpoints import Touchpoint as Touchpoint
from campaigns.domain.touchpoints import Vision as Vision
from campaigns.domain.trainings import Competence as Competence
from campaigns.domain.trainings import Level as Level
from campaigns.domain.trainings import Training as Training
from sentiment.labels import Barrier, Theme


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
    stakeholders: tuple[Stakeholder, ...] = Field(
        default=(), max_length=60, description="who outside the teams is to be talked to"
    )


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


class HelpContact(Model):
    """Whom a person in need can turn to; sent to that person alone."""

    name: Title
    contact: str = Field(min_length=3, max_length=200, description="a number, an address, a place")


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
    busy_times: tuple[BusyTime, ...] = Field(
        default=(), max_length=40, description="peaks of workload: what comes then is warned of"
    )
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
    tell_back: Literal["wait", "remind", "off"] = Field(
        default="wait",
        description="whether the next pulse waits until something was told back of what was said",
    )
    tell_back_days: int = Field(
        default=5, ge=1, le=28, description="after so many days it goes on by itself"
    )
    competences: tuple[Competence, ...] = ()
    trainings: tuple[Training, ...] = ()
    questions: tuple[Question, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = ()
    agent_actions: tuple[AgentAction, ...] = ()
    approval: bool | Annotated[tuple[str, ...], Field(min_length=1, max_length=10)] = Field(
        default=False,
        description="whether a second person approves each launch, or ids of those who may",
    )
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

    @property
    def pulses(self) -> list[Pulse]:
        """The touchpoints that ask, in the order of the file."""
        return [one for one in self.touchpoints if isinstance(one, Pulse)]

    @property
    def follow_ups(self) -> list[FollowUp]:
        """The touchpoints that rules send, in the order of the file."""
        return [one for one in self.touchpoints if isinstance(one, FollowUp)]


class Definition(Model):
    """The whole file."""

    format: Literal[1] = 1
    playbook: Playbook | None = Field(default=None, description="what the file was made from")
    initiative: Initiative
    campaign: Campaign

    @property
    def default_language(self) -> str:
        return self.campaign.languages[0]

    @property
    def as_json(self) -> str:
        """The whole content, as it is stored."""
        return self.model_dump_json(by_alias=True)

    @property
    def sha256(self) -> str:
        """What tells this content from every other."""
        return sha256(self.as_json.encode()).hexdigest()

    def named(self) -> Iterator[tuple[Path, str]]:
        """Each id of the staff file that the file names, with its place."""
        for index, owner in enumerate(self.campaign.owners):
            yield ("campaign", "owners", index), owner
        if isinstance(self.campaign.approval, tuple):
            for index, approver in enumerate(self.campaign.approval):
                yield ("campaign", "approval", index), approver
        if contact := self.campaign.safeguarding_contact:
            yield ("campaign", "safeguarding_contact"), contact
        for index, one in enumerate(self.initiative.stakeholders):
            if one.owner:
                yield ("initiative", "stakeholders", index, "owner"), one.owner

    def touchpoint(self, key: str) -> Vision | Pulse | Reminder | FollowUp:
        """The touchpoint with that key; KeyError where there is none."""
        for touchpoint in self.campaign.touchpoints:
            if touchpoint.key == key:
                return touchpoint
        raise KeyError(key)

    def in_round(self, pulse: str, asks: Collection[str]) -> Self:
        """The same, with that pulse as a round asks it in which these questions have their turn."""
        touchpoints = tuple(
            one.in_round(asks) if isinstance(one, Pulse) and one.key == pulse else one
            for one in self.campaign.touchpoints
        )
        campaign = self.campaign.model_copy(update={"touchpoints": touchpoints})
        return self.model_copy(update={"campaign": campaign})

    def question(self, key: str) -> Question:
        """The question with that key; KeyError where there is none."""
        for question in self.campaign.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    def asked(self) -> list[Question]:
        """The questions that pulses ask, each once, in the order in which they first do."""
        known = {question.key: question for question in self.campaign.questions}
        keys = dict.fromkeys(key for pulse in self.campaign.pulses for key in pulse.questions)
        return [known[key] for key in keys if key in known]

    def rule(self, key: str) -> Rule:
        """The rule with that key; KeyError where there is none."""
        for rule in self.campaign.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)
