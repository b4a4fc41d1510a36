"""One contact of a campaign with a person: a vision message, a pulse, a reminder, a follow-up."""

from collections.abc import Collection
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from campaigns.domain.moments import DaysAfterPulse, Moments
from campaigns.domain.texts import Key, Label, Model, Title, Url, Words, refuse_twice

MOST_ASKED = 5  # questions of a pulse at a time


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


class Rotate(Model):
    """Which questions of a pulse come in turn, so many a round; all others come in every round."""

    questions: tuple[Key, ...] = Field(min_length=2, max_length=11)
    at_a_time: int = Field(default=1, ge=1, le=4, description="how many of them a round asks")

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        refuse_twice("question", self.questions)
        return self


class Pulse(Contact):
    """A few questions, asked one by one in one message; open for `open_days`."""

    kind: Literal["pulse"]
    key: Key
    when: Moments
    title: Title
    text: Words | None = None
    questions: tuple[Key, ...] = Field(min_length=1, max_length=12)
    rotate: Rotate | None = None
    open_days: int = Field(default=6, ge=1, le=60)
    ask: Ask = Ask()

    @model_validator(mode="after")
    def _asks_each_once(self) -> Self:
        refuse_twice("question", self.questions)
        return self

    @model_validator(mode="after")
    def _asks_few_at_a_time(self) -> Self:
        at_a_time = self.rotate.at_a_time if self.rotate else 0
        if len(self.every_round()) + at_a_time > MOST_ASKED:
            raise ValueError(
                f"a pulse asks at most {MOST_ASKED} questions at a time; "
                'with "rotate", some of them can come in turn'
            )
        return self

    def every_round(self) -> tuple[str, ...]:
        """The questions that come in every round."""
        return self.in_round(()).questions

    def in_round(self, asks: Collection[str]) -> Self:
        """The pulse as it is asked where, of the questions that come in turn, these have theirs."""
        in_turn = self.rotate.questions if self.rotate else ()
        asked = tuple(key for key in self.questions if key in asks or key not in in_turn)
        return self.model_copy(update={"questions": asked, "rotate": None})


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
