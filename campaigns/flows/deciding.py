"""What is decided about what a group said: written into the ledger by the comms team, and by change
agents for their teams.

Only a theme that was published of a shown group can be picked, whoever asks; what is typed reaches
no log. Each change is in the audit log, without its text.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.audit import COMMAND_LINE, Deed, agent
from campaigns.domain.ledger import Decision, Entry, Refused, Voice, refusal, voices
from campaigns.domain.people import Person
from campaigns.storage import audit, campaigns, directory, ledger, releases, responsible
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as it is typed: `said` is the key of a voice, `owner` an id of the staff file."""

    said: str
    decision: Decision
    owner: str


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
    decision = draft.decision.cleaned()
    with database.write() as c:
        launched = campaigns.by_key(c, key)
        voice = next((one for one in heard(c, launched, author) if one.key == draft.said), None)
        if voice is None:
            return Refused.NOT_RELEASED
        if refused := refusal(decision, launched.definition.default_language, now.date()):
            return refused
        owners = responsible.active(c, [draft.owner.strip()])
        if not owners:
            return Refused.NO_OWNER
        if before is None:
            entry_id = ledger.put(c, launched.id, voice, decision, owners[0].id)
        else:
            entry_id, version = before
            if refused := _not_about(c, launched, entry_id, voice, author):
                return refused
            if not ledger.change(c, entry_id, version, decision, owners[0].id):
                return Refused.CHANGED
        audit.put(c, author.name, Deed.DECIDED, now, key, f"entry {entry_id}, {decision.course}")
        return None


def _not_about(
    c: Connection, launched: Launched, entry_id: int, voice: Voice, author: Author
) -> Refused | None:
    """Why that is no entry of this author's about that theme."""
    found = ledger.by_id(c, entry_id)
    if found is None or found.campaign_id != launched.id or not author.may(found.voice):
        return Refused.GONE
    return None if found.voice == voice else Refused.NOT_RELEASED
