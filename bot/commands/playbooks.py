"""`bellwether campaign playbooks` and `new`: ready campaigns, and a copy to make one's own.

A copy says what is to be filled in, by line; `campaign check` refuses it until that is done.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands.files import new_file
from bot.playbooks import ready, source

if TYPE_CHECKING:
    from campaigns.domain.definition import Definition
    from campaigns.domain.placed_yaml import Places

_NEXT = """\
Where the same words stand in several lines, "replace all" in your editor fills them in at once.

Then read every message once. The lines at the top of the file list what they promise; what isn't
true in your house comes out. Set who it is for and when each message goes out.

bellwether campaign check {file}      what is left to fill in, and every message as people read it
bellwether campaign simulate {file}   who would get what and when, week by week
bellwether campaign launch {file}     all times are counted from that moment"""

_FEWER = """\
It is written in {languages}. If you need fewer languages, copy it again with --language de, and so
on for each that you keep: then there is less to fill in.
"""


def playbooks() -> None:
    """List the ready campaigns: the key to copy one by, the concern it is for, what it does."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("key", no_wrap=True, min_width=max(len(one.key) for one in ready()))
    table.add_column("what it is for, in which languages, and what it does")
    for one in ready():
        concern = f"[bold]{escape(one.concern)}[/bold] ({', '.join(one.languages)})"
        table.add_row(one.key, f"{concern}\n{escape(one.summary)}")
    console = Console(highlight=False)
    console.print(table)
    console.print("Copy one and make it yours: bellwether campaign new KEY FILE", style="dim")


def new(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The playbook's key.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make.")],
    language: Annotated[
        list[str] | None,
        typer.Option(help="Keep this language only; again for more. Without it: all there are."),
    ] = None,
) -> None:
    """Copy a playbook to a new file, and tell what is to be filled in there and what comes next.

    Every placeholder stands in square brackets. A campaign that still has one can't be launched.
    """
    from campaigns.domain.fewer_languages import keep_languages
    from campaigns.domain.reading import read_placed

    text = source(key)
    written, places = read_placed(text, key)
    if language:
        text = keep_languages(text, written, places, language)
    with new_file(file) as stream:
        stream.write(text)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[green]{escape(str(file))} is a copy of {key}.[/green] To fill in there:")
    console.print(_to_fill_in(*read_placed(text, file.name)))
    if not language and len(written.campaign.languages) > 1:
        console.print(escape(_FEWER.format(languages=", ".join(written.campaign.languages))))
    console.print(escape(_NEXT.format(file=file)))


def _to_fill_in(definition: Definition, places: Places) -> Table:
    """The placeholders in the order of the file, each with the lines of the texts it stands in."""
    from campaigns.domain.unfilled import unfilled

    lines: dict[str, list[int]] = {}
    for path, placeholders in unfilled(definition):
        for placeholder in placeholders:
            lines.setdefault(placeholder, []).append(places.position(path)[0])
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for placeholder, where in sorted(lines.items(), key=lambda one: one[1]):
        word = "line" if len(where) == 1 else "lines"
        table.add_row(f"{word} {', '.join(map(str, where))}", escape(placeholder))
    return table
