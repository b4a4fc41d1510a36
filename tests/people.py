"""Staff as tests need them: somebody with nothing special about them, but for what is said."""

from dataclasses import replace
from typing import Any

from campaigns.domain.people import Person, WorkingHours


def clerk(external_id: str = "P1", team_id: int = 1, **changes: Any) -> Person:
    """A clerk in Berlin who works usual hours and reads English; not stored."""
    usual = Person(
        id=0,
        external_id=external_id,
        name=f"Member {external_id}",
        email="",
        team_id=team_id,
        role="clerk",
        location="North",
        language="en",
        time_zone="Europe/Berlin",
        hours=WorkingHours(),
        chat_id="",
    )
    return replace(usual, **changes)
