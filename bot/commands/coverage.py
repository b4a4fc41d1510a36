"""`bellwether people coverage`: which teams have a change agent or a champion, and which have none.

Names of those who took on such a role are on the screen, and of nobody else.
"""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.databases import ready_database
from campaigns.errors import StateError

if TYPE_CHECKING:
    from campaigns.domain.coverage import Coverage


def coverage() -> None:
    """Show which teams have a change agent or a champion, those without anybody first, and what
    waits for each agent in that role."""
    from campaigns.flows.covering import register

    with ready_database() as database:
        found = register(database)
    if not found.coverage.teams:
        raise StateError("The staff directory is empty: run `bellwether people import` first.")
    console = Console(highlight=False)
    console.print(_teams(found.coverage))
    console.print(_loads(found.coverage))
    for one in found.invited:
        people = f"{one.people:,} people or a few more" if one.people else "fewer than ten people"
        console.print(Text(f"Invited to become a champion by {one.campaign}: {people}."))


def _teams(found: "Coverage") -> Table:
    table = Table(
        "team", "people", "change agents", "champions", title="Teams", title_justify="left"
    )
    table.columns[1].justify = "right"
    for one in found.teams:
        above = f" (of {one.above})" if one.above else ""
        agents = f"{', '.join(one.agents)}{above}" if one.agents else "none"
        cells = (one.team, f"{one.n_people:,}", agents, ", ".join(one.champions) or "none")
        table.add_row(*map(Text, cells))
    return table


def _loads(found: "Coverage") -> Table:
    table = Table(title="What waits for each change agent", title_justify="left")
    for name in ("change agent", "teams", "people", "open alerts", "open questions", ""):
        table.add_column(name, justify="left" if name in ("change agent", "") else "right")
    for one in found.agents:
        asked = "not shown" if one.n_questions is None else f"{one.n_questions:,}"
        numbers = (f"{one.n_teams:,}", f"{one.n_people:,}", f"{one.n_alerts:,}", asked)
        table.add_row(Text(one.agent), *numbers, "needs help" if one.is_much else "")
    return table
