"""`bellwether model rescore`: all kept texts, read again by the model that is set now.

It tells numbers of the whole organisation and no other: nothing of a team or a person.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from bot.wiring import Application
    from campaigns.flows.rescoring import Rescored, Survey


def rescore(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell how many texts there are to read.")
    ] = False,
) -> None:
    """Read all kept texts anew with the model in use; stopped half-way, the next run goes on.

    The old scores stay in force until the last text is read. Nobody gets a message because of it.
    """
    from bot.settings import Settings
    from bot.wiring import build
    from campaigns.domain.audit import COMMAND_LINE, Deed
    from campaigns.flows.auditing import note
    from campaigns.flows.rescoring import survey
    from campaigns.storage.schema import require_current
    from sentiment.card import read_card

    settings = Settings.load()
    with closing(build(settings)) as application:
        require_current(application.database)
        version = read_card(settings.model).version
        found = survey(application.database, version)
        for sentence in _before(found, version):
            typer.echo(sentence)
        if dry_run:
            typer.echo("Nothing was changed.")
        elif found.n_unread or found.n_read:
            done = _run(application, found)
            detail = f"to {version}, {done.n_new} new scores"
            note(application.database, COMMAND_LINE, Deed.RESCORED, application.now(), "", detail)
            for sentence in _after(done, version):
                typer.echo(sentence)


def _run(application: Application, found: Survey) -> Rescored:
    from campaigns.flows.rescoring import rescore as read_anew

    console = Console(stderr=True)
    with console.status("Loading the model"):
        scorer = application.scorer()
    columns = (TextColumn("Reading"), BarColumn(), TextColumn("{task.completed:,} texts"))
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("", total=found.n_read + found.n_unread, completed=found.n_read)

        def advance(n_more: int) -> None:
            progress.advance(task, n_more)

        detector = application.work.detector
        return read_anew(application.database, application.vault, scorer, detector, advance)


def _before(found: Survey, version: str) -> list[str]:
    n_kept = sum(found.versions.values())
    if not n_kept:
        return ["No text is kept that could be read again."]
    carried = ", ".join(f"{n:,} by {model}" for model, n in found.versions.items())
    told = [f"{_texts(n_kept)} with a score: {carried}."]
    if not found.n_unread and not found.n_read:
        return [*told, f"All is read by {version} already."]
    again = f"{_texts(found.n_unread)} to be read by {version}"
    before = f", {found.n_read:,} were read by it before" if found.n_read else ""
    return [*told, f"{again}{before}."]


def _after(done: Rescored, version: str) -> list[str]:
    if not done.n_new and not done.n_kept:
        return ["Another run has put the new scores in place."]
    changed = (
        "too few to tell how many changed their stance"
        if done.share_changed is None
        else f"{100 * done.share_changed:.0f} % changed their stance"
    )
    told = [f"{_texts(done.n_new)} read anew by {version}; {changed}."] if done.n_new else []
    if done.n_kept:
        told.append(
            f"The old score stays for {_texts(done.n_kept)}: no key in BELLWETHER_DATA_KEYS opens "
            f"them, or {version} can't judge them. The next run tries again."
        )
    return told


def _texts(n: int) -> str:
    return "1 text" if n == 1 else f"{n:,} texts"
