"""Who is in the workspace: a list of people, or a crowd of 100,000, made up as it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, overload
from zoneinfo import ZoneInfo

Json = dict[str, Any]
TEAM, BOT_USER, BOT, APP = "T0BELLWETH", "U0BELLBOT", "B0BELLBOT", "A0BELLAPP"


@dataclass(frozen=True)
class Member:
    """One account; `refuses` is the error that every message to it earns."""

    id: str
    name: str = ""
    email: str | None = ""
    time_zone: str = "Europe/Berlin"
    locale: str = "en-US"
    title: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_invited_user: bool = False
    refuses: str | None = None
    updated: int = 1_790_000_000

    @property
    def real_name(self) -> str:
        return self.name or f"Person {self.id}"

    @property
    def address(self) -> str | None:
        """An empty e-mail address is made up; None stays none."""
        return self.email if self.email != "" else f"{self.id.lower()}@example.org"

    @property
    def refusal(self) -> str | None:
        """The error that a message to this account earns."""
        if self.refuses:
            return self.refuses
        if self.deleted:
            return "user_disabled"
        if self.is_bot or self.id == "USLACKBOT":
            return "cannot_dm_bot"
        return "invalid_user_combination" if self.is_stranger else None

    def json(self, *, email: bool, locale: bool) -> Json:
        """As `users.list` and `users.info` show it."""
        name, address = self.real_name, self.address
        first, _, last = name.partition(" ")
        profile = {
            "real_name": name,
            "display_name": "",
            "first_name": first,
            "last_name": last,
            "title": self.title,
            "team": TEAM,
        }
        if email and address is not None and not self.is_bot:
            profile["email"] = address
        shown: Json = {
            "id": self.id,
            "team_id": "T0ELSEWHERE" if self.is_stranger else TEAM,
            "name": self.id.lower(),
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.is_stranger or self.is_invited_user:
            shown["is_stranger" if self.is_stranger else "is_invited_user"] = True
        if not self.deleted:  # Slack says less of them
            self._add_details(shown)
            if locale:
                shown["locale"] = self.locale
        return shown

    def _add_details(self, shown: Json) -> None:
        shown["real_name"], shown["color"] = self.real_name, "9f69e7"
        shown["tz"] = shown["tz_label"] = self.time_zone
        shown["tz_offset"] = _offset(self.time_zone, self.updated)
        shown["is_admin"] = shown["is_owner"] = shown["is_primary_owner"] = False
        shown["is_restricted"] = self.is_restricted or self.is_ultra_restricted
        shown["is_ultra_restricted"] = self.is_ultra_restricted
        shown["is_email_confirmed"] = not self.is_invited_user


@lru_cache(maxsize=1000)
def _offset(zone: str, at: int) -> int:
    offset = datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


class Crowd(Sequence[Member]):
    """So many people who cost nothing until somebody looks at them."""

    ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney")
    LOCALES = ("de-DE", "en-US", "ja-JP", "en-GB")

    def __init__(self, n_people: int) -> None:
        self._n = n_people

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, index: int) -> Member: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Member]: ...
    def __getitem__(self, index: int | slice) -> Member | Sequence[Member]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(self._n))]
        if not 0 <= index < self._n:
            raise IndexError(index)
        kind = index % 4
        return Member(
            f"U{index:08d}",
            f"Person {index}",
            f"person{index}@example.org",
            self.ZONES[kind],
            self.LOCALES[kind],
            deleted=index % 100 == 97,
        )

    def find(self, user_id: str) -> Member | None:
        """The member with that id, without a table of them."""
        number = user_id[1:]
        known = len(number) == 8 and number.isdecimal() and int(number) < self._n
        return self[int(number)] if known else None

    def find_email(self, email: str) -> Member | None:
        """The member with that address, without a table of them."""
        number = email.removeprefix("person").removesuffix("@example.org")
        known = number.isdecimal() and int(number) < self._n
        return self[int(number)] if known else None


class Directory:
    """Everybody in the workspace, Slack's own bot and ours before the others."""

    def __init__(self, people: Sequence[Member | str]) -> None:
        own = [
            Member("USLACKBOT", "Slackbot", None),  # which Slack doesn't call a bot
            Member(BOT_USER, "Bellwether", None, is_bot=True),
        ]
        self._crowd = people if isinstance(people, Crowd) else Crowd(0)
        listed = [] if isinstance(people, Crowd) else people
        named = [Member(one) if isinstance(one, str) else one for one in listed]
        self._listed = {one.id: one for one in own + named}
        self._order = list(self._listed)
        self._changed: dict[str, Member] = {}

    def __len__(self) -> int:
        return len(self._order) + len(self._crowd)

    def page(self, start: int, size: int) -> Iterator[Member]:
        """Up to so many, from that place on."""
        for index in range(start, min(start + size, len(self))):
            n = len(self._order)
            one = self._listed[self._order[index]] if index < n else self._crowd[index - n]
            yield self._changed.get(one.id, one)

    def find(self, user_id: str) -> Member | None:
        """The account with that id."""
        found = self._listed.get(user_id) or self._crowd.find(user_id)
        return self._changed.get(user_id, found)

    def find_email(self, email: str) -> Member | None:
        """The account with that address, however it is capitalised; not one that was closed."""
        wanted = email.lower()
        members = (self._changed.get(one.id, one) for one in self._listed.values())
        found = next((one for one in members if (one.address or "").lower() == wanted), None)
        found = found or self._crowd.find_email(wanted)
        return None if found is None or found.deleted else found

    def join(self, member: Member) -> None:
        """Somebody new, last in the list."""
        if self._crowd:
            raise ValueError("A crowd can't grow; list its people instead.")
        self._listed[member.id] = member
        self._order.append(member.id)

    def change(self, user_id: str, **changes: Any) -> Member:
        """The account as it is from now on."""
        found = self.find(user_id)
        if found is None:
            raise KeyError(user_id)
        self._changed[user_id] = replace(found, **changes)
        return self._changed[user_id]
