"""What a chat platform tells of one account while Bellwether runs: somebody joined, changed, left.

Told twice, it comes to the same. Where it isn't certain whose an account is, nothing is changed:
the next sync sees all accounts and can tell.
"""

from enum import StrEnum

from campaigns.domain.accounts import Account, Groups, Standing, email_key, parted
from campaigns.flows.joining import Joining
from campaigns.storage import accounts as stored
from campaigns.storage.database import Database


class Noticed(StrEnum):
    """What came of it; fit for a log line."""

    JOINED = "joined"
    CHANGED = "changed"
    PARTED = "parted"
    NOTHING_NEW = "nothing new"
    UNKNOWN = "nobody of the directory"
    UNCERTAIN = "left for the next sync"


def notice(database: Database, account: Account, *, profiles: bool = True) -> Noticed:
    """The directory knows what the platform says of the account, as far as it is certain."""
    if account.standing is not Standing.STAFF:
        return _part(database, account)
    with database.write() as connection:
        found = stored.by_address(connection, account.email) if account.email else []
        if len(found) > 1 or any(one.slack_id not in (None, account.id) for one in found):
            return Noticed.UNCERTAIN
        by_email = {email_key(account.email): one for one in found}
        joining = Joining(Groups(), profiles=profiles, apply=True)
        [joint] = joining.join(connection, [account], by_email)
    if joint.before is None or joint.after is None:
        return Noticed.UNKNOWN
    if joint.before.slack_id != account.id:
        return Noticed.JOINED
    return Noticed.CHANGED if joint.what else Noticed.NOTHING_NEW


def _part(database: Database, account: Account) -> Noticed:
    with database.write() as connection:
        found = stored.by_account(connection, [account.id])
        stored.change(connection, [parted(person) for person in found.values()])
    return Noticed.PARTED if found else Noticed.UNKNOWN
