"""When which follow-up is sent, as a campaign's author writes it; `followup` applies it."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from campaigns.domain.texts import Key, Model, refuse_twice
from sentiment.course import Trend
from sentiment.labels import Barrier, Stance, Theme


class Trigger(Model):
    """All given lists must fit; `silence_pulses` counts pulses in a row without an answer."""

    stance: tuple[Stance, ...] = ()
    barrier: tuple[Barrier, ...] = ()
    theme: tuple[Theme, ...] = ()
    trend: tuple[Trend, ...] = Field(
        default=(), description="against this person's own earlier answers in this initiative"
    )
    safeguarding: bool = False
    silence_pulses: int | None = Field(default=None, ge=1, le=10)
    gap: bool = Field(default=False, description="a competence is below what the role needs")

    @model_validator(mode="after")
    def _asks_something_possible(self) -> Self:
        words = bool(self.stance or self.barrier or self.theme or self.trend or self.safeguarding)
        if not words and self.silence_pulses is None and not self.gap:
            raise ValueError("expected at least one of stance, barrier, theme, silence_pulses, gap")
        if self.gap and (words or self.silence_pulses is not None):
            raise ValueError("a gap is found without words and silence: make two rules of it")
        if words and self.silence_pulses is not None:
            raise ValueError("silence has no stance, barrier or theme: make two rules of it")
        return self


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


OneOrSeveral = Annotated[
    tuple[Key, ...], BeforeValidator(_listed, json_schema_input_type=Key | tuple[Key, ...])
]


class Rule(Model):
    """If an answer (or a silence) fits, send that follow-up; the first rule that fits wins."""

    key: Key
    when: Trigger
    send: OneOrSeveral = Field(
        min_length=1, max_length=5, description="one follow-up, or variants of which one is sent"
    )
    choose: Literal["evenly", "adaptive"] = Field(
        default="evenly", description="how one of several variants is chosen"
    )
    holdout: float = Field(
        default=0.10, ge=0, le=0.5, description="share that gets nothing, to see whether it helps"
    )
    holdout_by: Literal["person", "team"] = Field(
        default="person", description="team where colleagues tell each other"
    )
    at_most: int = Field(default=1, ge=1, le=20, description="times a person, in this campaign")
    pause_days: int = Field(default=28, ge=0, le=365, description="days between two to a person")
    after_hours: int = Field(default=18, ge=0, le=336, description="a decent pause before sending")

    @model_validator(mode="after")
    def _names_each_variant_once(self) -> Self:
        refuse_twice("follow-up", self.send)
        return self
