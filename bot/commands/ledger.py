"""`bellwether ledger …`: what groups said, what is decided about it, and telling them.

The page of the same name, through the same flows and with the same lines in the audit log. It shows
published themes and the words of whoever decided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from bot.clocks import system_now
from bot.commands.ledger_output import entries_table, tell_book
from bot.databases import ready_database
from campaigns.errors import InputError, NotFoundError, StateError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.decided import Book
    from campaigns.domain.definition import Definition
    from campaigns.domain.ledger import Refused
    from campaigns.domain.told_message import Told
    from campaigns.flows.deciding import Author

app = typer.Typer(
    help="“You said, we did”: what groups said, what is decided, and telling them.",
    no_args_is_help=True,
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="The campaign's key, as in its file.")]
Number = Annotated[int, typer.Argument(metavar="ENTRY", help="Its number, as `list` shows it.")]
Becomes = Literal["planned", "done", "dropped"]
By = Annotated[str, typer.Option(metavar="ID", help="Who you are: your id in the staff file.")]
_COURSE = typer.Option(help="What becomes of it.")
_TEXT = typer.Option(
    metavar="[LANGUAGE=]TEXT",
    help="In a sentence or two, as people will read it; once for each of the campaign's languages.",
)
_REASON = typer.Option(metavar="[LANGUAGE=]TEXT", help="Why not, of what is dropped.")
_OWNER = typer.Option(metavar="ID", help="Who answers for it, from the staff file.")
_DATE = typer.Option(formats=["%Y-%m-%d"], help="By when, or when it was done.")
_LANGUAGE = re.compile(r"([a-z]{2}(?:-[A-Za-z]+)?)=(.*)", re.DOTALL)


@app.callback()
def ledger() -> None:
    """“You said, we did”: what groups said, what is decided, and telling them."""


@app.command(name="list")
def list_(key: Key, by: By = "") -> None:
    """Show what groups said that nobody has decided about yet, and what is decided.

    Only themes that were published of a group are here. The first column is what the other
    commands take.
    """
    from campaigns.domain.audit import Deed
    from campaigns.flows.auditing import note

    author = _author(by)
    with ready_database() as database:
        with database.read() as c:
            found = _book(c, key, author)
        note(database, author.name, Deed.SAW_LEDGER, system_now(), key)
    tell_book(Console(highlight=False), found)


@app.command()
def decide(
    key: Key,
    said: Annotated[str, typer.Argument(metavar="SAID", help="What `list` has as undecided.")],
    course: Annotated[Becomes, _COURSE],
    text: Annotated[list[str], _TEXT],
    owner: Annotated[str, _OWNER],
    date: Annotated[datetime, _DATE],
    reason: Annotated[list[str] | None, _REASON] = None,
    by: By = "",
) -> None:
    """Write down what is decided about what a group said. Nobody is told of it before `tell`."""
    from campaigns.domain.ledger import Course, Decision
    from campaigns.flows import deciding
    from campaigns.storage import campaigns

    with ready_database() as database:
        with database.read() as c:
            definition = campaigns.by_key(c, key).definition
        texts, reasons = _texts(text, definition), _texts(reason or [], definition)
        decision = Decision(Course(course), texts, date.date(), reasons)
        draft = deciding.Draft(said, decision, owner)
        _require(deciding.write(database, key, draft, _author(by), system_now()))
    _saved(key)


@app.command()
def change(
    key: Key,
    entry: Number,
    course: Annotated[Becomes | None, _COURSE] = None,
    text: Annotated[list[str] | None, _TEXT] = None,
    owner: Annotated[str, _OWNER] = "",
    date: Annotated[datetime | None, _DATE] = None,
    reason: Annotated[list[str] | None, _REASON] = None,
    by: By = "",
) -> None:
    """Change what an entry says; what is not named stays. What was sent stays as it was sent."""
    from campaigns.domain.ledger import Course
    from campaigns.flows import deciding
    from campaigns.storage import campaigns

    author = _author(by)
    with ready_database() as database:
        with database.read() as c:
            definition = campaigns.by_key(c, key).definition
            found = _book(c, key, author)
        known = _entry(found, entry).entry
        before = known.decision
        decision = replace(
            before,
            course=Course(course or before.course),
            text={**before.text, **_texts(text or [], definition)},
            due_on=date.date() if date else before.due_on,
            reason={**before.reason, **_texts(reason or [], definition)},
        )
        draft = deciding.Draft(known.voice.key, decision, owner or found.owners[known.owner_id])
        looked_at = (known.id, known.version)
        _require(deciding.write(database, key, draft, author, system_now(), looked_at))
    _saved(key)


@app.command()
def tell(
    key: Key,
    entry: Number,
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask first.")] = False,
) -> None:
    """Tell everybody of the group what is decided, whoever answered and whoever did not.

    Each gets it as a message, within their working hours and as one of their messages of the week.
    It can't be called back.
    """
    from campaigns.flows import telling_back

    author, console = _author(by), Console(highlight=False)
    with ready_database() as database:
        with database.read() as c:
            found = _book(c, key, author)
        one = _entry(found, entry)
        console.print(entries_table(found, [one]))
        if not yes:
            typer.confirm(f"Tell {one.group or 'everybody'} now?", abort=True)
        looked_at = (one.entry.id, one.entry.version)
        _require(telling_back.tell(database, key, *looked_at, author, system_now()))
    console.print("The group is being told, within its hours.")


@app.command(name="go-on")
def go_on(key: Key, by: By = "") -> None:
    """Let the pulse go on that waits until something is told back, although nothing was."""
    from campaigns.flows import holding

    with ready_database() as database:
        holding.go_on(database, key, system_now(), _author(by).name)
    Console(highlight=False).print("The pulse goes on.")


def _author(by: str) -> Author:
    from campaigns.domain.audit import COMMAND_LINE, comms
    from campaigns.flows.deciding import Author

    return Author(comms(by) if by else COMMAND_LINE)


def _book(c: Connection, key: str, author: Author) -> Book:
    from bot.decided import book
    from campaigns.storage import campaigns

    return book(c, campaigns.by_key(c, key), author, "en")


def _entry(found: Book, number: int) -> Told:
    for one in found.told:
        if one.entry.id == number:
            return one
    raise NotFoundError(f"There is no entry {number}: `bellwether ledger list` shows them.")


def _texts(given: Sequence[str], definition: Definition) -> dict[str, str]:
    """Language → text; one without a language is in the campaign's first."""
    languages, found = definition.campaign.languages, {}
    for one in given:
        marked = _LANGUAGE.fullmatch(one)
        language, text = marked.groups() if marked else (definition.default_language, one)
        if language not in languages:
            raise InputError(f"The campaign has {', '.join(languages)}, not {language}.")
        found[language] = text
    return found


def _require(refused: Refused | None) -> None:
    from bot.decided import refusal

    if refused is not None:
        raise StateError(f"{refusal(refused, 'en')} Nothing was changed.")


def _saved(key: str) -> None:
    Console(highlight=False).print(
        f"Saved. Nobody is told of it until you say so; its number: bellwether ledger list {key}"
    )
