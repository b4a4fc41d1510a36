"""People as a chat platform knows them, and what becomes of that in the staff directory.

The staff file says who works here, in which team and since when; a platform says how somebody is
reached, where they are and which language they read. So an account joins a person and makes one
only where its group is taken for a team. Nothing here may repeat a name or an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.staff_cells import COLUMNS

_MADE = "slack:"  # no staff file gives out such ids


class Standing(StrEnum):
    """What an account is; only that of STAFF is written to."""

    STAFF = "staff"
    DEACTIVATED = "deactivated"
    INVITED = "invited, not here yet"
    BOT = "a bot"
    GUEST = "a guest"
    STRANGER = "of another organisation"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on the platform; what it doesn't tell, or not in a way we can use, is empty."""

    id: str
    standing: Standing
    name: str = ""
    email: str = ""
    time_zone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """Account → name of its team, or of its role, where groups of the platform are taken for such.

    `unclear` are accounts in several of those groups: these keep the team and role they have.
    """

    teams: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    unclear: frozenset[str] = frozenset()


def usable(column: str, value: object) -> str:
    """The value as a staff file could hold it in that column, else nothing."""
    try:
        return str(COLUMNS[column].value(value)) if isinstance(value, str) and value else ""
    except ValueError:
        return ""


def email_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return email.strip().casefold()


def came_with_account(person: Person) -> bool:
    """Whether the person was made of an account and is in no staff file."""
    return person.external_id.startswith(_MADE)


def made_id(account: Account) -> str:
    """The external id of a person who is made of an account."""
    return f"{_MADE}{account.id}"


def joined(person: Person, account: Account, *, profile: bool) -> Person:
    """The person as reached by this account and, with `profile`, where and as it says they read."""
    changes: dict[str, Any] = {}
    if person.slack_id != account.id:
        changes |= {"slack_id": account.id, "slack_channel": None}
    if profile:
        changes |= {
            "time_zone": account.time_zone or person.time_zone,
            "language": _language(person.language, account.language),
        }
    if came_with_account(person):
        changes |= {"name": account.name or person.name, "email": account.email or person.email}
    return replace(person, **changes)


def parted(person: Person) -> Person:
    """The person as no account reaches them; who came with an account has left with it."""
    active = person.active and not came_with_account(person)
    return replace(person, slack_id=None, slack_channel=None, active=active)


def made(account: Account, team_id: int) -> Person:
    """A person of whom nothing is known but their account."""
    return Person(
        id=0,
        external_id=made_id(account),
        name=account.name or account.id,
        email=account.email,
        team_id=team_id,
        role="",
        location="",
        language=account.language or "en",
        time_zone=account.time_zone or "UTC",
        hours=WorkingHours(),
        chat_id="",
        slack_id=account.id,
    )


def differences(before: Person, after: Person) -> tuple[str, ...]:
    """What is another in the profile, by the names of the staff file's columns."""
    names = ("name", "email", "role", "language", "time_zone")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _language(known: str, told: str) -> str:
    """Theirs; "de" stays where the account says "de-DE", for it is the same."""
    return known if not told or told.partition("-")[0] == known else told
