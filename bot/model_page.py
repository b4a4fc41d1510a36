"""The model card as one page of HTML: what the model reads, how well, and where it fails.

Self-contained, so that it can be sent and kept: no script, nothing from another host. It shows
ids of answers and never their words.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.model_charts import interval_chart, reliability_chart
from sentiment.baselines import Yardstick
from sentiment.card import ModelCard
from sentiment.evaluation import Figure, LabelFigures
from sentiment.labels import Stance
from sentiment.report import TITLES, Report
from sentiment.slices import NOTE, Slice, shown

_HERE = Path(__file__).parent
_STATIC = _HERE / "web" / "static"
_FONT = "vendor/public-sans-latin-wght-normal.woff2"
_WIDTH = 520  # px of a drawing: on a phone its letters can still be read
PARTS = {
    "length": "By length",
    "question": "With a question, or none",
    "tone": "Where tone and stance disagree",
    "phenomenon": "By what makes an answer hard",
    "writer": "By writer",
}
HEADS = {"sentiment": "Tone", "barrier": "What is in the way", "themes": "What it is about"}


def model_page(
    card: ModelCard, report: Report, yardsticks: Sequence[Yardstick], measured_on: str
) -> str:
    """The whole page; `measured_on` says which answers the figures are about."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"hundred": _hundred, "span": _span, "shown": shown, "human": _human}
    return environment.get_template("model_page.html").render(
        card=card,
        report=report,
        yardsticks=yardsticks,
        measured_on=measured_on,
        stance={f.label: f for f in report.labels["stance"]},
        stances=[stance.value for stance in Stance],
        rows=_shares(report),
        mistake=_commonest_mistake(report),
        label_chart=_label_chart(report.table("stance")),
        head_charts={head: _label_chart(report.table(head)) for head in HEADS},
        reliability=reliability_chart(report.reliability),
        parts=_parts(report.slices),
        titles=TITLES,
        heads=HEADS,
        note=NOTE,
        tokens=_tokens(),
        font=_font(),
        bell=_bell(),
    )


def _parts(slices: Sequence[Slice]) -> list[tuple[str, list[Slice], Markup]]:
    """Title, slices and picture of each kind that was measured."""
    found = []
    for kind, title in PARTS.items():
        some = [each for each in slices if each.kind == kind]
        if some:
            chart = interval_chart([(each.name, each.macro_f1) for each in some], _WIDTH)
            found.append((title, some, chart))
    return found


def _label_chart(figures: Sequence[LabelFigures]) -> Markup:
    return interval_chart([(_human(each.label), each.f1) for each in figures], _WIDTH)


def _shares(report: Report) -> list[tuple[str, int, list[tuple[int, int, int]]]]:
    """By stance as people gave it: how many, and of each reading the count, the share of 100 and
    a level of shade from 1 to 4; the last reading is unsure.
    """
    rows = []
    for stance, counts, unsure in zip(Stance, report.confusion, report.unsure, strict=True):
        whole = sum(counts) + unsure
        shares = [round(100 * n / max(1, whole)) for n in (*counts, unsure)]
        levels = [1 + (share >= 5) + (share >= 20) + (share >= 50) for share in shares]
        cells = list(zip((*counts, unsure), shares, levels, strict=True))
        rows.append((stance.value, whole, cells))
    return rows


def _commonest_mistake(report: Report) -> tuple[str, str, int] | None:
    """What people gave, what the model read instead most often, and how often; None for never."""
    mistakes = [
        (n, truth.value, given.value)
        for truth, counts in zip(Stance, report.confusion, strict=True)
        for given, n in zip(Stance, counts, strict=True)
        if given is not truth
    ]
    n, truth, given = max(mistakes)
    return (truth, given, n) if n else None


def _hundred(value: float) -> str:
    """Of 100, as whole as people speak of it; a dash where there was nothing to measure."""
    return "–" if value != value else f"{100 * value:.0f}"


def _span(figure: Figure) -> str:
    return f"{shown(figure.value)} ({shown(figure.low)} to {shown(figure.high)})"


def _human(label: str) -> str:
    return label.replace("_", " ")


def _tokens() -> Markup:
    """The colours and sizes of all pages, without the fonts that lie beside them there."""
    text = (_STATIC / "tokens.css").read_text(encoding="utf-8")
    return Markup(text[text.index(":root {") :])  # noqa: S704 - our own file


def _font() -> str:
    return base64.b64encode((_STATIC / _FONT).read_bytes()).decode()


def _bell() -> Markup:
    return Markup((_STATIC / "bell.svg").read_text(encoding="utf-8"))  # noqa: S704 - our own file
