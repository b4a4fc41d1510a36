"""Questions of staff: when an unnamed one is passed on, and what may be published of it.

An agent who sees a question come in can look around who is just typing. So an unnamed question,
and the answer to it, waits for a full hour some hours later, which one by chance. Pure: chance
comes in as a number that was drawn.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum

SPREAD_HOURS = 4  # how many full hours there are to draw from
_EARLIEST_HOURS = 2  # from the hour that has begun: at least one full hour passes
FEW = 10  # an agent of fewer people may well guess who asked
MOST_WAITING = 5  # questions of one person that have no answer yet
_QUOTE_WORDS = 6  # so many words in a row are somebody's own wording
_WORD = re.compile(r"\w+")


class QuestionState(StrEnum):
    """waiting → open (passed on to the agents) → answered."""

    WAITING = "waiting"
    OPEN = "open"
    ANSWERED = "answered"


class Naming(StrEnum):
    """Whether the agents learn who asks; the first one holds where nothing was chosen."""

    UNNAMED = "unnamed"
    NAMED = "named"


class Refused(StrEnum):
    """Why nothing was asked, answered or published; the chat says it in the person's language."""

    NO_WORDS = "no_words"
    NOBODY = "nobody"  # there is nobody who could answer
    TOO_MANY = "too_many"  # questions of this person wait for an answer
    TOO_LATE = "too_late"  # it has been passed on
    QUOTED = "quoted"  # the asker's own wording
    GONE = "gone"  # no such question (any more), or not this person's to see
    ANSWERED = "answered"  # somebody else was first
    STOPPED = "stopped"


def next_batch(now: datetime, drawn: int) -> datetime:
    """A full hour, one to five hours from now: `drawn`, by chance 0 to 3, says which.

    >>> from datetime import UTC
    >>> str(next_batch(datetime(2027, 1, 12, 9, 50, tzinfo=UTC), 0).time())
    '11:00:00'
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour + timedelta(hours=_EARLIEST_HOURS + drawn % SPREAD_HOURS)


def quotes(published: str, asked: str) -> bool:
    """Whether six words in a row are the same, whatever stands between them.

    >>> quotes("Who pays for it?", "WHO pays for it, please?")
    False
    >>> quotes("When do we get our new scanner?", "So, when do we get OUR new scanner")
    True
    """
    ours, theirs = (_WORD.findall(text.casefold()) for text in (published, asked))
    runs = {tuple(theirs[i : i + _QUOTE_WORDS]) for i in range(len(theirs) - _QUOTE_WORDS + 1)}
    return any(
        tuple(ours[i : i + _QUOTE_WORDS]) in runs for i in range(len(ours) - _QUOTE_WORDS + 1)
    )
