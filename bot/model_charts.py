"""The pictures of the model card: a measured share with its interval, and what "90 % sure" means.

Each stands beside a table that says the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.drawing import pygal
from bot.web.charts import clean, horizontal
from sentiment.evaluation import Bin, Figure

_ROW, _FOOT = 34, 30  # px a bar with its gap, and the scale below the bars
_SIDE = 440  # px of the square
_TENTHS = (0, 0.25, 0.5, 0.75, 1)


def interval_chart(rows: Sequence[tuple[str, Figure]], width: int) -> Markup:
    """One bar a row from top to bottom, from 0 to 1, with a whisker over its 95 % interval."""
    chart = horizontal(
        pygal.HorizontalBar,
        width,
        _ROW * len(rows) + _FOOT,
        print_values=False,
        show_x_labels=True,
        show_x_guides=True,
        range=(0, 1),
        y_labels=[{"value": value, "label": f"{value:g}"} for value in _TENTHS],
    )
    chart.x_labels = [f"{label}  {figure.value:.2f}" for label, figure in reversed(rows)]
    chart.add("value", [_with_interval(figure) for _, figure in reversed(rows)])
    return clean(chart)


def reliability_chart(bins: Sequence[Bin]) -> Markup:
    """How often right, by how sure; on the diagonal a probability means what it says."""
    chart = pygal.XY(
        width=_SIDE,
        height=_SIDE,
        margin=0,
        js=[],
        no_prefix=True,
        disable_xml_declaration=True,
        show_legend=False,
        xrange=(0, 1),
        range=(0, 1),
        x_labels=_TENTHS,
        y_labels=_TENTHS,
        dots_size=6,
    )
    chart.add("as it should be", [(0, 0), (1, 1)], show_dots=False)
    chart.add("the model", [(each.p_mean, each.share_right) for each in bins])
    return clean(chart)


def _with_interval(figure: Figure) -> dict[str, object]:
    return {"value": figure.value, "ci": {"low": figure.low, "high": figure.high}}
