"""What is decided about what a group said: written into the ledger by the comms team, and by change
agents for their teams.

Only a theme that was published of a shown group can be picked, whoever asks; what is typed reaches
no log. Each change is in the audit log, without its text.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.audit import COMMAND_LINE, Deed, agent
from campaigns.domain.ledger import Draft, Entry, Refused, Voice, cleaned, refusal, voices
from campaigns.domain.people import Person
from campaigns.errors import NotFoundError
from campaigns.storage import audit, campaigns, directory, ledger, releases
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.ledger import NewEntry


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, as the audit log names them; `nodes` are the groups they may write about, None
    for all."""

    name: str = COMMAND_LINE
    nodes: frozenset[int] | None = None

    def may(self, voice: Voice) -> bool:
        """Whether that group is this author's."""
        return self.nodes is None or voice.node in self.nodes


def as_agent(c: Connection, person: Person) -> Author:
    """The person as an author: of the teams whose change agent they are, and those below them."""
    tree = directory.tree(c)
    own = [team for team, agent_id in directory.agent_pairs(c) if agent_id == person.id]
    below = frozenset(node for team in own for node in tree.descendants(team))
    return Author(agent(person.external_id), below if person.active else frozenset())


def heard(c: Connection, launched: Launched, author: Author) -> list[Voice]:
    """What there is to decide about: every released theme of the author's groups, newest first."""
    published = reversed(releases.since(c, launched.id, 0))
    said = (voice for one in published for voice in voices(one.period, one.cells))
    return [voice for voice in said if author.may(voice)]


def entries(c: Connection, launched: Launched, author: Author) -> list[Entry]:
    """What was decided about that."""
    return [one for one in ledger.of_campaign(c, launched.id) if author.may(one.voice)]


def write(
    database: Database,
    key: str,
    draft: Draft,
    author: Author,
    now: datetime,
    before: tuple[int, int] | None = None,
) -> Refused | None:
    """The draft is in the ledger, or why not; `before` is the id of the entry that it takes the
    place of, and its version as it was looked at."""
    with database.write() as c:
        launched = campaigns.by_key(c, key)
        new = _new(c, launched, draft, author)
        if isinstance(new, Refused):
            return new
        if before is None:
            entry_id = ledger.put(c, new)
        else:
            entry_id = before[0]
            if refused := _changed(c, launched, before, new, author):
                return refused
        audit.put(c, author.name, Deed.DECIDED, now, key, f"entry {entry_id}, {new.course}")
        return None


def _changed(
    c: Connection, launched: Launched, before: tuple[int, int], new: NewEntry, author: Author
) -> Refused | None:
    """The entry says something new of the same theme; or why not."""
    found = ledger.by_id(c, before[0])
    if found is None or found.campaign_id != launched.id or not author.may(found.voice):
        return Refused.GONE
    if found.voice != new.voice:
        return Refused.NOT_RELEASED
    if found.version != before[1] or not ledger.change(c, found, new):
        return Refused.CHANGED
    return None


def _new(c: Connection, launched: Launched, draft: Draft, author: Author) -> NewEntry | Refused:
    voice = next((one for one in heard(c, launched, author) if one.key == draft.voice), None)
    if voice is None:
        return Refused.NOT_RELEASED
    refused = refusal(draft, launched.definition.default_language)
    if refused is not None or draft.due_on is None:
        return refused or Refused.NO_DATE
    owner = _owner(c, draft.owner.strip())
    if owner is None:
        return Refused.NO_OWNER
    texts, reasons = cleaned(draft.text), cleaned(draft.reason)
    return NewEntry(launched.id, voice, draft.course, texts, reasons, owner, draft.due_on)


def _owner(c: Connection, external_id: str) -> int | None:
    try:
        found = directory.person_by_external_id(c, external_id)
    except NotFoundError:
        return None
    return found.id if found.active else None
