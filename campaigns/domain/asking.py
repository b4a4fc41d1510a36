"""Questions of staff: when an unnamed one is passed on, and what may be published of it.

An agent who sees a question come in can look around who is just typing. So an unnamed question,
and the answer to it, waits for a full hour some hours later, which one by chance. Pure: chance
comes in as a number that was drawn.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.domain.redaction import Redactor

SPREAD_HOURS = 4  # how many full hours there are to draw from
_EARLIEST_HOURS = 2  # from the hour that has begun: at least one full hour passes
FEW = 10  # an agent of fewer people may well guess who asked
MOST_WAITING = 5  # questions of one person that have no answer yet
LONGEST_PUBLISHED = 150  # a question's characters: what the strictest chat takes as a heading
_QUOTE_WORDS = 6  # so many words in a row are somebody's own wording
_TELLING_WORDS = 3  # a whole question of fewer stands in many a sentence of others
_WORD = re.compile(r"\w+")
_EMPTY_LINE = re.compile(r"\n\s*\n")


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
    QUOTED = "quoted"  # the question is the asker's own wording
    ANSWER_QUOTED = "answer_quoted"  # the answer repeats the asker's own wording
    TELLS_NAME = "tells_name"  # the asker's, who gave it to their change agent and to nobody else
    TOO_LONG = "too_long"  # for a published question
    CHANGED = "changed"  # somebody else did something to it meanwhile
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
    """Whether six words in a row are the same, or a shorter question as a whole; whatever stands
    between the words.

    >>> quotes("Who pays for it?", "WHO pays for it, please?")
    False
    >>> quotes("When do we get our new scanner?", "So, when do we get OUR new scanner")
    True
    >>> quotes("Who pays for it?", "who pays for it??")
    True
    """
    ours, theirs = (_WORD.findall(text.casefold()) for text in (published, asked))
    length = min(len(theirs), _QUOTE_WORDS)
    if length < _TELLING_WORDS:
        return bool(theirs) and ours == theirs
    runs = {tuple(theirs[i : i + length]) for i in range(len(theirs) - length + 1)}
    return any(tuple(ours[i : i + length]) in runs for i in range(len(ours) - length + 1))


def worded(text: str) -> tuple[str, str]:
    """What is to be published: the question in one line and, below an empty line, its answer.

    The answer is "" where it shall be the one that was given.

    >>> worded("Will anybody\\nhave to move?\\n\\nNo. Nobody will.")
    ('Will anybody have to move?', 'No. Nobody will.')
    """
    question, *answer = _EMPTY_LINE.split(text.strip(), maxsplit=1)
    return " ".join(question.split()), answer[0].strip() if answer else ""


def refusal(question: str, answer: str, asked: str, asker: str) -> Refused | None:
    """Why these words may not be read by everybody.

    `asked` are the words of the question, "" where they are gone, and `asker` is the name of who
    asked, "" where the agent doesn't know it: to refuse it then would tell it.
    """
    if not question or not answer:
        return Refused.NO_WORDS
    if len(question) > LONGEST_PUBLISHED:
        return Refused.TOO_LONG
    if quotes(question, asked):
        return Refused.QUOTED
    if quotes(answer, asked):
        return Refused.ANSWER_QUOTED
    names = asker and "[name]" in Redactor([asker])(f"{question}\n{answer}")
    return Refused.TELLS_NAME if names else None
