"""`bellwether people …`: the staff file goes in, personal links to the browser chat come out.

What is shown of a person is the id of the file and no more. A link opens that person's chat, so
links are written to a file that only its owner can read, never to the screen.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.clocks import system_now
from bot.commands import coverage, sync
from bot.commands.files import new_private_file, read_bytes
from bot.databases import ready_database
from campaigns.errors import Problem, StateError

if TYPE_CHECKING:
    from campaigns.flows.enrolling import ImportReport

app = typer.Typer(help="The staff directory.", no_args_is_help=True)

app.add_typer(sync.app, name="sync")
app.command(name="coverage")(coverage.coverage)

_MOST_SHOWN = 50
MOST_BYTES = 200_000_000


@app.callback()
def people() -> None:
    """The staff directory."""


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with a header; id, name and team are needed.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change and change nothing.")
    ] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out bad rows, say which, take the rest.")
    ] = False,
    allow_mass_leave: Annotated[
        bool,
        typer.Option("--allow-mass-leave", help="Though more than half of the people left."),
    ] = False,
) -> None:
    """Make the directory say what the file says: all of it or, where a row is bad, nothing.

    Who is no longer in the file is marked as left, never deleted. Columns, in any order: id, name,
    email, team, parent_team, role, location, language, time_zone, work_start, work_end, work_days,
    agent_for, champion, chat_id, holidays, away_from, away_until.
    """
    from campaigns.flows.enrolling import import_people

    content = read_bytes(file, MOST_BYTES, "a staff file")
    with ready_database() as database:
        report = import_people(
            database,
            content,
            dry_run=dry_run,
            skip_bad=skip_bad,
            allow_mass_leave=allow_mass_leave,
            logged_at=system_now(),
        )
    _tell(Console(highlight=False), report)


@app.command()
def links(
    out: Annotated[Path, typer.Argument(help="CSV to write: id, name, link. It must be new.")],
) -> None:
    """Write the personal link to the browser chat of everybody who works here.

    Whoever has a link can read and answer as that person until it expires: hand each to its person
    alone, then delete the file. A new SECRET_KEY voids all of them.
    """
    from bot.settings import Settings
    from bot.web.auth import chat_link
    from campaigns.storage import directory

    settings = Settings.load()
    with ready_database(settings) as database, database.read() as connection:
        if not directory.count(connection):
            raise StateError("The staff directory is empty: run `bellwether people import` first.")
        with new_private_file(out) as stream:
            table = csv.writer(stream)
            table.writerow(("id", "name", "link"))
            n_links = 0
            for person in directory.everyone(connection):
                link = chat_link(settings, person.external_id)
                table.writerow((person.external_id, person.name, link))
                n_links += 1
    Console(highlight=False).print(
        Text(f"{n_links:,} links to {settings.public_url}, good for {settings.token_days} days.")
    )


def _tell(console: Console, report: "ImportReport") -> None:
    _tell_left_out(console, report)
    if report.changes_nothing:
        console.print(f"Nothing to change: {report.n_unchanged:,} people are as the file says.")
        return
    table = Table("", "how many", "who", title=_title(report), title_justify="left")
    table.columns[1].justify = "right"
    for label, who in _rows(report):
        if who:
            table.add_row(label, f"{len(who):,}", Text(_listed(who)))
    for label, number in (
        ("change agents named", report.agents_added),
        ("change agents no longer named", report.agents_removed),
        ("unchanged", report.n_unchanged),
    ):
        if number:
            table.add_row(label, f"{number:,}", "")
    console.print(table)
    if report.mass_leave and not report.applied:
        console.print(
            "More than half of the people would be marked as left: "
            "without --allow-mass-leave the import will refuse.",
            style="yellow",
        )


def _title(report: "ImportReport") -> str:
    return "What changed" if report.applied else "What would change (nothing was changed)"


def _rows(report: "ImportReport") -> Iterator[tuple[str, Sequence[str]]]:
    changed = [f"{person} ({', '.join(what)})" for person, what in report.changed.items()]
    yield "people added", report.added
    yield "people changed", changed
    yield "people moved to another team", report.moved
    yield "people back again", report.returned
    yield "people left", report.left
    yield "teams added", report.teams_added
    yield "teams moved", report.teams_moved
    yield "teams gone", report.teams_left


def _listed(items: Sequence[str]) -> str:
    more = len(items) - _MOST_SHOWN
    text = "; ".join(items[:_MOST_SHOWN])
    return f"{text}; and {more:,} more" if more > 0 else text


def _tell_left_out(console: Console, report: "ImportReport") -> None:
    if not report.n_left_out:
        return
    rows = "row was" if report.n_left_out == 1 else "rows were"
    console.print(f"{report.n_left_out:,} {rows} left out:", style="yellow")
    for problem in _first(report.left_out):
        console.print(Text(f"  {problem}"), soft_wrap=True)
    if report.n_nameless:
        console.print(
            "  Whose rows these are could not always be told, so nobody is marked as left."
        )


def _first(problems: Sequence[Problem]) -> Sequence[Problem]:
    more = len(problems) - _MOST_SHOWN
    rest = [Problem("", f"and {more:,} more")] if more > 0 else []
    return [*problems[:_MOST_SHOWN], *rest]
