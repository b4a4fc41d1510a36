"""`bellwether audit …`: whether the audit log is whole, and all of it as a file.

Both read only. The log names who looked at figures and who changed campaigns, and no answer.
"""

import csv
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.files import new_private_file
from bot.databases import ready_database

app = typer.Typer(help="The audit log: check it, write it to a file.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """The audit log: check it, write it to a file."""


@app.command()
def verify(
    noted: Annotated[
        str, typer.Option(help="The mark of an earlier check: is all up to there still the same?")
    ] = "",
) -> None:
    """Say whether every entry is as it was written, or where the log breaks (exit code 1).

    Note the mark that it prints somewhere else: whoever has the database and the data keys could
    make a log anew, and only a mark from before shows that.
    """
    from campaigns.flows import auditing

    with ready_database() as database:
        found = auditing.verify(database, noted)
    if found.broken_at is not None:
        typer.echo(
            f"The log breaks at entry {found.broken_at}: it was changed, left out or put in, or "
            "sealed with a data key that is no longer in BELLWETHER_DATA_KEYS. "
            f"{found.n_whole:,} entries before it are whole."
            if found.broken_at > found.n_whole
            else f"All {found.n_whole:,} entries fit together, but entry {found.broken_at} is not "
            "the one that was noted: the log was made anew."
        )
        raise typer.Exit(1)
    if not found.n_whole:
        typer.echo("The log has no entry yet.")
        return
    typer.echo(f"All {found.n_whole:,} entries are as they were written. Mark: {found.end}")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="CSV to write, oldest entry first; a new file.")],
) -> None:
    """Write the whole log to a file that only you can read."""
    from campaigns.domain.audit import Entry
    from campaigns.flows import auditing

    with ready_database() as database, new_private_file(out) as stream:
        table = csv.writer(stream)
        table.writerow(Entry.__slots__)
        n = 0
        for n, one in enumerate(auditing.every(database), 1):  # noqa: B007
            table.writerow([getattr(one, name) for name in Entry.__slots__])
    typer.echo(f"{n:,} entries are in {out}.")
