"""What the doctor finds, one line a thing that was looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at and what was found."""

    subject: str
    message: str
    ok: bool = True
