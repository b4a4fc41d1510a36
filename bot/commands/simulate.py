"""`bellwether campaign simulate`: who gets what and when, before anything is launched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.clocks import system_now
from bot.commands.files import read_bytes
from bot.commands.languages import reads
from bot.databases import passing_database, ready_database
from campaigns.domain.assumptions import Assumptions, Platform
from campaigns.errors import InputError, StateError

if TYPE_CHECKING:
    from campaigns.storage.database import Database


def simulate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A campaign file (YAML).")],
    weeks: Annotated[int, typer.Option(min=1, max=104, help="How far to look ahead.")] = 12,
    staff: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A staff file, instead of the directory.")
    ] = None,
    platform: Annotated[
        Platform, typer.Option(help="known: Slack for whom it knows, the browser for others.")
    ] = Platform.KNOWN,
    assume: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help="Another assumption; each is printed."),
    ] = None,
    answer_rate: Annotated[
        float | None, typer.Option(min=0, max=1, help="Short for --assume answer_rate=…")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another one draws other made-up lives.")] = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all figures to a file.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw the calendar.")
    ] = None,
) -> None:
    """Fly a campaign before it is launched: messages a week, answers, what finds no room, alerts.

    It takes the decisions of the real run, beside all other running campaigns, for made-up lives
    of people who are alike; what people do is assumed. Writes nothing to the database. A playbook
    can be flown before it is filled in.
    """
    from bot.commands.simulated import tell
    from bot.settings import Settings
    from bot.slack.limits import lanes
    from campaigns.domain.placed_yaml import MOST_BYTES
    from campaigns.domain.reading import read
    from campaigns.flows.examining import refuse_all_but_blanks
    from campaigns.flows.simulating import Wanted
    from campaigns.flows.simulating import simulate as fly

    assumed = _assumed([*(assume or ()), *_short(answer_rate)])
    definition, now = read(read_bytes(file, MOST_BYTES, "a campaign"), file.name), system_now()
    settings = Settings.load()
    wanted = Wanted(
        n_weeks=weeks,
        platform=platform,
        lane=lanes(settings).get("send"),
        teams_a_year=settings.teams_per_false_alarm,
        seed=seed,
        reads=reads(),
    )
    with _directory(staff) as database:
        with database.read() as c:
            n_blanks = refuse_all_but_blanks(c, definition, now)
        found = fly(database, definition, now, assumed, wanted)
    if not found.run.n_people:
        raise StateError("Nobody is in the staff directory: bellwether people import, or --staff.")
    tell(Console(highlight=False), found, n_blanks)
    if json_file:
        from bot.simulated_figures import figures

        json_file.write_text(json.dumps(figures(found), indent=2), encoding="utf-8")
    if picture:
        from bot.calendar_chart import calendar_chart

        picture.write_text(calendar_chart(found), encoding="utf-8")


def _short(answer_rate: float | None) -> list[str]:
    return [] if answer_rate is None else [f"answer_rate={answer_rate}"]


def _assumed(given: list[str]) -> Assumptions:
    """The usual assumptions but for those given. Raises InputError for one that can't be."""
    names = [one.name for one in fields(Assumptions)]
    changed: dict[str, float] = {}
    for one in given:
        name, _, number = one.partition("=")
        if name not in names:
            raise InputError(f'"{name}" is no assumption; expected one of {", ".join(names)}')
        try:
            changed[name] = float(number)
        except ValueError:
            raise InputError(f"{name} needs a number, such as {name}=0.3") from None
    try:
        return replace(Assumptions(), **changed)
    except ValueError as error:
        raise InputError(str(error)) from None


@contextmanager
def _directory(staff: Path | None) -> Iterator[Database]:
    """The database, or one made of a staff file, which is gone afterwards."""
    if staff is None:
        with ready_database() as database:
            yield database
        return
    from bot.commands.people import MOST_BYTES
    from campaigns.flows.enrolling import import_people

    content = read_bytes(staff, MOST_BYTES, "a staff file")
    with passing_database() as made:
        import_people(made, content)
        yield made
