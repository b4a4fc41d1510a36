"""What each column of a staff file may hold, and how one cell is read.

A cell is text and nothing else: one that begins like a spreadsheet formula is kept as it stands.
Nothing here may ever put a personal cell (id, name, e-mail, chat id) into a message.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from campaigns.domain.public_holidays import regions

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PATH = " > "  # parent_team may name the whole way down from the top
_NOT_A_PLACE = frozenset({"localtime", "Factory", "posixrules"})
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(:00)?")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_LONGEST_TEAM = 200
_MOST_SHOWN = 40
_A_DATE = "a date such as 2027-08-31"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how a cell is read, what an empty one means, what is said of a wrong one."""

    read: Callable[[str], Any]
    expected: str
    longest: int
    default: Any = ""
    required: bool = False
    personal: bool = False
    known: Callable[[], frozenset[str]] | None = None

    def value(self, cell: str, *, hint: bool = True) -> Any:
        """What the cell says. Raises ValueError with a sentence fit for the person who sent it.

        A `hint` at what was probably meant takes about 10 ms.
        """
        text = plain(cell)
        if text is None:
            raise ValueError(f"expected {self.expected} without control characters")
        if not text:
            if self.required:
                raise ValueError(f"expected {self.expected}, found nothing")
            return self.default
        if len(text) > self.longest:
            raise ValueError(f"expected at most {self.longest} characters, found {len(text)}")
        try:
            return self.read(text)
        except ValueError:
            found = "" if self.personal else f", found {shown(text)}"
            meant = closest(text, self.known()) if hint and self.known else ""
            raise ValueError(f"expected {self.expected}{found}{meant}") from None


def plain(cell: str) -> str | None:
    """The cell with composed letters and single spaces; None where it steers the screen."""
    if cell.isascii() and cell.isprintable() and "  " not in cell:
        return cell.strip()
    text = " ".join(unicodedata.normalize("NFC", cell).split())
    if text.isprintable():
        return text
    steers = any(unicodedata.category(c) in ("Cc", "Cs") or c in _BIDI for c in text)
    return None if steers else text


def shown(text: str) -> str:
    """The text in quotation marks, cut to a length that fits a line."""
    return f'"{text[: _MOST_SHOWN - 1]}…"' if len(text) > _MOST_SHOWN else f'"{text}"'


def closest(name: str, known: Iterable[str]) -> str:
    """`; did you mean "team"?`, or nothing where nothing is close."""
    folded = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f'; did you mean "{folded[found[0]]}"?' if found else ""


@cache
def zones() -> frozenset[str]:
    """Every time zone that the zone database knows."""
    return frozenset(available_timezones() - _NOT_A_PLACE)


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError
    return text


def _yes(text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise ValueError
    return text.lower() == "yes"


def _language(text: str) -> str:
    text = text.replace("_", "-")
    if not _LANGUAGE.fullmatch(text):
        raise ValueError
    primary, *rest = text.split("-")
    return "-".join([primary.lower(), *rest])


@cache
def _zone(text: str) -> str:
    if text not in zones():
        raise ValueError
    return text


@cache
def _time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError
    return time(int(found[1]), int(found[2]))


@cache
def _days(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in re.split(r"[,; ]+", re.sub(r"\s*[-–]\s*", "-", text.lower())):
        first, _, last = part.partition("-")
        start = DAYS.index(first)
        length = (DAYS.index(last) - start) % 7 + 1 if last else 1
        days.update((start + step) % 7 for step in range(length))
    return frozenset(days)


@cache
def _region(text: str) -> str:
    if text not in regions():
        raise ValueError
    return text


@cache
def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)


def _id(text: str) -> str:
    if "/" in text or text in (".", ".."):  # it stands in the address of the person's chat
        raise ValueError
    return text


def _team(text: str) -> str:
    if PATH in text:
        raise ValueError
    return text


def _path(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(PATH) if part.strip())
    if any(len(name) > _LONGEST_TEAM for name in names):
        raise ValueError
    return names


def _teams(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


COLUMNS: Mapping[str, Column] = {
    "id": Column(_id, 'the person\'s id without "/"', 100, required=True, personal=True),
    "name": Column(str, "a name", 200, required=True, personal=True),
    "email": Column(_email, "an address such as name@agency.example", 320, personal=True),
    "team": Column(_team, "the name of one team", _LONGEST_TEAM, required=True),
    "parent_team": Column(_path, "the team above this one", 1000, default=()),
    "role": Column(str, "a role", 100),
    "location": Column(str, "a location", 100),
    "language": Column(_language, "a language code such as en or pt-BR", 20, default="en"),
    "time_zone": Column(_zone, "a time zone such as Europe/Berlin", 60, default="UTC", known=zones),
    "work_start": Column(_time, "a time such as 08:00", 8, default=time(8, 0)),
    "work_end": Column(_time, "a time such as 17:00", 8, default=time(17, 0)),
    "work_days": Column(
        _days, "days such as mon-fri or mon,wed", 60, default=frozenset({0, 1, 2, 3, 4})
    ),
    "agent_for": Column(_teams, "names of teams, separated by ;", 2000, default=()),
    "champion": Column(_yes, "yes or no", 3, default=False),
    "chat_id": Column(str, "an id in the chat", 100, personal=True),
    "holidays": Column(
        _region, "a country or region such as DE-BY, FR or ES-MD", 20, known=regions
    ),
    "away_from": Column(_date, _A_DATE, 10, default=None, personal=True),
    "away_until": Column(_date, _A_DATE, 10, default=None, personal=True),
}
