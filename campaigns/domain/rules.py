"""When which follow-up is sent, as a campaign's author writes it; `followup` applies it."""

from typing import Self

from pydantic import Field, model_validator

from campaigns.domain.texts import Key, Model
from sentiment.labels import Barrier, Stance, Theme


class Trigger(Model):
    """All given lists must fit; `silence_pulses` counts pulses in a row without an answer."""

    stance: tuple[Stance, ...] = ()
    barrier: tuple[Barrier, ...] = ()
    theme: tuple[Theme, ...] = ()
    safeguarding: bool = False
    silence_pulses: int | None = Field(default=None, ge=1, le=10)
    gap: bool = Field(default=False, description="a competence is below what the role needs")

    @model_validator(mode="after")
    def _asks_something_possible(self) -> Self:
        words = bool(self.stance or self.barrier or self.theme or self.safeguarding)
        if not words and self.silence_pulses is None and not self.gap:
            raise ValueError("expected at least one of stance, barrier, theme, silence_pulses, gap")
        if self.gap and (words or self.silence_pulses is not None):
            raise ValueError("a gap is found without words and silence: make two rules of it")
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
