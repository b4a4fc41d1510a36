"""A simulated run as tables in the terminal: what comes of it first, what it rests on last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from campaigns.domain.outbox import MOVED, Kind, State

if TYPE_CHECKING:
    from datetime import datetime

    from campaigns.flows.simulating import Simulated

_COLUMNS = {
    Kind.VISION: "vision",
    Kind.PULSE: "pulse",
    Kind.REMINDER: "reminder",
    Kind.FOLLOW_UP: "follow-up",
    Kind.TOLD: "told back",
}
_WHY = {  # short, so that a touchpoint's name fits beside it
    "weekly cap": "enough messages that week",
    "minutes a week": "enough to read and answer that week",
    "days between pulses": "asked only days before",
    "gave way": "gave way to what goes first",
    "holiday": "public holiday",
    "closed": "closed before it could go out",
}


def tell(console: Console, found: Simulated, n_blanks: int = 0) -> None:
    """Prints who gets what and when, where there is no room, what comes back, what is assumed."""
    run = found.run
    console.print(
        f"[bold]{run.campaign}[/bold], as if launched now: {len(run.weeks)} weeks from "
        f"{run.now:%Y-%m-%d}"
    )
    console.print(f"{run.n_people:,.0f} people in {found.n_teams:,} teams")
    if found.others:
        console.print(f"beside {', '.join(found.others)}, which write to the same people")
    if n_blanks:
        places = "one text is" if n_blanks == 1 else f"{n_blanks} texts are"
        console.print(f"[yellow]{places} still to be filled in before a launch[/yellow]")
    together = ", all campaigns together" if found.others else ""
    parts = (
        (f"Messages a week{together}, and which share of the people gets how many", _weeks(found)),
        ("What goes out when (UTC); later: to how many not at its time", _rounds(found)),
        ("Where it finds no room: messages that come later, or never", _no_room(found)),
        ("Follow-ups by rule, and how often chance holds one out", _follow_ups(found)),
    )
    for title, table in parts:
        if table.row_count:
            console.print(f"\n[bold]{title}[/bold]")
            console.print(table)
    console.print()
    for sentence in _sentences(found):
        console.print(sentence)
    console.print("\n[bold]All this is assumed[/bold]; change it with --assume NAME=NUMBER")
    console.print(_assumptions(found))


def _weeks(found: Simulated) -> Table:
    """Messages of each week, and how many of them a person gets."""
    kinds = [kind for kind in _COLUMNS if any(week.by_kind[kind] for week in found.run.weeks)]
    table = _table("week from", *(_COLUMNS[kind] for kind in kinds))
    most = max((n for week in found.run.weeks for n in week.people), default=0)
    for n in range(most + 1):
        table.add_column(f"{n}" if n else "none", justify="right")
    for week in found.run.weeks:
        everybody = sum(week.people.values()) or 1
        shares = (week.people.get(n, 0) / everybody for n in range(most + 1))
        counts = (f"{week.by_kind[kind]:,.0f}" for kind in kinds)
        table.add_row(f"{week.begins_on}", *counts, *(f"{share:.0%}" for share in shares))
    return table


def _rounds(found: Simulated) -> Table:
    table = _table("touchpoint", "people", "later", "never", "first", "last")
    for place, seen in found.mine():
        if place.kind in (Kind.VISION, Kind.PULSE, Kind.TOLD):
            in_turn = f" ({', '.join(seen.asks)})" if seen.asks else ""
            table.add_row(
                place.name + in_turn,
                *(f"{n:,.0f}" for n in (seen.n_sent, seen.n_moved, seen.n_dropped)),
                _short(seen.first_at),
                _short(found.ends.get(place, seen.last_at)),
            )
    return table


def _no_room(found: Simulated) -> Table:
    """Where holidays, absences and budgets hold messages back, in all rounds together."""
    table = _table("touchpoint", "why", "later", "never")
    rows: dict[tuple[str, str, str], dict[State, float]] = defaultdict(lambda: defaultdict(float))
    for (place, state, said), n in found.run.no_room.items():
        reason = said.removeprefix(MOVED)
        if reason != "hours":  # a night is nothing to plan around
            other = "" if place.campaign == found.run.campaign else f"{place.campaign}: "
            rows[other, place.name, _WHY.get(reason, reason)][state] += n
    for (other, name, reason), by_state in sorted(rows.items()):
        moved, dropped = by_state[State.PENDING], by_state[State.DROPPED]
        table.add_row(f"{other}{name}", reason, f"{moved:,.0f}", f"{dropped:,.0f}")
    return table


def _follow_ups(found: Simulated) -> Table:
    table = _table("rule", "sent", "held out")
    for (campaign, rule), one in sorted(found.run.follow_ups.items()):
        if campaign == found.run.campaign:
            table.add_row(rule, f"{one.n_decided - one.n_held:,.0f}", f"{one.n_held:,.0f}")
    return table


def _sentences(found: Simulated) -> Iterator[str]:
    run, alerts = found.run, found.alerts
    for (touchpoint, key), at in found.went_on.items():
        yield (
            f"{touchpoint} of {key[:10]} waits until something is told back, or tell_back_days are "
            f"over: here until {_short(at)} UTC."
        )
    answers, texts = run.answers[run.campaign], run.words[run.campaign]
    yield f"Answered pulses: about {answers:,.0f}, of which {texts:,.0f} with words."
    yield (
        f"New alerts to change agents: about {alerts.n_true + alerts.n_false:.0f}; "
        f"{alerts.n_true:.1f} true ones and {alerts.n_false:.1f} false ones are to be expected."
    )


def _assumptions(found: Simulated) -> Table:
    table = _table("", "is", "why")
    table.show_header = False
    for name, value, meaning in found.assumed.told():
        table.add_row(name, f"{value:g}", meaning)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0))  # a terminal has 80 columns
    table.add_column(first, overflow="fold", min_width=10)  # a day in one line
    for one in others:
        table.add_column(one, justify="left" if one == "why" else "right")
    return table


def _short(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "never"
