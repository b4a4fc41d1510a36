"""A sync of many accounts holds none of them in memory."""

import tracemalloc
from collections.abc import Iterator

from campaigns.domain.accounts import Account, Groups
from campaigns.flows.enrolling import import_people
from campaigns.flows.syncing import sync
from campaigns.storage.database import Database
from tests.accounts import account


class Crowd:
    """So many accounts that are made as they are walked through."""

    def __init__(self, n: int) -> None:
        self._n = n

    def __iter__(self) -> Iterator[Account]:
        return (account(i, f"person{i}@agency.example") for i in range(self._n))


def test_memory_holds_no_accounts_when_there_are_many(sqlite_database: Database) -> None:
    rows = "".join(f"P{i},Ada,Agency,,,person{i}@agency.example\n" for i in range(4_000))
    import_people(sqlite_database, f"id,name,team,parent_team,role,email\n{rows}")
    small, large = peak(sqlite_database, 1_000), peak(sqlite_database, 4_000)
    assert (large - small) / 3_000 < 600  # bytes an account; an account itself is over 1,000


def peak(database: Database, n: int) -> int:
    tracemalloc.start()
    report = sync(database, Crowd(n), Groups())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.n_staff == n
    return most
