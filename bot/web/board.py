"""What the dashboard says, put into words and rows from an `Overview`; it fetches nothing.

Everything here rests on released values and on counts of our own sendings. A withheld cell has one
look and one text, whatever the reason.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from campaigns.domain import naming
from campaigns.domain.alerts import STANDING, AlertKind, AlertState, Ending, Strength
from campaigns.domain.confidentiality import Band, Cell, Rate, Released, Shares, Size
from campaigns.domain.ranking import Sign
from campaigns.domain.reports import AlertRow, Overview, Period, leaves
from campaigns.domain.wording import say_days
from sentiment.labels import Barrier, Theme

NOT_SHOWN = "not shown"
_LOCALE = "en_GB"
LEVELS = {Band.LOW: 1, Band.SOME: 2, Band.MUCH: 3, Band.HALF: 4}
# A share is shown in steps of 5: one of 18 % reads 20 and must not stand beside "under 20 %".
BANDS = {
    Band.LOW: "up to 20 %",
    Band.SOME: "20–35 %",
    Band.MUCH: "35–50 %",
    Band.HALF: "half or more",
}
SIZES = {Size.FEW: "5–9", Size.TENS: "10–19", Size.DOZENS: "20–49", Size.MANY: "50+"}
_SHARES = {
    Band.LOW: "up to 20 %",
    Band.SOME: "between 20 and 35 %",
    Band.MUCH: "between 35 and 50 %",
    Band.HALF: "half or more",
}
RATES = {
    Rate.UNDER_A_THIRD: "under a third",
    Rate.ABOUT_HALF: "about half",
    Rate.MOST: "most",
}
BARRIERS = {
    Barrier.AWARENESS: "they don’t see why it is needed",
    Barrier.DESIRE: "they don’t want it for themselves",
    Barrier.KNOWLEDGE: "they don’t know how yet",
    Barrier.ABILITY: "they know how, but can’t make it work yet",
    Barrier.REINFORCEMENT: "it does not stick in daily work",
    Barrier.NONE: "nothing in particular",
}
KINDS = {
    AlertKind.HIGH: "More against the change than the rest of the organisation",
    AlertKind.RISING: "Turning against the change, compared with its own past",
    AlertKind.QUIET: "Gone quiet: far fewer answers than before; no measurement of mood",
    AlertKind.EVERYBODY: "The whole organisation has moved against the change",
}
STRENGTHS = {Strength.STRONG: "strong signs", Strength.SOME: "some signs"}
SIGNS = {
    Sign.STRONG: "strong signs",
    Sign.SOME: "some signs",
    Sign.NONE: "no signs",
}
STATES = {
    AlertState.OPEN: "Open",
    AlertState.TAKEN: "Taken",
    AlertState.SNOOZED: "Snoozed",
    AlertState.CLOSED: "Closed",
    AlertState.RESOLVED: "Gone again",
}


@dataclass(frozen=True)
class HeatCell:
    """One cell of the heat map; level 0 is withheld."""

    level: int
    text: str
    people: str


@dataclass(frozen=True)
class HeatRow:
    """One team's line; `depth` is how far it is indented."""

    name: str
    depth: int
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class AlertLine:
    """One alert in words."""

    team: str
    why: str
    barrier: str
    state: str
    owner: str
    since: str
    standing: bool


def day(on: date) -> str:
    """A date with its year: 10 January 2027."""
    return format_date(on, "d MMMM y", locale=_LOCALE)


def period_name(period: Period) -> str:
    """A period by its first and last day, day and month only."""
    return say_days("en", period.starts_on, period.ends_on)


def heat_rows(overview: Overview) -> list[HeatRow]:
    """Every team in the order of the tree, a cell for each closed period."""
    return [
        HeatRow(row.name, min(row.depth, 5), tuple(_heat_cell(cell) for cell in row.cells))
        for row in overview.teams
    ]


def _heat_cell(cell: Cell) -> HeatCell:
    if not isinstance(cell, Released):
        return HeatCell(0, NOT_SHOWN, "")
    return HeatCell(LEVELS[cell.band], BANDS[cell.band], SIZES[cell.size])


def short_name(period: Period) -> str:
    """A period by its last day, where there is little room."""
    return f"to {format_date(period.ends_on, 'd MMM', locale=_LOCALE)}"


def stance_rows(
    overview: Overview, *, short: bool = False
) -> tuple[tuple[str, Shares | None], ...]:
    """The organisation's shares of each closed period; None where they aren't released."""
    name = short_name if short else period_name
    return tuple(
        (name(period), cell.shares if isinstance(cell, Released) else None)
        for period, cell in zip(overview.periods, overview.organisation, strict=True)
    )


def theme_rows(overview: Overview) -> tuple[tuple[str, int], ...]:
    """How often each theme was among the leading ones of a team, over all closed periods.

    Only teams without teams below them, only cells that were released with themes; most first.
    """
    counts = Counter(
        theme
        for row in leaves(overview.teams)
        for cell in row.cells
        if isinstance(cell, Released)
        for theme in cell.themes
    )
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((theme_name(theme), n) for theme, n in ordered)


def theme_name(theme: Theme) -> str:
    """Such as `job security`; the same words as in an agent's alert."""
    return naming.theme_name("en", theme)


def follow_ups(overview: Overview) -> list[tuple[str, str]]:
    """(title, how many people got it), without those that few or none got."""
    return [(row.title, str(row.people)) for row in overview.follow_ups if row.people is not None]


def trainings(overview: Overview) -> list[tuple[str, list[str]]]:
    """(title, people who were offered it, took it, did it and found that it helped)."""
    return [
        (row.title, [_people(n) for n in (row.offered, row.taken, row.did, row.helped)])
        for row in overview.trainings
    ]


def _people(n: int | None) -> str:
    return "–" if n is None else str(n)


def alert_lines(overview: Overview) -> list[AlertLine]:
    """Standing alerts first, each group with the latest first."""
    latest = {row.name: row.cells[-1] for row in overview.teams if row.cells}
    ordered = sorted(overview.alerts, key=lambda alert: alert.raised_on, reverse=True)
    ordered.sort(key=lambda alert: alert.state not in STANDING)
    return [_alert_line(alert, latest.get(alert.team)) for alert in ordered]


def _alert_line(alert: AlertRow, cell: Cell | None) -> AlertLine:
    barrier = cell.barrier if isinstance(cell, Released) else None
    return AlertLine(
        "All teams" if alert.kind is AlertKind.EVERYBODY else alert.team,
        f"{KINDS[alert.kind]} ({STRENGTHS[alert.strength]})",
        BARRIERS[barrier] if barrier and barrier is not Barrier.NONE else "",
        STATES[alert.state],
        _owner_words(alert),
        day(alert.since),
        alert.state in STANDING,
    )


def _owner_words(alert: AlertRow) -> str:
    if alert.ending:
        return naming.ending_name("en", alert.ending)
    if alert.owner:
        return f"With {alert.owner}"
    if alert.state not in STANDING:
        return ""
    return "Nobody took it in time" if alert.overdue else "Nobody has taken it yet"


def standing(overview: Overview) -> int:
    """How many alerts are neither closed nor gone."""
    return sum(alert.state in STANDING for alert in overview.alerts)


def track_record(overview: Overview) -> str:
    """How often there was something behind an alert, as the agents saw who closed one."""
    ended = [alert.ending for alert in overview.alerts if alert.ending is not None]
    if not ended:
        return ""
    true = len(ended) - ended.count(Ending.NOTHING)
    helped = ended.count(Ending.HELPED)
    return (
        f"Alerts closed with a result: {len(ended)}. There was something behind {true} of them, "
        f"and what was done helps in {helped}."
    )


def headline(overview: Overview) -> str:
    """The state of things in one or two sentences."""
    n = standing(overview)
    alerts = {0: "No team has an open alert.", 1: "One team has an open alert."}.get(
        n, f"{n} teams have an open alert."
    )
    if not overview.periods:
        return "The first results appear when the first period closes."
    cell = overview.organisation[-1]
    if not isinstance(cell, Released):
        return f"The latest result of the whole organisation is not shown. {alerts}"
    share = percent(cell.shares.resistant) if cell.shares else _SHARES[cell.band]
    return f"{share[0].upper()}{share[1:]} of those who answered are against the change. {alerts}"


def stance_sentence(overview: Overview) -> str:
    """The chart of stances in words: the first and the latest period that have shares."""
    shown = [(name, shares) for name, shares in stance_rows(overview) if shares]
    if not shown:
        return "There are no figures to show yet."
    name, last = shown[-1]
    sentence = (
        f"{name}: {percent(last.supportive)} are for the change, "
        f"{percent(last.resistant)} against it."
    )
    if len(shown) == 1:
        return sentence
    first_name, first = shown[0]
    return (
        f"{sentence} In {first_name} it was {percent(first.supportive)} for "
        f"and {percent(first.resistant)} against."
    )


def certainty_sentence(overview: Overview) -> str:
    """Between which coarse steps the latest share against lies with 90 % confidence."""
    shown = [shares for _, shares in stance_rows(overview) if shares]
    if not shown:
        return ""
    low, high = shown[-1].interval
    if low == high:
        return ""
    return f"We are 90 % sure that the share against lies between {low} and {high} %."


def percent(step: int) -> str:
    """A released percentage in words: its ends are open."""
    if step <= 10:
        return "10 % or less"
    return "80 % or more" if step >= 80 else f"about {step} %"
