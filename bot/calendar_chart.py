"""The calendar of a simulated run as one picture: a row a touchpoint, a column a week.

It stands for itself, so it brings its colours along, light ones; the table in the terminal says the
same in numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.drawing import Style, pygal
from campaigns.domain.outbox import Kind

if TYPE_CHECKING:
    from campaigns.flows.simulating import Simulated

_INK, _LINE, _PAPER = "#24303d", "#dde3ea", "#ffffff"
_COLOURS = {
    Kind.VISION: "#a9cbe9",
    Kind.PULSE: "#d3bfe0",
    Kind.REMINDER: "#ecd0a3",
    Kind.FOLLOW_UP: "#a9d6bf",
    Kind.TOLD: "#e6b8b0",
}
_ORDER = tuple(_COLOURS)
_COLUMN, _ROW, _EDGES = 64, 44, (320, 150)  # px


def calendar_chart(found: Simulated) -> str:
    """The picture as SVG: the larger a dot, the more people get the message in that week."""
    run = found.run
    rows: dict[tuple[Kind, str], list[float]] = {}
    for place, seen in sorted(found.mine(), key=lambda each: _ORDER.index(each[0].kind)):
        row = rows.setdefault((place.kind, place.touchpoint), [0.0] * len(run.weeks))
        for week, n in seen.by_week.items():
            row[week] += n
    chart = pygal.Dot(
        width=_EDGES[0] + _COLUMN * len(run.weeks),
        height=_EDGES[1] + _ROW * len(rows),
        style=_style([_COLOURS[kind] for kind, _ in rows]),
        title=f"{run.campaign}: people reached a week",
        show_legend=False,
        x_label_rotation=30,
        print_values=True,
        value_formatter=lambda n: f"{n:,.0f}",
        js=[],
    )
    chart.x_labels = [f"{week.begins_on:%d %b}" for week in run.weeks]
    chart.y_labels = [f"{key or 'one more'} ({kind.value.replace('_', '-')})" for kind, key in rows]
    for (_, key), numbers in rows.items():
        chart.add(key, [round(n) or None for n in numbers])
    return str(chart.render(is_unicode=True))


def _style(colours: list[str]) -> Style:
    return Style(
        background=_PAPER,
        plot_background=_PAPER,
        foreground=_INK,
        foreground_strong=_INK,
        foreground_subtle=_LINE,
        guide_stroke_color=_LINE,
        major_guide_stroke_color=_LINE,
        guide_stroke_dasharray="none",
        major_guide_stroke_dasharray="none",
        font_family="system-ui, sans-serif",
        colors=tuple(colours),
        value_colors=(_INK,) * len(colours),
        label_font_size=13,
        major_label_font_size=13,
        value_font_size=12,
        title_font_size=18,
    )
