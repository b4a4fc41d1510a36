"""`bellwether campaign …`: check a campaign file, launch it, hold it, see how it stands.

A mistake in a file is told by its place, on the error stream, with exit code 2.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.clocks import system_now
from bot.commands.campaign_output import (
    tell_estimate,
    tell_messages,
    tell_problems,
    tell_standings,
)
from bot.commands.files import read_bytes
from bot.commands.hindsight import hindsight
from bot.commands.languages import reads
from bot.commands.playbooks import new, playbooks
from bot.commands.simulate import simulate
from bot.commands.stopped import tell_stopped
from bot.databases import ready_database
from campaigns.errors import ConfigurationError, StateError

if TYPE_CHECKING:
    from campaigns.domain.definition import Definition
    from campaigns.domain.lanes import Lane
    from campaigns.domain.placed_yaml import Places
    from campaigns.storage.database import Database

app = typer.Typer(
    help="Campaign files: check, launch, hold, stop, and see how they stand.",
    no_args_is_help=True,
)

app.command()(playbooks)
app.command()(new)
app.command()(hindsight)
app.command()(simulate)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A campaign file (YAML).")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The campaign's key, as in its file.")]
By = Annotated[str, typer.Option(metavar="ID", help="Who you are: your id in the staff file.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask first.")]


@app.callback()
def campaign() -> None:
    """Campaign files: check, launch, hold, stop, and see how they stand."""


@app.command()
def check(
    file: File,
    language: Annotated[
        str, typer.Option(help="Show the messages in this language; `all` for every one.")
    ] = "",
    messages: Annotated[bool, typer.Option(help="Show every message as people will read it.")] = (
        True
    ),
) -> None:
    """Explain what is wrong with a campaign file, or show what it would do. Sends nothing.

    Each error has its line, its column and what was expected. A good file is answered with the size
    of its audience, how many messages a person would get, and every message. The audience needs
    the staff directory (`bellwether people import`); without it, all else is still checked.
    """
    from campaigns.flows.previewing import preview

    console, now = Console(highlight=False), system_now()
    definition, places = _read(file)
    with _staff() as database:
        found = preview(database, definition, now, places, _lane(), reads())
    tell_problems(found, file)
    tell_estimate(console, definition, found)
    if messages:
        tell_messages(console, definition, found, language or definition.default_language)
    console.print(f"[green]{escape(file.name)} can be launched.[/green]")


@app.command()
def schema() -> None:
    """Print the JSON Schema of campaign files, for editors that complete and check as one types.

    For example: bellwether campaign schema > campaign.schema.json, and as the first line of the
    file: # yaml-language-server: $schema=campaign.schema.json
    """
    from campaigns.domain.reading import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def launch(file: File, yes: Yes = False, by: By = "") -> None:
    """Launch a campaign, or bring a new version of one that is launched already.

    The file is checked first. What was sent stays; what comes later follows the new version. Where
    the campaign wants a second person's approval, the first call asks for it.
    """
    from campaigns.domain.audit import COMMAND_LINE, comms
    from campaigns.flows.planning import launch as begin
    from campaigns.flows.previewing import preview

    console, now = Console(highlight=False), system_now()
    definition, places = _read(file)
    with ready_database() as database:
        found = preview(database, definition, now, places, _lane(), reads())
        tell_problems(found, file)
        if found.reach is None:
            raise StateError("The staff directory is empty: run `bellwether people import` first.")
        tell_estimate(console, definition, found)
        if not yes:
            typer.confirm(f"Launch it to {found.reach.n_people:,} people?", abort=True)
        launched = begin(database, definition, now, comms(by) if by else COMMAND_LINE)
    console.print(
        f"[green]{launched.key} is {launched.state}, version {launched.number}.[/green] "
        f"Stop for a while: bellwether campaign pause {launched.key}"
    )


@app.command()
def approve(
    key: Key,
    by: Annotated[str, typer.Option(metavar="ID", help="Who you are: your id in the staff file.")],
    yes: Yes = False,
) -> None:
    """Approve a launch that waits for a second person: what is shown, and nothing that is edited.

    Shows whom it reaches and every message first. Nobody approves their own launch.
    """
    from campaigns.flows import approving
    from campaigns.flows.previewing import preview

    console, now = Console(highlight=False), system_now()
    with ready_database() as database:
        with database.read() as c:
            wish = approving.waiting(c, key)
        found = preview(database, wish.definition, now, lane=_lane())
        tell_estimate(console, wish.definition, found)
        tell_messages(console, wish.definition, found, "all")
        if not yes:
            typer.confirm(f"Approve the launch of {key}, asked for by {wish.asked_by}?", abort=True)
        approving.approve(database, wish, by, now)
    console.print(f"[green]The launch of {key} is approved.[/green] Now launch its file again.")


@app.command()
def pause(key: Key) -> None:
    """Send nothing more of a campaign until it is resumed. What waits keeps waiting."""
    from campaigns.flows import planning

    with ready_database() as database:
        launched = planning.pause(database, key, system_now())
    Console(highlight=False).print(
        f"{launched.key} is paused. Go on with: bellwether campaign resume {launched.key}"
    )


@app.command()
def resume(key: Key) -> None:
    """Go on with a paused campaign. Pulses that closed in the meantime are left out."""
    from campaigns.flows import planning

    with ready_database() as database:
        launched = planning.resume(database, key, system_now())
    Console(highlight=False).print(f"{launched.key} is running again.")


@app.command()
def stop(key: Key, yes: Yes = False) -> None:
    """End a campaign for good and tell what had gone out. To hold it for a while, pause it.

    Nothing of it goes out any more, in whichever process: each asks before it sends. It can't be
    resumed.
    """
    from campaigns.flows import planning

    if not yes and sys.stdin.isatty():
        typer.confirm(f"End {key} for good? It can't be resumed.", abort=True)
    with ready_database() as database:
        stopped = planning.stop(database, key, system_now())
    tell_stopped(Console(highlight=False), key, stopped)


@app.command()
def status(
    key: Annotated[
        str | None, typer.Argument(metavar="[KEY]", help="One campaign; all where none is named.")
    ] = None,
) -> None:
    """How campaigns stand: state, version, messages sent, waiting and failed, and what is next."""
    from campaigns.flows import overseeing

    with ready_database() as database:
        found = overseeing.standing(database, key, system_now(), reasons=True)
    tell_standings(Console(highlight=False), found)


def _read(file: Path) -> tuple[Definition, Places]:
    from campaigns.domain.placed_yaml import MOST_BYTES
    from campaigns.domain.reading import read_placed

    return read_placed(read_bytes(file, MOST_BYTES, "a campaign"), file.name)


@contextmanager
def _staff() -> Iterator[Database | None]:
    """The database, or None where none was set up: a file can be checked anywhere."""
    from bot.databases import database_of
    from bot.settings import Settings

    database = database_of(Settings.load())
    try:
        yield database if _is_set_up(database) else None
    finally:
        database.close()


def _is_set_up(database: Database) -> bool:
    from campaigns.storage.schema import require_current

    try:
        require_current(database)
    except ConfigurationError:
        return False
    return True


def _lane() -> Lane | None:
    """What people in Slack are written to by."""
    from bot.settings import Settings
    from bot.slack.limits import lanes

    return lanes(Settings.load()).get("send")
