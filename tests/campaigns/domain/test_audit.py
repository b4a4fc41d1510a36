"""A log that was touched anywhere says so, and where; one that was cut off shows by a mark."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.domain.audit import FIRST, Deed, Entry, check, mark, seal, seal_key

KEY, OLD = seal_key("new key"), seal_key("old key")
BEGAN = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def log(n: int, key: bytes = KEY, after: list[Entry] | None = None) -> list[Entry]:
    """So many more entries."""
    entries = list(after or [])
    for _ in range(n):
        number, before = len(entries) + 1, entries[-1].seal if entries else FIRST
        at = BEGAN + timedelta(minutes=number)
        entry = Entry(number, at, "console", Deed.SAW_DASHBOARD, "portal", f"{number} periods")
        entries.append(replace(entry, seal=seal(entry, before, key)))
    return entries


def test_log_is_whole_when_nothing_was_touched() -> None:
    entries = log(5)
    found = check(entries, [KEY])
    assert (found.n_whole, found.broken_at, found.end) == (5, None, mark(entries[-1]))
    assert check([], [KEY]).broken_at is None


@pytest.mark.parametrize(
    ("touched", "at"),
    [
        (lambda e: [*e[:2], replace(e[2], who="nobody"), *e[3:]], 3),
        (lambda e: [*e[:2], replace(e[2], at=e[2].at + timedelta(microseconds=1)), *e[3:]], 3),
        (lambda e: [*e[:2], *e[3:]], 3),
        (lambda e: e[1:], 1),
        (lambda e: [e[0], e[2], e[1], *e[3:]], 2),
        (lambda e: [*e[:3], replace(e[2], number=4), *e[3:]], 4),
        (lambda _: log(5, seal_key("another")), 1),
    ],
)
def test_log_breaks_where_it_was_touched(
    touched: Callable[[list[Entry]], list[Entry]], at: int
) -> None:
    assert check(touched(log(5)), [KEY]).broken_at == at


def test_entries_under_an_older_key_are_whole_while_it_is_kept() -> None:
    entries = log(2, KEY, log(3, OLD))
    assert check(entries, [KEY, OLD]).broken_at is None
    assert check(entries, [KEY]).broken_at == 1


def test_log_that_was_cut_off_or_made_anew_shows_by_a_mark_from_before() -> None:
    entries = log(5)
    noted = mark(entries[3])
    assert check(entries, [KEY], noted).broken_at is None
    assert check(entries[:3], [KEY]).broken_at is None
    assert check(entries[:3], [KEY], noted).broken_at == 4
    anew = log(3, KEY, log(2, OLD))
    assert check(anew, [KEY, OLD], noted).broken_at == 4
