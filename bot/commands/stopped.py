"""What `bellwether campaign stop` tells: what won't go out, what had, and what is not certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from campaigns.flows.planning import Stopped


def tell_stopped(console: Console, key: str, stopped: Stopped) -> None:
    """Prints it. Follow-ups and reminders stand in no count: they would tell of answers."""
    console.print(f"{key} is stopped. {stopped.n_deliveries:,} messages that waited won't be sent.")
    if stopped.gone:
        console.print(_gone(stopped))
        console.print("Follow-ups and reminders are not counted: they would tell of answers.")
    else:
        console.print("No planned message had gone out.")
    if stopped.n_underway:
        console.print(
            f"{stopped.n_underway:,} were about to be sent at this moment: those whose call had "
            "begun arrive, the others are held back."
        )
    if stopped.n_in_doubt:
        console.print(
            f"{stopped.n_in_doubt:,} are in doubt, the line broke while they were sent: they are "
            "looked for and not sent again."
        )


def _gone(stopped: Stopped) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("had gone out", min_width=12)
    table.add_column("people", justify="right")
    table.add_column("the last one (UTC)")
    for one in stopped.gone:
        table.add_row(one.touchpoint, f"{one.n_sent:,}", f"{one.last_at:%Y-%m-%d %H:%M:%S}")
    return table
