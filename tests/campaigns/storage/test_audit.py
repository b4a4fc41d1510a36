"""The log only grows, and grows by one entry after the other, whoever writes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.domain.audit import Deed, told
from campaigns.flows import auditing
from campaigns.storage import audit
from campaigns.storage.database import Database

N_WRITERS, N_EACH = 4, 5


def test_log_does_not_fork_when_several_write_at_once(database: Database, now: datetime) -> None:
    others = [Database(database.engine.url.render_as_string(hide_password=False)) for _ in "ab"]

    def write(number: int) -> None:
        for _ in range(N_EACH):
            auditing.note(others[number % 2], f"console {number}", Deed.SAW_DASHBOARD, now)

    with ThreadPoolExecutor(N_WRITERS) as pool:
        list(pool.map(write, range(N_WRITERS)))
    for other in others:
        other.close()
    found = auditing.verify(database)
    assert (found.n_whole, found.broken_at) == (N_WRITERS * N_EACH, None)


def test_entry_is_not_there_when_its_transaction_fails(database: Database, now: datetime) -> None:
    def fail() -> None:
        with database.write() as c:
            audit.put(c, "console", Deed.PAUSED, now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert auditing.verify(database).n_whole == 0


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_database_refuses_to_change_an_entry(
    database: Database, now: datetime, statement: str
) -> None:
    auditing.note(database, "console", Deed.PAUSED, now)
    with pytest.raises(DBAPIError, match="only added to"), database.write() as c:
        c.execute(text(statement))
    assert auditing.verify(database).n_whole == 1


def test_log_is_read_newest_first_and_page_by_page(database: Database, now: datetime) -> None:
    for number in range(1, 6):
        auditing.note(database, "console", Deed.PAUSED, now, "portal", str(number))
    numbers = [one.number for one in auditing.page(database, None, 2)]
    assert numbers == [5, 4]
    assert [one.detail for one in auditing.page(database, 4, 2)] == ["3", "2"]
    assert [one.number for one in auditing.every(database)] == [1, 2, 3, 4, 5]


def test_settings_are_told_by_name_when_they_changed_and_never_by_value(
    sqlite_database: Database, now: datetime
) -> None:
    values = {"model": "full", "console_password": "a long enough password"}
    for _ in range(2):
        auditing.note_settings(sqlite_database, values, now)
    auditing.note_settings(sqlite_database, {**values, "model": "small"}, now)
    entries = list(auditing.every(sqlite_database))
    assert [told(one) for one in entries] == ["changed: console_password, model", "changed: model"]
    assert "small" not in str(entries)
    assert "a long enough password" not in str(entries)
