"""The questions of a pulse as a campaign file has them: a scale, a choice, or free words."""

from typing import Literal, Self

from pydantic import Field, model_validator

from campaigns.domain.texts import Key, Label, Model, Title, Words, refuse_twice
from campaigns.domain.trainings import Level

# The usual ends of a scale; the bot has them in each of its own languages.
DEFAULT_LOW = {"": "Strongly disagree"}
DEFAULT_HIGH = {"": "Strongly agree"}


class Condition(Model):
    """Ask only if an earlier answer of the same pulse fits; exactly one test."""

    question: Key
    at_most: int | None = Field(default=None, description="of a scale")
    at_least: int | None = Field(default=None, description="of a scale")
    one_of: tuple[str, ...] = Field(default=(), description="option keys of a choice")

    @model_validator(mode="after")
    def _tests_one_thing(self) -> Self:
        given = [self.at_most is not None, self.at_least is not None, bool(self.one_of)]
        if sum(given) != 1:
            raise ValueError("expected exactly one of at_most, at_least and one_of")
        return self


class Option(Model):
    """One answer to choose."""

    key: Key
    label: Label
    level: Level | None = Field(default=None, description="how sure of the competence this says")


class Question(Model):
    """One question of a pulse."""

    key: Key
    kind: Literal["scale", "choice", "text"]
    prompt: Words
    points: int = Field(default=5, ge=2, le=10)
    low: Title = Field(default=DEFAULT_LOW, description="what 1 means")
    high: Title = Field(default=DEFAULT_HIGH, description="what the highest point means")
    favourable: Literal["high", "low", "none"] = Field(
        default="none", description="which end of the scale is support for the change"
    )
    options: tuple[Option, ...] = Field(default=(), max_length=10)
    when: Condition | None = None
    competence: Key | None = Field(
        default=None, description="the answer says how sure somebody is of it"
    )

    @property
    def measures_stance(self) -> bool:
        """Whether figures of a stance are made of its answers."""
        return self.kind == "text" or self.favourable != "none"

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind == "choice" and len(self.options) < 2:
            raise ValueError("a question of kind choice needs at least 2 options")
        if self.kind != "choice" and self.options:
            raise ValueError(f"a question of kind {self.kind} has no options; is it a choice?")
        for name in ("points", "low", "high", "favourable"):
            untouched = getattr(self, name) == type(self).model_fields[name].default
            if self.kind != "scale" and not untouched:
                raise ValueError(f'only a question of kind scale has "{name}"')
        refuse_twice("option", (option.key for option in self.options))
        return self

    @model_validator(mode="after")
    def _tells_levels_apart(self) -> Self:
        levels = [option.level for option in self.options if option.level]
        if levels and not self.competence:
            raise ValueError('options have a level, so "competence" has to say of what')
        if self.competence and self.kind == "choice" and not levels:
            raise ValueError('which option is which level? Give the options a "level"')
        if self.competence and (self.kind == "text" or self.favourable == "low"):
            raise ValueError(
                "only a scale that ends with the surest, or a choice, can be about a competence"
            )
        return self
