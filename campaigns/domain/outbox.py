"""The kinds of sendings, the states that one passes through, and whether one goes out now.

pending → sending → sent
   ↑         ├→ pending   (later: the platform was busy)
   │         ├→ failed    (final)
   │         └→ doubtful  (the lease ran out, or the line broke: look before sending again)
   └ moved to a later due_at
pending → dropped (over the cap, left, closed) | cancelled (answered, stopped)
A follow-up that chance holds out is dropped from the beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.domain.attention import SHORT, Contact, Room, Touch, room_for
from campaigns.domain.definition import QuietHours
from campaigns.domain.people import Person
from campaigns.domain.timing import WEEK, day_off, next_permitted


class Kind(StrEnum):
    VISION = "vision"
    PULSE = "pulse"
    REMINDER = "reminder"
    FOLLOW_UP = "follow_up"
    HELP = "help"  # safeguarding: no cap, no quiet hours, no campaign state holds it back
    CONTACT = "contact"  # that somebody asks to be contacted, to whom the campaign names for it
    ALERT = "alert"  # to a change agent
    QUESTION = "question"  # of one of their people, to a change agent
    ASKED = "asked"  # the receipt for a question, to who asked it
    REPLY = "reply"  # the answer to it
    TOLD = "told"  # what was done about what a group said, to all its people


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


# Who goes first where a platform has not room for all: a reply to what somebody said, an alert, a
# pulse (behind what was told back, which it may have waited for), a vision message. Within a rank
# in the order that is written here.
RANKS = (
    (Kind.HELP, Kind.CONTACT, Kind.ASKED, Kind.REPLY),
    (Kind.ALERT, Kind.QUESTION),
    (Kind.FOLLOW_UP, Kind.TOLD, Kind.PULSE, Kind.REMINDER),
    (Kind.VISION,),
)
BY_URGENCY = tuple(kind for kinds in RANKS for kind in kinds)
CAPPED = frozenset({Kind.VISION, Kind.TOLD, Kind.PULSE, Kind.REMINDER, Kind.FOLLOW_UP})
ASKED_FOR = frozenset({Kind.QUESTION, Kind.ASKED, Kind.REPLY})  # a pause of messages lets through
# What answers nobody; it alone waits while its person has told their chat not to disturb them.
CAN_WAIT = frozenset({Kind.VISION, Kind.TOLD, Kind.PULSE, Kind.REMINDER})
FINAL = frozenset({State.SENT, State.FAILED, State.DROPPED, State.CANCELLED})
MOVED = "moved: "  # how a reason begins, also on what went out later for it
UNDISTURBED = f"{MOVED}do not disturb"
_LONGEST_WAIT = WEEK  # a chat that is silent for longer is meant to be, and is read all the same
QUIET = QuietHours()  # for what belongs to no campaign


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides whether a due sending goes out: itself, what its person got of late, what
    else waits for them (`rivals`), and until when their chat shall not disturb them."""

    kind: Kind
    person: Person
    stopped: bool = False
    answered: bool = False
    closes_at: datetime | None = None
    quiet: QuietHours = QUIET
    touch: Touch = SHORT
    spent: Sequence[Contact] = ()
    rivals: Sequence[Contact] = ()
    undisturbed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is SENDING (goes out), PENDING (moved to `until`), DROPPED or CANCELLED."""

    state: State
    reason: str = ""
    until: datetime | None = None


SEND = Verdict(State.SENDING)
STOP = Verdict(State.CANCELLED, "stopped")


def judge(facts: Facts, now: datetime) -> Verdict:
    """Whether a due sending goes out now, later or never, and why.

    Help, a call for it and a receipt wait for nothing; alerts, questions and their answers keep to
    the reader's hours alone.
    """
    if not facts.person.active:
        return Verdict(State.DROPPED, "left")
    if facts.kind in (Kind.HELP, Kind.CONTACT, Kind.ASKED):
        return SEND
    if facts.stopped:
        return STOP
    if facts.answered:
        return Verdict(State.CANCELLED, "answered")
    if facts.closes_at is not None and facts.closes_at <= now:
        return Verdict(State.DROPPED, "closed")
    return _at_the_right_time(facts, now)


def _at_the_right_time(facts: Facts, now: datetime) -> Verdict:
    """The verdict on something that may go out as such."""
    room = Room(now)
    if facts.kind in CAPPED:
        room = room_for(facts.touch, facts.spent, facts.rivals, facts.person, now)
    until = next_permitted(room.at, facts.person, facts.quiet)
    if until == now:
        return _unless_undisturbed(facts, now)
    reason = room.reason or day_off(now, facts.person) or "hours"
    closes_first = facts.closes_at is not None and facts.closes_at <= until
    if closes_first or (room.reason and facts.touch.drops):
        return Verdict(State.DROPPED, reason)
    return Verdict(State.PENDING, f"{MOVED}{reason}", until)


def _unless_undisturbed(facts: Facts, now: datetime) -> Verdict:
    """The verdict on what may go out now, but for a chat that shall not disturb its person.

    It waits for the first permitted moment afterwards, where that is not too late: within a week,
    and within half of the time for which it is still open. Else it goes out at once, and lies in
    the chat without a sound until its person looks.
    """
    if facts.undisturbed_until is None or facts.kind not in CAN_WAIT:
        return SEND
    until = next_permitted(max(facts.undisturbed_until, now), facts.person, facts.quiet)
    longest = _LONGEST_WAIT
    if facts.closes_at is not None:
        longest = min(longest, (facts.closes_at - now) / 2)
    return Verdict(State.PENDING, UNDISTURBED, until) if now < until <= now + longest else SEND
