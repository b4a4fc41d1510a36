"""One contact of a campaign with a person: a vision message, a pulse, a reminder, a follow-up."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from campaigns.domain.moments import DaysAfterPulse, Moments
from campaigns.domain.texts import Key, Label, Model, Title, Url, Words, refuse_twice


class Contact(Model):
    """What a touchpoint of any kind says about the room that it takes."""

    priority: Literal["high", "normal", "low"] | None = Field(
        default=None,
        description="who gives way where a person's week is full; follow-ups are high, reminders "
        "low, all else normal",
    )
    if_crowded: Literal["move", "drop"] = Field(
        default="move", description="what becomes of it in a full week"
    )


class Vision(Contact):
    """The change vision, or a piece of it."""

    kind: Literal["vision"]
    key: Key
    when: Moments
    title: Title
    text: Words
    link: Url | None = None


class Ask(Model):
    """Whom a pulse asks each time that it comes: everybody, or a part of each team in turn."""

    one_in: int = Field(default=1, ge=1, le=12, description="3: a third of each team a time")


class Pulse(Contact):
    """A few questions, asked one by one in one message; open for `open_days`."""

    kind: Literal["pulse"]
    key: Key
    when: Moments
    title: Title
    text: Words | None = None
    questions: tuple[Key, ...] = Field(min_length=1, max_length=5)
    open_days: int = Field(default=6, ge=1, le=60)
    ask: Ask = Ask()

    @model_validator(mode="after")
    def _asks_each_once(self) -> Self:
        refuse_twice("question", self.questions)
        return self


class Reminder(Contact):
    """To those who have not answered a pulse; one each, never a list of them."""

    kind: Literal["reminder"]
    key: Key
    when: DaysAfterPulse
    title: Title
    text: Words


class FollowUp(Contact):
    """What a rule can send: the answer to a fear, a training, an invitation."""

    kind: Literal["follow_up"]
    key: Key
    title: Title
    text: Words
    purpose: Literal["answer", "why", "training", "talk", "co_design", "champion", "thanks", "help"]
    link: Url | None = None
    invite: Label | None = Field(default=None, description="label of a button to say yes")


Touchpoint = Annotated[Vision | Pulse | Reminder | FollowUp, Field(discriminator="kind")]
