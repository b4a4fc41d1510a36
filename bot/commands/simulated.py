"""A simulated run as a table in the terminal, and as figures for a file."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from campaigns.domain.outbox import Kind, State

if TYPE_CHECKING:
    from datetime import datetime

    from campaigns.flows.simulating import Simulated

KINDS = (Kind.VISION, Kind.PULSE, Kind.REMINDER, Kind.FOLLOW_UP)
_DAYTIME = "%Y-%m-%d %H:%M"


def tell(console: Console, found: Simulated) -> None:
    """Prints what it rests on, who gets what and when, and where there is no room."""
    run = found.outlook
    console.print(f"[bold]{run.campaign}[/bold], {len(run.weeks)} weeks from {run.now:%Y-%m-%d}")
    beside = f", beside {', '.join(found.others)}" if found.others else ""
    console.print(
        f"{run.n_people:,.0f} people in {found.n_teams:,} teams{beside}; "
        f"{found.n_lives:,} lives made up"
    )
    for table in (_assumptions(found), _weeks(found), _rounds(found), _no_room(found)):
        console.print()
        console.print(table)
    console.print()
    for sentence in _sentences(found):
        console.print(sentence)


def figures(found: Simulated) -> dict[str, Any]:
    """All of it, as it goes into a file."""
    run, alerts = found.outlook, found.alerts
    return {
        "campaign": run.campaign,
        "from": run.now.isoformat(),
        "people": round(run.n_people),
        "teams": found.n_teams,
        "beside": list(found.others),
        "lives_made_up": found.n_lives,
        "assumptions": {name: value for name, value, _ in found.assumed.told()},
        "weeks": _weeks_told(found),
        "rounds": _rounds_told(found),
        "no_room": [
            {"touchpoint": place.touchpoint, "campaign": place.campaign, "effect": state.value}
            | {"reason": reason, "messages": round(n)}
            for (place, state, reason), n in run.no_room.items()
        ],
        "answers": {key: round(n) for key, n in run.answers.items()},
        "texts": {key: round(n) for key, n in run.words.items()},
        "follow_ups": [
            {"campaign": key, "rule": rule, "decided": round(one.n_decided)}
            | {"held_out": round(one.n_held)}
            for (key, rule), one in run.follow_ups.items()
        ],
        "alerts": {"false": round(alerts.n_false, 1), "true": round(alerts.n_true, 1)}
        | {"at_most": alerts.at_most},
    }


def _weeks_told(found: Simulated) -> list[dict[str, Any]]:
    return [
        {
            "from": week.begins_on.isoformat(),
            "messages": {kind.value: round(week.by_kind[kind]) for kind in KINDS},
            "people_by_messages": {n: round(week.people[n]) for n in sorted(week.people)},
        }
        for week in found.outlook.weeks
    ]


def _rounds_told(found: Simulated) -> list[dict[str, Any]]:
    return [
        {
            "touchpoint": place.touchpoint,
            "kind": place.kind.value,
            "round": place.round,
            "reaches": round(seen.n_sent),
            "later_than_due": round(seen.n_moved),
            "dropped": round(seen.n_dropped),
            "first_at": _iso(seen.first_at),
            "last_at": _iso(found.ends.get(place, seen.last_at)),
        }
        for place, seen in found.mine()
    ]


def _assumptions(found: Simulated) -> Table:
    table = _table("assumed (change with --assume NAME=NUMBER)", "", "")
    for name, value, why in found.assumed.told():
        table.add_row(name, f"{value:g}", why)
    return table


def _weeks(found: Simulated) -> Table:
    """Messages of each week, all campaigns together, and how many of them a person gets."""
    table = _table("week from", *(f"{kind.value.replace('_', '-')}s" for kind in KINDS))
    most = max((n for week in found.outlook.weeks for n in week.people), default=0)
    for n in range(most + 1):
        table.add_column(f"got {n}", justify="right")
    for week in found.outlook.weeks:
        everybody = sum(week.people.values()) or 1
        shares = (week.people.get(n, 0) / everybody for n in range(most + 1))
        counts = (f"{week.by_kind[kind]:,.0f}" for kind in KINDS)
        table.add_row(f"{week.begins_on}", *counts, *(f"{share:.0%}" for share in shares))
    return table


def _rounds(found: Simulated) -> Table:
    table = _table("touchpoint", "reaches", "later", "dropped", "first (UTC)", "last (UTC)")
    for place, seen in found.mine():
        if place.kind in (Kind.VISION, Kind.PULSE):
            table.add_row(
                place.touchpoint,
                *(f"{n:,.0f}" for n in (seen.n_sent, seen.n_moved, seen.n_dropped)),
                _short(seen.first_at),
                _short(found.ends.get(place, seen.last_at)),
            )
    return table


def _no_room(found: Simulated) -> Table:
    """Where holidays, absences and budgets hold messages back, in all rounds together."""
    table = _table("held back", "campaign", "why", "moved", "dropped")
    rows: dict[tuple[str, str, str], dict[State, float]] = defaultdict(lambda: defaultdict(float))
    for (place, state, reason), n in found.outlook.no_room.items():
        why = reason.removeprefix("moved: ")
        if why == "hours":
            continue  # a night is nothing to plan around
        rows[place.touchpoint or "one reminder more", place.campaign, why][state] += n
    for (touchpoint, campaign, why), by_state in sorted(rows.items()):
        moved, dropped = by_state[State.PENDING], by_state[State.DROPPED]
        table.add_row(touchpoint, campaign, why, f"{moved:,.0f}", f"{dropped:,.0f}")
    return table


def _sentences(found: Simulated) -> list[str]:
    run, alerts = found.outlook, found.alerts
    key = run.campaign
    decided = [one for (campaign, _), one in run.follow_ups.items() if campaign == key]
    n_held = sum(one.n_held for one in decided)
    n_decided = sum(one.n_decided for one in decided)
    return [
        f"Answered pulses: about {run.answers[key]:,.0f}; texts: {run.words[key]:,.0f}.",
        f"Follow-ups: about {n_decided - n_held:,.0f}, and {n_held:,.0f} held out by chance.",
        *(
            f"  {rule}: {one.n_decided - one.n_held:,.0f}"
            for (campaign, rule), one in sorted(run.follow_ups.items())
            if campaign == key
        ),
        (
            f"New alerts: about {alerts.n_true:.1f} true and {alerts.n_false:.1f} false ones; "
            f"{alerts.at_most:,} at the most, by alerts_per_week."
        ),
    ]


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0))  # a terminal has 80 columns
    table.add_column(first, overflow="fold", min_width=10)  # a day in one line
    for one in others:
        table.add_column(one, justify="left" if one in ("", "campaign", "why") else "right")
    return table


def _short(at: datetime | None) -> str:
    return f"{at:{_DAYTIME}}" if at else "never"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
