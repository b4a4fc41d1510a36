"""`bellwether people sync slack`: who of the staff is who in Slack.

People are shown by the id of the staff file and accounts by Slack's, never by name or address.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from campaigns.errors import ConfigurationError

if TYPE_CHECKING:
    from campaigns.flows.syncing import SyncReport, Tally

app = typer.Typer(help="Take over what a chat knows of the staff.", no_args_is_help=True)


@app.callback()
def sync() -> None:
    """Take over what a chat knows of the staff."""


@app.command()
def slack(
    team_group: Annotated[
        list[str] | None,
        typer.Option("--team-group", help="Handle of a user group that is a team; repeatable."),
    ] = None,
    role_group: Annotated[
        list[str] | None,
        typer.Option("--role-group", help="Handle of a user group that is a role; repeatable."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change and change nothing.")
    ] = False,
    allow_mass_leave: Annotated[
        bool,
        typer.Option("--allow-mass-leave", help="Though more than half lose their account."),
    ] = False,
) -> None:
    """Join Slack's people with those of the staff file by e-mail; safe to repeat at any time.

    Time zone and language come from Slack (BELLWETHER_SLACK_PROFILES). Deactivated and invited
    people, guests, bots and people of other organisations are left out. Nobody is added, except
    from a --team-group: its members become people of that team.
    """
    from bot.clocks import system_now
    from bot.databases import ready_database
    from bot.settings import Settings
    from bot.slack.client import connect
    from bot.slack.directory import Reader, Roll
    from campaigns.domain.audit import COMMAND_LINE, Deed
    from campaigns.flows import auditing, syncing

    settings = Settings.load()
    if not settings.slack_bot_token.get_secret_value():
        raise ConfigurationError("BELLWETHER_SLACK_BOT_TOKEN is not set: see docs/slack.md.")
    console = Console(highlight=False)
    with ready_database(settings) as database, Roll() as roll:
        reader = Reader(connect(settings))
        groups = reader.groups(team_group or (), role_group or ())
        with console.status("Reading Slack's directory…"):
            roll.take(reader.users(reader.home()))
        report = syncing.sync(
            database,
            roll,
            groups,
            profiles=settings.slack_profiles == "use",
            dry_run=dry_run,
            allow_mass_parting=allow_mass_leave,
        )
        if report.applied and not report.changes_nothing:
            auditing.note(database, COMMAND_LINE, Deed.JOINED_ACCOUNTS, system_now())
    _tell(console, report)


def _tell(console: Console, report: "SyncReport") -> None:
    _tell_left_out(console, report)
    title = "What changed" if report.applied else "What would change (nothing was changed)"
    if report.changes_nothing:
        title = f"Nothing to change: {report.n_unchanged:,} people are as Slack says"
    table = Table("", "how many", "who", title=title, title_justify="left")
    table.columns[1].justify = "right"
    for label, tally in _rows(report):
        if tally.n:
            table.add_row(label, f"{tally.n:,}", Text(_listed(tally)))
    if report.teams_added:
        table.add_row("teams added", f"{len(report.teams_added):,}", "; ".join(report.teams_added))
    if table.row_count:
        console.print(table)
    else:
        console.print(f"{title}.")
    if report.mass_parting and not report.applied:
        console.print(
            "More than half of the people would lose their Slack account: "
            "without --allow-mass-leave the sync will refuse.",
            style="yellow",
        )


def _rows(report: "SyncReport") -> Iterator[tuple[str, "Tally"]]:
    yield "people with a new account", report.joined
    yield "people changed", report.changed
    yield "people added", report.added
    yield "people moved to another team", report.moved
    yield "people back again", report.returned
    yield "people without an account now", report.parted
    yield "people left", report.left
    yield "left alone: e-mail not theirs alone", report.twice
    yield "left alone: in several such groups", report.unclear
    yield "not in the staff directory", report.unknown
    yield "without an e-mail address in Slack", report.nameless


def _listed(tally: "Tally") -> str:
    more = tally.n - len(tally.first)
    text = "; ".join(tally.first)
    return f"{text}; and {more:,} more" if more > 0 else text


def _tell_left_out(console: Console, report: "SyncReport") -> None:
    if report.left_out:
        kinds = ", ".join(f"{n:,} {standing}" for standing, n in sorted(report.left_out.items()))
        console.print(f"Left out: {kinds}.")
    if report.nameless.n and report.nameless.n == report.n_staff:
        console.print(
            "Slack shows no e-mail address at all: does the bot have the scope users:read.email? "
            "`bellwether doctor` tells.",
            style="yellow",
        )
