"""Competences and trainings as a campaign file has them: who needs what, and what leads there.

The levels are the four bands of DigComp 2.2 (Vuorikari, Kluzer, Punie 2022, CC BY 4.0).
"""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from campaigns.domain.texts import Day, Key, Language, Model, Title, Url, Words, refuse_twice


class Level(StrEnum):
    """How sure somebody is, from the first steps to solving what nobody solved before."""

    FOUNDATION = "foundation"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    HIGHLY_SPECIALISED = "highly_specialised"

    @property
    def rank(self) -> int:
        """1 to 4; 0 is left for whoever is not there yet."""
        return 1 + list(Level).index(self)


class Wanted(Model):
    """The level that these roles need; without roles, everybody whom no other line names."""

    level: Level
    roles: tuple[str, ...] = ()


class Competence(Model):
    """Something that people can be surer or less sure in."""

    key: Key
    title: Title
    area: Title | None = Field(default=None, description="what it is a part of")
    wanted: tuple[Wanted, ...] = Field(default=(Wanted(level=Level.INTERMEDIATE),), min_length=1)

    @model_validator(mode="after")
    def _wants_one_level_of_each_role(self) -> Self:
        folded = [role.casefold() for one in self.wanted for role in one.roles or ("",)]
        if len(folded) > len(set(folded)):
            raise ValueError("a role, or everybody else, has two levels here")
        return self

    def wanted_of(self, role: str) -> Level | None:
        """The level that somebody with this role needs; None where nothing is wanted of them."""
        by_role = {role.casefold(): one.level for one in self.wanted for role in one.roles}
        everybody = next((one.level for one in self.wanted if not one.roles), None)
        return by_role.get(role.casefold(), everybody)


class Training(Model):
    """A way to get surer; `level` is where it leads to."""

    key: Key
    title: Title
    text: Words | None = Field(default=None, description="what one learns, and how to enrol")
    format: Literal["workshop", "e_learning", "on_the_job"]
    level: Level
    competences: tuple[Key, ...] = Field(min_length=1)
    roles: tuple[str, ...] = Field(default=(), description="whom it is for; empty: everybody")
    languages: tuple[Language, ...] = Field(default=(), description="held in; empty: in all")
    link: Url | None = None
    seats: int | None = Field(default=None, ge=1, le=100_000)
    dates: tuple[Day, ...] = ()

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        refuse_twice("competence", self.competences)
        return self

    def is_for(self, role: str) -> bool:
        """Whether people with this role may take it."""
        return not self.roles or role.casefold() in {one.casefold() for one in self.roles}
