"""The playbook a campaign file was copied from, and whose words are in it: the credit stays."""

from typing import Literal

from pydantic import Field

from campaigns.domain.texts import Model, Url

Licence = Literal["own wording", "Open Government Licence v3.0", "CC BY 4.0"]


class Source(Model):
    """Where questions, texts or a framework come from, and under which licence they are used."""

    what: str = Field(description="which questions or texts, and what was changed in them")
    by: str = Field(default="", description="who made them, and where they stand")
    licence: Licence
    link: Url | None = None


class Playbook(Model):
    """What a ready campaign is for, in a line, and its sources."""

    concern: str = Field(max_length=60)
    summary: str = Field(max_length=120)
    sources: tuple[Source, ...] = Field(min_length=1)
