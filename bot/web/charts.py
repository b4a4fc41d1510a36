"""Charts as SVG without scripts or inline styles, so that the page's own colours and its strict
content policy hold. A chart draws released values only and says nothing that its table doesn't.
Drawing takes 10 ms and what was published never changes, so the latest drawings are kept.
"""

from functools import lru_cache
from xml.etree import ElementTree

from markupsafe import Markup

from bot.drawing import Style, pygal
from campaigns.domain.confidentiality import Shares

_SVG = "http://www.w3.org/2000/svg"
# What pygal adds for its own styling and tooltips.
_UNWANTED = {f"{{{_SVG}}}{name}" for name in ("defs", "desc", "title", "style", "script")}
_UNWANTED_CLASSES = ("tooltip-overlay", "titles")
_STYLE = Style(value_font_size=15, label_font_size=14, font_family="inherit")
_THICK, _THIN, _FEW = 76, 44, 4  # px a row with its gap; up to how many rows are thick
STANCES = ("resistant", "ambivalent", "neutral", "supportive")

ElementTree.register_namespace("", _SVG)


def percent(step: int) -> str:
    """A coarse share as words: its lowest and highest step are open."""
    if step <= 10:
        return "≤10"
    return "≥80" if step >= 80 else str(step)


@lru_cache(maxsize=128)
def stance_chart(rows: tuple[tuple[str, Shares | None], ...], width: int) -> Markup:
    """One bar a period from top to bottom; a period without shares has a label and no bar."""
    if not rows:
        return Markup()
    chart = horizontal(pygal.HorizontalStackedBar, width, _rows_height(len(rows)))
    chart.x_labels = [label for label, _ in reversed(rows)]
    for stance in STANCES:
        values = [getattr(shares, stance, None) for _, shares in reversed(rows)]
        chart.add(stance, [_value(value) for value in values])
    return clean(chart)


@lru_cache(maxsize=128)
def count_chart(rows: tuple[tuple[str, int], ...], width: int) -> Markup:
    """One bar a row from top to bottom, its number at its end."""
    if not rows:
        return Markup()
    chart = horizontal(pygal.HorizontalBar, width, _THIN * len(rows), print_values_position="top")
    chart.x_labels = [label for label, _ in reversed(rows)]
    chart.add("count", [{"value": n, "formatter": str} for _, n in reversed(rows)])
    return clean(chart)


@lru_cache(maxsize=128)
def range_chart(rows: tuple[tuple[str, int, int, str], ...], width: int) -> Markup:
    """A bar a row from its lowest to its highest percentage, with its words, from top to bottom."""
    if not rows:
        return Markup()
    height = _THIN * len(rows)
    chart = horizontal(pygal.HorizontalStackedBar, width, height, range=(0, 100))
    chart.x_labels = [name for name, *_ in reversed(rows)]
    chart.add("before", [_said(low, "") for _, low, _, _ in reversed(rows)])
    chart.add("range", [_said(high - low, words) for _, low, high, words in reversed(rows)])
    return clean(chart)


def _rows_height(rows: int) -> int:
    """A few bars are thick, many are thin."""
    return rows * (_THICK if rows <= _FEW else _THIN)


def horizontal(kind: type, width: int, height: int, **options: object) -> "pygal.graph.graph.Graph":
    """A chart of lying bars with nothing but names, bars and values."""
    plain: dict[str, object] = {
        "margin": 0,
        "spacing": 8,
        "style": _STYLE,
        "js": [],
        "no_prefix": True,
        "disable_xml_declaration": True,
        "show_legend": False,
        "show_x_labels": False,
        "show_x_guides": False,
        "show_y_guides": False,
        "truncate_label": -1,
        "rounded_bars": 2,
        "print_values": True,
        "print_zeroes": False,
    }
    return kind(width=width, height=height, **{**plain, **options})


def _said(value: int, words: str) -> dict[str, object]:
    return {"value": value, "formatter": lambda _: words}


def _value(share: int | None) -> dict[str, object] | None:
    if share is None:
        return None
    return {"value": share, "formatter": lambda _: percent(share)}


def clean(chart: "pygal.graph.graph.Graph") -> Markup:
    """The drawing alone, for a page that styles it."""
    root = ElementTree.fromstring(chart.render(is_unicode=True))  # noqa: S314 - our own text
    for parent in list(root.iter()):
        for child in list(parent):
            classes = child.get("class", "")
            empty = child.tag.endswith("rect") and "width" not in child.attrib
            unwanted = child.tag in _UNWANTED or any(name in classes for name in _UNWANTED_CLASSES)
            if empty or unwanted:
                parent.remove(child)
        parent.attrib.pop("style", None)
        parent.attrib.pop("id", None)
    root.set("class", "drawing")
    root.set("aria-hidden", "true")  # the sentence and the table beside it say the same
    root.set("focusable", "false")
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704 - escaped by the tree
