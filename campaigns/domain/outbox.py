"""The kinds of sendings and the states that one passes through.

pending → sending → sent
   ↑         ├→ pending   (later: the platform was busy)
   │         ├→ failed    (final)
   │         └→ doubtful  (the lease ran out, or the line broke: look before sending again)
   └ moved to a later due_at
pending → dropped (over the cap, left, closed) | cancelled (answered, stopped)
"""

from enum import StrEnum


class Kind(StrEnum):
    VISION = "vision"
    PULSE = "pulse"
    REMINDER = "reminder"
    FOLLOW_UP = "follow_up"
    HELP = "help"  # safeguarding: no cap, no quiet hours, no campaign state holds it back
    ALERT = "alert"  # to a change agent


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


CAPPED = frozenset({Kind.VISION, Kind.PULSE, Kind.REMINDER, Kind.FOLLOW_UP})
FINAL = frozenset({State.SENT, State.FAILED, State.DROPPED, State.CANCELLED})
