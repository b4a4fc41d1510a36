"""The ledger "You said, we did" in words, as its page and the command line show it.

Themes that were released, the words of whoever decided, and nothing that anybody answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from campaigns.domain.ledger import LONGEST_TEXT, Course, Refused
from campaigns.domain.naming import theme_name
from campaigns.domain.told_message import Told
from campaigns.domain.waiting import Owing
from campaigns.domain.wording import say, say_days
from campaigns.flows import deciding, holding, reporting, telling_back
from campaigns.flows.deciding import Author
from campaigns.storage import directory
from campaigns.storage.campaigns import Launched


@dataclass(frozen=True)
class Book:
    """A campaign's ledger: all that was `said` by the key of its voice, newest first; what is
    decided about that, by whom; and what waits for something to be told."""

    said: Mapping[str, str]
    told: tuple[Told, ...]
    owners: Mapping[int, str]  # ids of the staff file
    owing: Owing | None

    @property
    def undecided(self) -> dict[str, str]:
        """What was said and has no entry."""
        known = {one.entry.voice.key for one in self.told}
        return {key: words for key, words in self.said.items() if key not in known}


def book(c: Connection, launched: Launched, author: Author, language: str) -> Book:
    """What the author may see of it, in that language."""
    tree, periods = directory.tree(c), reporting.periods(c, launched)
    said = {}
    for voice in deciding.heard(c, launched, author):
        everybody = say(language, "Everybody")
        group = everybody if voice.node is None else tree.teams[voice.node].name
        during = periods[voice.period]
        days = say_days(language, during.starts_on, during.ends_on)
        said[voice.key] = f"{group}: {theme_name(language, voice.theme)}, {days}"
    entries = deciding.entries(c, launched, author)
    owners = directory.people(c, {entry.owner_id for entry in entries})
    return Book(
        said,
        tuple(telling_back.named(c, entry) for entry in entries),
        {person.id: person.external_id for person in owners.values()},
        holding.owing(c, launched) if author.nodes is None else None,
    )


def course_name(course: Course, language: str) -> str:
    """What becomes of what was said, in a word or two."""
    match course:
        case Course.PLANNED:
            return say(language, "Planned")
        case Course.DONE:
            return say(language, "Done")
        case Course.DROPPED:
            return say(language, "Not done")


def refusal(refused: Refused, language: str) -> str:
    """Why nothing was written or told, and what to do."""
    match refused:
        case Refused.NOT_RELEASED:
            return say(
                language,
                "Pick what a group said from the list: only published themes can be.",
            )
        case Refused.NO_TEXT:
            return say(language, "Say what is decided, at least in the campaign’s first language.")
        case Refused.NO_REASON:
            return say(
                language, "Say why it is not done, at least in the campaign’s first language."
            )
        case Refused.TOO_LONG:
            return say(language, "A text may have {n} characters at the most.", n=LONGEST_TEXT)
        case Refused.WRONG_DAY:
            return say(
                language,
                "What is planned needs a day that is still to come, and all else one that is over.",
            )
        case Refused.NO_OWNER:
            return say(
                language,
                "Nobody who works here has that id: take one from the column id of the staff file.",
            )
        case Refused.CHANGED:
            return say(
                language,
                "Somebody else has changed it meanwhile: read how it stands now, and try again.",
            )
        case Refused.GONE:
            return say(language, "There is no such entry.")
        case Refused.STOPPED:
            return say(language, "The campaign was stopped and sends nothing any more.")
        case Refused.TOLD:
            return say(language, "The group was told before; nobody gets it twice.")
