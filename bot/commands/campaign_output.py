"""What `bellwether campaign …` prints: mistakes, whom it reaches, its messages, how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from bot.held_back import lines
from campaigns.errors import DefinitionError

if TYPE_CHECKING:
    from campaigns.domain.definition import Definition
    from campaigns.flows.overseeing import Standing
    from campaigns.flows.previewing import Preview, Rendered


def tell_problems(found: Preview, file: Path) -> None:
    """Warnings are printed; errors are raised together."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for one in found.warnings:
        console.print(f"[yellow]warning[/yellow] {escape(str(one))}")
    if found.errors:
        n_errors = len(found.errors)
        places = "one place" if n_errors == 1 else f"{n_errors} places"
        console.print(f"{escape(file.name)} can't be launched yet: {places} to mend or fill in.")
        raise DefinitionError(found.errors)


def tell_estimate(console: Console, definition: Definition, found: Preview) -> None:
    """Prints whom the campaign reaches, when first, and how often."""
    from campaigns.domain.texts import pick

    table = Table(show_header=False, box=None, title=definition.campaign.key, title_justify="left")
    reach = found.reach
    if reach is None:
        table.add_row("audience", "unknown: no staff were imported (bellwether people import)")
    else:
        table.add_row("audience", f"{reach.n_people:,} people in {reach.n_teams:,} teams")
        if reach.n_default:
            default = definition.default_language
            table.add_row("", f"{reach.n_default:,} of them read {default} for want of their own")
    if reach is not None and reach.first is not None:
        begins, ends = reach.first
        table.add_row(
            "first message",
            f"from {begins:%Y-%m-%d %H:%M} until about {ends:%Y-%m-%d %H:%M} UTC, if launched now",
        )
    _tell_how_often(table, definition, found)
    for each in found.in_turn:
        table.add_row(f"in turn in {each.pulse}", escape(_told(each.rounds)))
    for index, line in enumerate(found.changes):
        table.add_row("" if index else "against what runs", escape(line))
    if definition.campaign.learn_from_words:
        table.add_row(
            "learning", "whoever writes something may release it, to train the model with"
        )
    if register := definition.initiative.stakeholders:
        language = definition.default_language
        first = [pick(one.name, language, language) for one in register if one.first_week == 1]
        due = escape(", ".join(first)) or "nobody"
        table.add_row("stakeholders", f"{len(register)}; to be talked to in the first week: {due}")
    console.print(table)


def _tell_how_often(table: Table, definition: Definition, found: Preview) -> None:
    for key, n_asked in found.reach.asked if found.reach else ():
        table.add_row(f"{key} asks", f"a part of each team in turn, {n_asked:,} people at the most")
    number = f"{found.n_least} to " if found.n_least < found.n_planned else ""
    reminders = f"up to {found.n_reminders} reminders where no answer comes"
    more = "; in some teams one more a pulse" if definition.campaign.ask_once_more else ""
    table.add_row("messages a person", f"{number}{found.n_planned}, and {reminders}{more}")
    week = f"{found.n_busiest} from {found.busiest_from}" if found.n_busiest else "none"
    cap = definition.campaign.limits.messages_per_week
    table.add_row("in the busiest week", f"{week}, follow-ups not counted; at most {cap} are sent")


def _told(rounds: Sequence[Sequence[str]]) -> str:
    """What comes round by round, until all had their turn; a round like the one before is counted
    with it."""
    turns = [(len(list(alike)), asks) for asks, alike in groupby(rounds)]
    again = [f"{', '.join(asks)}{f' ({n} rounds)' if n > 1 else ''}" for n, asks in turns]
    return f"{'; then '.join(again)}; and so on"


def tell_messages(console: Console, definition: Definition, found: Preview, language: str) -> None:
    """Prints every message, in one language or in all."""
    languages = definition.campaign.languages
    if language != "all" and language not in languages:
        raise DefinitionError(f"The campaign has {', '.join(languages)}, not {language}.")
    for one in found.messages:
        if language in ("all", one.language):
            console.print(_panel(one))
    if language != "all" and len(languages) > 1:
        console.print(f"In {', '.join(languages)} with --language all.", style="dim")


def _panel(one: Rendered) -> Panel:
    title = " · ".join(part for part in (one.touchpoint, one.step, one.language) if part)
    return Panel(escape(one.message.fallback_text), title=escape(title), title_align="left")


def tell_standings(console: Console, found: Sequence[Standing]) -> None:
    """Every campaign with a line of its own; then pauses, and what came later or never."""
    if not found:
        console.print("No campaign was launched yet: bellwether campaign launch FILE")
        return
    console.print(_standing_table(found))
    for one in found:
        if one.launched.reason:
            told = f"{one.launched.key} was paused for everybody: {one.launched.reason}"
            console.print(f"[yellow]{escape(told)}[/yellow]", soft_wrap=True)
        for why, moved, dropped in lines(one.held_back):
            told = f"{one.launched.key}: {moved} came later, {dropped} were left out. {why}."
            console.print(escape(told), soft_wrap=True)


def _standing_table(found: Sequence[Standing]) -> Table:
    """The campaigns, one a line."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("campaign", overflow="fold", min_width=12)
    table.add_column("state")
    for name in ("version", "sent", "waiting", "failed"):
        table.add_column(name, justify="right")
    table.add_column("launched", min_width=10)
    table.add_column("next (UTC)", min_width=10)
    for one in found:
        launched = one.launched
        table.add_row(
            launched.key,
            launched.state,
            str(launched.number),
            f"{one.n_sent:,}",
            f"{one.n_pending:,}",
            f"{one.n_failed:,}",
            f"{launched.launched_at:%Y-%m-%d}",
            "nothing" if one.next_due_at is None else f"{one.next_due_at:%Y-%m-%d %H:%M}",
        )
    return table
