"""What the audit log says and how its entries hang together, so that a change of any one shows.

Each entry is sealed with a key over what it says and the seal of the entry before it. An entry
names who looked at what was released of groups, or who changed what; it must never say what any
person answered, wrote or was scored, nor that a member of staff used something of their own.
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

COMMAND_LINE = "command line"
PROGRAM = "Bellwether"
FIRST = "0" * 64  # what the first entry is sealed after
_SHOWN = 16  # signs of a seal that are noted elsewhere
_MARKS = " · "


class Deed(StrEnum):
    """What was done: first the looks, then the changes."""

    SAW_DASHBOARD = "saw dashboard"
    SAW_FIGURES = "saw figures"  # of an agent's own teams
    SAW_ALERTS = "saw alerts"
    SAW_LEDGER = "saw ledger"  # what groups said, and what is decided about it
    TOOK_FIGURES = "took figures"  # as a file
    TOOK_WORDS = "took words"  # that were released to learn from
    ASKED_APPROVAL = "asked for approval"  # of a launch
    APPROVED = "approved"
    LAUNCHED = "launched"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    IMPORTED_PEOPLE = "imported people"
    JOINED_ACCOUNTS = "joined accounts"
    REWORDED = "reworded"
    TOOK_OUT = "took out"
    DECIDED = "decided"  # what is done about what a group said
    TOLD_BACK = "told back"
    WENT_ON = "went on"  # without having told anything back
    RESCORED = "rescored"
    SETTINGS = "settings"


LOOKS = frozenset(
    {
        Deed.SAW_DASHBOARD,
        Deed.SAW_FIGURES,
        Deed.SAW_ALERTS,
        Deed.SAW_LEDGER,
        Deed.TOOK_FIGURES,
        Deed.TOOK_WORDS,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `campaign` is a key or "", `seal` what holds it to the one before."""

    number: int
    at: datetime
    who: str
    deed: str
    campaign: str
    detail: str
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: how many entries in a row are as they were written.

    `broken_at` is the number of the first that is not, or is missing; None where all are whole.
    `end` is the mark of the last whole entry, to be noted elsewhere.
    """

    n_whole: int
    broken_at: int | None
    end: str


def agent(external_id: str) -> str:
    """How the log names a change agent."""
    return f"agent {external_id}"


def comms(external_id: str) -> str:
    """How the log names a member of the communications team who acts in a chat."""
    return f"comms team {external_id}"


def names(external_id: str) -> tuple[str, str]:
    """All that the log may call this person."""
    return agent(external_id), comms(external_id)


def seal_key(secret: str) -> bytes:
    """The key for seals, made of a data key for this use alone."""
    return hmac.digest(secret.strip().encode(), b"bellwether audit log", sha256)


def seal(entry: Entry, before: str, key: bytes) -> str:
    """What holds the entry to the one before it, whose seal `before` is.

    >>> from dataclasses import replace
    >>> one = Entry(1, datetime(2027, 1, 12, tzinfo=UTC), "console", "launched", "portal", "")
    >>> seal(one, FIRST, b"key") == seal(replace(one, who="nobody"), FIRST, b"key")
    False
    """
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [entry.number, moment, entry.who, entry.deed, entry.campaign, entry.detail]
    text = json.dumps([before, *said], ensure_ascii=False)
    return hmac.new(key, text.encode(), sha256).hexdigest()


def mark(entry: Entry) -> str:
    """A short name for all of the log up to this entry."""
    return f"{entry.number}-{entry.seal[:_SHOWN]}"


def settings_detail(marks: Mapping[str, str], before: str) -> str:
    """What an entry says of settings that are not as they were; "" where all are.

    `marks` stand for values that are told to nobody, and go along to be compared the next time;
    `before` is the last such entry's detail.

    >>> settings_detail({"model": "1f", "port": "2a"}, settings_detail({"model": "77"}, ""))
    'changed: model, port · model=1f port=2a'
    """
    known = dict(pair.split("=", 1) for pair in before.rpartition(_MARKS)[2].split())
    changed = sorted(name for name in marks if known.get(name) != marks[name])
    if not changed:
        return ""
    written = " ".join(f"{name}={marks[name]}" for name in sorted(marks))
    return f"changed: {', '.join(changed)}{_MARKS}{written}"


def told(entry: Entry) -> str:
    """The entry's detail for a reader, without what is there to be compared."""
    return entry.detail.partition(_MARKS)[0]


def check(entries: Iterable[Entry], keys: Sequence[bytes], noted: str = "") -> Verdict:
    """Whether the entries, all of them in their order, are whole.

    Keys are tried as they come: those of older entries stay behind the newest. `noted` is a mark
    from an earlier check: without it, a log whose last entries were cut off looks whole.
    """
    n_whole, before, end, met = 0, FIRST, "", not noted
    for entry in entries:
        sealed = any(hmac.compare_digest(entry.seal, seal(entry, before, key)) for key in keys)
        if entry.number != n_whole + 1 or not sealed:
            return Verdict(n_whole, n_whole + 1, end)
        n_whole, before, end = entry.number, entry.seal, mark(entry)
        met = met or end == noted.strip()
    if met:
        return Verdict(n_whole, None, end)
    number = noted.partition("-")[0].strip()
    return Verdict(n_whole, int(number) if number.isdecimal() else n_whole + 1, end)
