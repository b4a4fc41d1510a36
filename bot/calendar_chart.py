"""The calendar of a simulated run as one picture: a row a touchpoint, a column a week.

It stands for itself, so it brings its colours along, for light and dark; the table in the terminal
says the same in numbers.
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
_DARK_INK, _DARK_LINE, _DARK_PAPER = "#e9efec", "#33433f", "#15201f"
_DARK = {
    Kind.VISION: "#2f5d86",
    Kind.PULSE: "#6a4a7d",
    Kind.REMINDER: "#7d5a1f",
    Kind.FOLLOW_UP: "#2c6b4c",
    Kind.TOLD: "#8a4538",
}
_COLUMN, _ROW, _EDGES = 64, 44, (320, 150)  # px


def calendar_chart(found: Simulated) -> str:
    """The picture as SVG: the larger a dot, the more people get the message in that week."""
    run = found.run
    rows: dict[tuple[Kind, str], list[float]] = {}  # by kind and name
    for place, seen in sorted(found.mine(), key=lambda each: _ORDER.index(each[0].kind)):
        row = rows.setdefault((place.kind, place.name), [0.0] * len(run.weeks))
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
        no_prefix=True,
        css=["file://style.css", "file://graph.css", f"inline:{_css([kind for kind, _ in rows])}"],
    )
    chart.x_labels = [f"{week.begins_on:%d %b}" for week in run.weeks]
    chart.y_labels = [_label(kind, name) for kind, name in rows]
    for (_, name), numbers in rows.items():
        chart.add(name, [round(n) or None for n in numbers])
    return str(chart.render(is_unicode=True))


def _css(kinds: list[Kind]) -> str:
    """Numbers in the middle of their dots, and all colours for whoever reads in the dark."""
    dots = "".join(
        f"svg .color-{row} .dot {{ fill: {_DARK[kind]}; stroke: {_DARK[kind]}; }}"
        for row, kind in enumerate(kinds)
    )
    return f"""
.text-overlay text.value {{ text-anchor: middle; }}
.dots .dot {{ fill-opacity: 1; }}
@media (prefers-color-scheme: dark) {{
  svg.pygal-chart, svg .graph > .background, svg .plot > .background
    {{ fill: {_DARK_PAPER}; background-color: {_DARK_PAPER}; }}
  svg .graph, svg text.title, svg .axis text, svg .axis text.major, svg .text-overlay text.value
    {{ fill: {_DARK_INK} !important; }}
  svg .axis .line, svg .axis .major.line, svg .axis .guide.line {{ stroke: {_DARK_LINE}; }}
  {dots}
}}"""


def _label(kind: Kind, name: str) -> str:
    return name if kind is Kind.TOLD else f"{name} ({kind.value.replace('_', '-')})"


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
