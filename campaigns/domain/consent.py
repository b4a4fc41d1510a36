"""Whether a model may learn from what a person wrote: asked once an answer, and theirs to undo.

Nothing is released unless the person said so, nobody is asked about words that sound like need, and
what was taken back is not asked for again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Consent(StrEnum):
    """How it stands with the words of one answer; no state leads back to an earlier one."""

    BARRED = "barred"  # they name a danger outright: never asked
    OFFERED = "offered"
    GIVEN = "given"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer that might be released; `usable` is None until a model has read it.

    What was flagged as safeguarding is not usable, nor is what the model could not judge.
    """

    state: Consent
    usable: bool | None


def standing(asked: Collection[Asked]) -> Consent | None:
    """How it stands with all words under one message; None where there is nothing to ask.

    One answer that sounds like need is enough to ask about none of them.
    """
    states = {one.state for one in asked}
    for decided in (Consent.GIVEN, Consent.TAKEN_BACK):
        if decided in states:
            return decided
    sound = all(one.usable is not False for one in asked)
    return Consent.OFFERED if sound and states == {Consent.OFFERED} else None
