"""Every error that leaves this package, as one tree.

    BellwetherError
    ├── InputError              what somebody gave us is wrong; nothing was changed
    │   ├── PeopleFileError     a staff file
    │   └── DefinitionError     a campaign file
    ├── NotFoundError           no such person, campaign, alert
    ├── StateError              right in itself, but not now (pausing what is stopped)
    ├── ConfigurationError      a setting is missing or unsafe
    └── DeliveryError           a message did not go out
        ├── FinalDeliveryError      it never will (the account is closed)
        ├── RetryLaterError         it may later (the platform is busy)
        ├── InDoubtError            nobody knows (the line broke after sending)
        └── PlatformClosedError     no message will, until an operator mends something

A message says what was wrong, where, and what to do. It never carries what a person wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


class BellwetherError(Exception):
    """The root: whatever is caught by this name was foreseen."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where (`line 3, column "team"`) and what was expected instead.

    A warning is worth a look and stops nothing.
    """

    place: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class InputError(BellwetherError):
    """Something given to us is wrong; `problems` names each place. Nothing was changed."""

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        self.problems: tuple[Problem, ...] = (
            (Problem("", problems),) if isinstance(problems, str) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PeopleFileError(InputError):
    """A staff file can't be taken over as it is."""


class DefinitionError(InputError):
    """A campaign file can't be launched as it is."""


class NotFoundError(BellwetherError):
    """There is no such thing under the id that was given."""


class StateError(BellwetherError):
    """The wish is sound, but not in the state that the thing is in."""


class ConfigurationError(BellwetherError):
    """A setting is missing, wrong, or unsafe for where we run."""


class DeliveryError(BellwetherError):
    """A message did not reach the platform, as far as we know."""


class FinalDeliveryError(DeliveryError):
    """It never will: do not try again."""


class RetryLaterError(DeliveryError):
    """Try again, not before `after_seconds`."""

    def __init__(self, message: str, after_seconds: float = 60.0) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds


class InDoubtError(DeliveryError):
    """It may have arrived: look for the delivery's key on the platform before sending again."""


class PlatformClosedError(DeliveryError):
    """The platform takes nothing from us any more; the message says why and what mends it."""
