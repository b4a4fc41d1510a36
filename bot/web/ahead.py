"""What the dashboard says of the time to come, in words and rows; it fetches nothing.

Where teams are heading is said of released figures by released figures, and only where that held so
far: else there are no rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from bot.web.board import BANDS, NOT_SHOWN
from campaigns.domain.bad_moments import BadMoment
from campaigns.domain.confidentiality import Released
from campaigns.domain.definition import Definition, pick
from campaigns.domain.heading import AHEAD, Heading, headings
from campaigns.domain.reports import Overview, leaves

_LOCALE = "en_GB"
NOTHING_SAID = "can’t be told yet"


@dataclass(frozen=True)
class HeadingRow:
    """A team, its last figure, and in words where the next will be; `first` is for the chart."""

    name: str
    last: str
    words: tuple[str, ...]
    first: Heading | None


@dataclass(frozen=True)
class MoveLine:
    """A touchpoint that comes at a bad moment: its title in the campaign's first language."""

    title: str
    day: str
    why: str
    better: str


def heading_rows(overview: Overview) -> list[HeadingRow]:
    """The teams that are heading somewhere, in the order of the tree; none once all is over."""
    if overview.next_close_on is None:
        return []
    teams = list(leaves(overview.teams))
    found = zip(teams, headings([row.cells for row in teams]), strict=True)
    return [
        HeadingRow(
            row.name,
            BANDS[row.cells[-1].band] if isinstance(row.cells[-1], Released) else NOT_SHOWN,
            tuple(_heading_words(one) for one in ahead),
            ahead[0],
        )
        for row, ahead in found
        if any(ahead)
    ]


def heading_days(overview: Overview) -> list[str]:
    """The last days of the periods that headings are said of, such as `to 12 May`."""
    last = overview.periods[-1]
    length = last.ends_on - last.starts_on + timedelta(days=1)
    return [_to(last.ends_on + n * length) for n in AHEAD]


def heading_bars(rows: Sequence[HeadingRow]) -> tuple[tuple[str, int, int, str], ...]:
    """Name, lowest and highest percentage of each team's next figure, and that in words; open ends
    reach the edge."""
    return tuple(
        (row.name, *_edges(row.first), range_words(row.first.low, row.first.high))
        for row in rows
        if row.first is not None
    )


def range_words(low: int, high: int) -> str:
    """Such as `15 to 45 %`; with open ends as released figures have them."""
    if low <= 10:
        return f"up to {high} %" if high < 80 else "anything"
    return f"{low} % or more" if high >= 80 else f"{low} to {high} %"


def move_lines(definition: Definition, moments: Sequence[BadMoment]) -> list[MoveLine]:
    """Each moment in words, in the order given."""
    language = definition.default_language
    return [
        MoveLine(
            pick(definition.touchpoint(one.touchpoint).title, language, language),
            format_date(one.on, "EEEE, d MMMM y", locale=_LOCALE),
            ", and ".join(one.whys),
            format_date(one.better, "EEEE, d MMMM", locale=_LOCALE) if one.better else "",
        )
        for one in moments
    ]


def _heading_words(heading: Heading | None) -> str:
    if heading is None:
        return NOTHING_SAID
    return f"{range_words(heading.low, heading.high)}, {heading.turn}"


def _edges(heading: Heading) -> tuple[int, int]:
    low, high = heading.low, heading.high
    return 0 if low <= 10 else low, 100 if high >= 80 else high


def _to(day: date) -> str:
    return f"to {format_date(day, 'd MMM', locale=_LOCALE)}"
