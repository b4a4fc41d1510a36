"""What `bellwether ledger …` prints: what was said, and what is decided about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from bot.decided import Book
    from campaigns.domain.told_message import Told


def tell_book(console: Console, found: Book) -> None:
    """Prints what waits, what nobody has decided about, and what is decided."""
    from campaigns.domain.home import owing

    if found.owing is not None:
        console.print(owing(found.owing, "en"), style="yellow", soft_wrap=True)
    if not found.said:
        console.print("Nothing was published yet that could be decided about.")
    elif found.undecided:
        console.print(_undecided(found.undecided))
    else:
        console.print("Something is decided about all that was said.")
    if found.told:
        console.print(entries_table(found, found.told))


def _undecided(said: Mapping[str, str]) -> Table:
    table = Table("", "said", title="Nothing is decided yet", title_justify="left")
    for key, words in said.items():
        table.add_row(Text(key), Text(words))
    return table


def entries_table(found: Book, told: Sequence[Told]) -> Table:
    """These entries, one a line; texts in every language that they have."""
    from bot.decided import course_name

    table = Table("", "said", "decided", title="What is decided", title_justify="left")
    for name in ("who answers", "by or on", "told on"):
        table.add_column(name)
    for one in told:
        entry, decision = one.entry, one.entry.decision
        texts = [course_name(decision.course, "en"), *decision.text.values()]
        texts += [f"Why: {text}" for text in decision.reason.values()]
        day = f"{entry.told_at:%Y-%m-%d}" if entry.told_at else "nobody yet"
        cells = (found.said[entry.voice.key], "\n".join(texts), one.owner, f"{decision.due_on}")
        table.add_row(str(entry.id), *map(Text, cells), day)
    return table
