"""What was decided goes back to the group that raised it: to all its people, at that level.

Everybody of the group's teams who is in the campaign's audience is told, whoever answered and
whoever did not, also where a team within it is too small to be shown: so being told, or not, says
nothing about anybody. A cursor moves in the transaction that writes the outbox rows (D5).
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import audience, told_message
from campaigns.domain.audit import Deed
from campaigns.domain.definition import Definition
from campaigns.domain.ledger import Entry, Refused, refusal
from campaigns.domain.messages import Message
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.domain.timing import next_permitted
from campaigns.domain.told_message import Told
from campaigns.errors import NotFoundError
from campaigns.flows.deciding import Author
from campaigns.storage import audit, campaigns, directory, ledger, outbox
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database
from campaigns.storage.ledger import Spreading
from campaigns.storage.outbox import Delivery, NewDelivery

CHUNK = 2000  # people a transaction


def tell(
    database: Database, key: str, entry_id: int, version: int, author: Author, now: datetime
) -> Refused | None:
    """The entry, as it was looked at, will be told to its group; or why not. `spread` does it."""
    with database.write() as c:
        launched, found = campaigns.by_key(c, key), ledger.by_id(c, entry_id)
        if found is None or found.campaign_id != launched.id or not author.may(found.voice):
            return Refused.GONE
        if launched.state == STOPPED:
            return Refused.STOPPED
        if found.told_at is not None:
            return Refused.TOLD
        language = launched.definition.default_language
        if refused := refusal(found.decision, language, now.date()):
            return refused  # it was right when it was written
        if not directory.person(c, found.owner_id).active:
            return Refused.NO_OWNER
        if not ledger.tell(c, entry_id, version, now):
            return Refused.CHANGED
        detail = f"entry {entry_id}, {found.decision.course}"
        audit.put(c, author.name, Deed.TOLD_BACK, now, key, detail)
        return None


def spread(database: Database, now: datetime) -> int:
    """Every entry that is told stands in the outbox of all its people; how many rows were new."""
    with database.read() as c:
        found = ledger.waiting(c)
    return sum(_spread(database, one, now) for one in found)


def compose(c: Connection, delivery: Delivery, definition: Definition, person: Person) -> Message:
    """What that delivery tells its person of its entry; NotFoundError where that is gone."""
    found = ledger.by_id(c, delivery.subject_id or 0)
    if found is None:
        raise NotFoundError("There is no such entry.")
    return told_message.told(named(c, found), definition, person, delivery.key)


def named(c: Connection, entry: Entry) -> Told:
    """The entry with the names of its group and of who answers for it."""
    node = entry.voice.node
    group = "" if node is None else directory.team_name(c, node)
    return Told(entry, group, directory.person(c, entry.owner_id).name)


def _spread(database: Database, entry_id: int, now: datetime) -> int:
    n_written, n_more = 0, True
    while n_more:
        with database.write() as c:
            standing = ledger.lock(c, entry_id)
            if standing is None:
                break
            n_new, n_more = _chunk(c, standing, now)
            n_written += n_new
    return n_written


def _chunk(c: Connection, standing: Spreading, now: datetime) -> tuple[int, bool]:
    page = directory.page(c, standing.cursor, CHUNK)
    launched = campaigns.by_id(c, standing.entry.campaign_id)
    people = _group(c, launched, standing.entry, page)
    n_new = outbox.put(c, list(_rows(launched, standing.entry, people, now)))
    more = len(page) == CHUNK
    ledger.advance(c, standing.entry.id, page[-1].id if page else standing.cursor, done=not more)
    return n_new, more


def _group(c: Connection, launched: Launched, entry: Entry, page: list[Person]) -> Iterator[Person]:
    tree = directory.tree(c)
    chosen = audience.select(page, tree, launched.definition.campaign.audience)
    if entry.voice.node is None:
        return chosen
    within = frozenset(tree.descendants(entry.voice.node))
    return (person for person in chosen if person.team_id in within)


def _rows(
    launched: Launched, entry: Entry, people: Iterator[Person], now: datetime
) -> Iterator[NewDelivery]:
    quiet = launched.definition.campaign.quiet_hours
    for person in people:
        # An absence is looked at when the message is due: until then it may change.
        yield NewDelivery(
            once=f"told:{entry.id}:person:{person.id}",
            kind=Kind.TOLD,
            person_id=person.id,
            due_at=next_permitted(now, person.rhythm.anybody(), quiet),
            campaign_id=launched.id,
            version_id=launched.version_id,
            subject_id=entry.id,
        )
