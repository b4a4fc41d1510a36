"""Joins the accounts of a chat platform with the people of the staff file, by e-mail address.

All accounts are looked at before anything is changed, because an address that two of them share is
nobody's for certain: it is reported and left alone. Then pages are joined, each in a transaction of
its own, so that whatever stops this, the same again goes on to the same end. What is kept in memory
of an account meanwhile is a number or two, never a name.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection

from campaigns.domain.accounts import Account, Groups, Standing, email_key, parted
from campaigns.errors import StateError
from campaigns.flows.joining import Joining, Joint
from campaigns.storage import accounts as stored
from campaigns.storage.database import Database

_PAGE = 500
_MOST_NAMED = 50
# More people losing their account than this share is taken for another workspace's token.
_MOST_PARTING = 0.5
T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """How many, and the ids of the first of them."""

    n: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, who: str) -> None:
        self.n += 1
        if len(self.first) < _MOST_NAMED:
            self.first.append(who)


@dataclass(slots=True)
class SyncReport:
    """What a sync did, or with `applied` False would do; people by external id, accounts by theirs.

    `unknown` are accounts of staff whom the directory doesn't have, `nameless` those without an
    e-mail address, `twice` whose address is not theirs alone, on either side.
    """

    joined: Tally = field(default_factory=Tally)
    changed: Tally = field(default_factory=Tally)
    added: Tally = field(default_factory=Tally)
    moved: Tally = field(default_factory=Tally)
    returned: Tally = field(default_factory=Tally)
    parted: Tally = field(default_factory=Tally)
    left: Tally = field(default_factory=Tally)
    twice: Tally = field(default_factory=Tally)
    unclear: Tally = field(default_factory=Tally)
    unknown: Tally = field(default_factory=Tally)
    nameless: Tally = field(default_factory=Tally)
    left_out: Counter[Standing] = field(default_factory=Counter)
    teams_added: list[str] = field(default_factory=list)
    n_unchanged: int = 0
    n_staff: int = 0
    mass_parting: bool = False
    applied: bool = False

    @property
    def changes_nothing(self) -> bool:
        """Whether the directory says already what the platform says."""
        tallies = (self.joined, self.changed, self.added, self.moved, self.returned)
        return not any(tally.n for tally in (*tallies, self.parted, self.left))


@dataclass(slots=True)
class _Seen:
    """What one look at all accounts leaves in memory: hashes, no names."""

    accounts: set[int] = field(default_factory=set)
    addresses: set[int] = field(default_factory=set)
    twice: set[int] = field(default_factory=set)

    def has_address(self, email: str) -> bool:
        """Whether an account of staff has it."""
        return bool(email) and hash(email_key(email)) in self.addresses


def sync(
    database: Database,
    accounts: Iterable[Account],
    groups: Groups,
    *,
    profiles: bool = True,
    dry_run: bool = False,
    allow_mass_parting: bool = False,
) -> SyncReport:
    """Everybody's account is known; with `dry_run` it is only told what would change.

    `accounts` are walked through twice and must be all there are. With `profiles`, time zone and
    language are taken from them. Raises StateError where more than half of the people who have an
    account would lose it unless `allow_mass_parting`; then nothing has changed.
    """
    report = SyncReport(applied=not dry_run)
    seen = _look(accounts, report)
    with database.read() as connection:
        people = _addresses(connection, seen)
        gone, n_reached = _gone(connection, seen)
    report.mass_parting = len(gone) > _MOST_PARTING * n_reached
    if report.mass_parting and not (dry_run or allow_mass_parting):
        raise StateError(
            f"{len(gone):,} of {n_reached:,} people would lose their Slack account, more than "
            "half: nothing was changed. Is it the right workspace? If so, add --allow-mass-leave."
        )
    joining = Joining(groups, profiles=profiles, apply=not dry_run, claimed=seen.has_address)
    with database.write() if not dry_run else database.read() as connection:
        report.teams_added = joining.prepare_teams(connection)
    for ids in _pages(iter(gone)):
        _part(database, ids, seen, report)
    for page in _pages(account for account in accounts if account.standing is Standing.STAFF):
        _join(database, joining, page, people, seen, report)
    return report


def _look(accounts: Iterable[Account], report: SyncReport) -> _Seen:
    seen = _Seen()
    for account in accounts:
        if account.standing is not Standing.STAFF:
            report.left_out[account.standing] += 1
            continue
        report.n_staff += 1
        seen.accounts.add(hash(account.id))
        if account.email:
            _note(hash(email_key(account.email)), seen)
    return seen


def _note(key: int, seen: _Seen) -> None:
    (seen.twice if key in seen.addresses else seen.addresses).add(key)


def _addresses(connection: Connection, seen: _Seen) -> dict[int, int]:
    """Hash of an address → our id of the one person who has it; shared ones go to `seen.twice`."""
    found: dict[int, int] = {}
    for person_id, email in stored.addresses(connection):
        key = hash(email_key(email))
        if found.setdefault(key, person_id) != person_id:
            seen.twice.add(key)
    return found


def _gone(connection: Connection, seen: _Seen) -> tuple[list[int], int]:
    """Whose account is no longer that of staff, and how many people have one at all."""
    gone, n_reached = [], 0
    for person_id, account in stored.reached(connection):
        n_reached += 1
        if hash(account) not in seen.accounts:
            gone.append(person_id)
    return gone, n_reached


def _join(
    database: Database,
    joining: Joining,
    page: list[Account],
    people: dict[int, int],
    seen: _Seen,
    report: SyncReport,
) -> None:
    clear = []
    for account in page:
        if account.email and hash(email_key(account.email)) in seen.twice:
            report.twice.add(account.id)
        else:
            clear.append(account)
    with database.write() if joining.apply else database.read() as connection:
        ids = [people.get(hash(email_key(each.email))) for each in clear if each.email]
        known = stored.by_id(connection, (each for each in ids if each is not None))
        by_email = {email_key(p.email): p for p in known.values() if p.active}
        joints = joining.join(connection, clear, by_email)
    for joint in joints:  # only now is it certain that it happened
        _tell(joint, report)


def _tell(joint: Joint, report: SyncReport) -> None:
    account, before, after = joint.account, joint.before, joint.after
    if joint.unclear:
        report.unclear.add(account.id)
    if after is None:
        (report.unknown if account.email else report.nameless).add(account.id)
        return
    if before is None:
        report.added.add(after.external_id)
        return
    told = False
    for tally, so in (
        (report.joined, before.slack_id != after.slack_id),
        (report.returned, not before.active),
        (report.moved, before.team_id != after.team_id),
    ):
        if so:
            tally.add(after.external_id)
            told = True
    if joint.what:
        report.changed.add(f"{after.external_id} ({', '.join(joint.what)})")
    report.n_unchanged += not (told or joint.what)


def _part(database: Database, ids: list[int], seen: _Seen, report: SyncReport) -> None:
    with database.write() if report.applied else database.read() as connection:
        before = [
            person
            for person in stored.by_id(connection, ids).values()
            if person.slack_id and hash(person.slack_id) not in seen.accounts
        ]
        after = [parted(person) for person in before]
        if report.applied:
            stored.change(connection, after)
    for old, new in zip(before, after, strict=True):
        (report.left if old.active and not new.active else report.parted).add(old.external_id)


def _pages(items: Iterator[T]) -> Iterator[list[T]]:
    while page := list(islice(items, _PAGE)):
        yield page
