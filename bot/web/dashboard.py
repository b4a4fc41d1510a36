"""The dashboard's pages: a campaign's first results, from an `Overview` and nothing else.

It reads no answer and no score: whatever it shows has passed the one door of released values.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from bot.held_back import lines
from bot.playbooks import ready
from bot.web import ahead, board, charts, proof
from bot.web.auth import Page, console_name, console_only
from bot.web.context import application
from bot.web.spreadsheets import csv_file
from campaigns.domain.audit import Deed
from campaigns.domain.definition import Definition, pick
from campaigns.domain.home import owing
from campaigns.domain.reports import Overview
from campaigns.domain.retention import unlink_after_weeks
from campaigns.flows import clashing, holding, overseeing, reporting
from campaigns.flows.auditing import note
from campaigns.storage import campaigns as stored

WIDE, NARROW = 760, 340  # px: how wide the charts are drawn for a screen and for a phone
MAX_THEMES = 5
MAX_MOMENTS = 5
MOST_BARS = 25  # teams in the chart of where they are heading; more are in the table alone
pages = Blueprint("dashboard", __name__)


@pages.get("/dashboard")
@console_only
def campaigns() -> Page:
    """The one campaign, or the list where there are several or none."""
    with application().database.read() as connection:
        launched = stored.all_launched(connection)
    if len(launched) == 1:
        return redirect(url_for("dashboard.show", key=launched[0].key))
    cards = [(one, _words(one.definition)) for one in launched]
    return render_template("campaigns.html", cards=cards, day=board.day, playbooks=ready())


@pages.get("/dashboard/<key>")
@console_only
def show(key: str) -> Page:
    """Everything on one page; 404 for a campaign that was never launched."""
    overview, definition = _load(key)
    _note(overview, Deed.SAW_DASHBOARD)
    stances, themes = board.stance_rows(overview), board.theme_rows(overview)[:MAX_THEMES]
    return render_template(
        "dashboard.html",
        **_tiles(overview),
        words=_words(definition),
        promise=definition.campaign.confidentiality,
        stakeholders=definition.initiative.stakeholders,
        unlinked_after=unlink_after_weeks(definition.campaign.confidentiality),
        percent=charts.percent,
        stances=stances,
        stance_charts=(
            charts.stance_chart(stances, WIDE),
            charts.stance_chart(board.stance_rows(overview, short=True), NARROW),
        ),
        themes=themes,
        theme_charts=[charts.count_chart(themes, width) for width in (WIDE // 2, NARROW)],
        heat=board.heat_rows(overview),
        alerts=board.alert_lines(overview),
        moments=_to_move(key)[:MAX_MOMENTS],
        held_back=_held_back(key),
        owing=_owing(key),
        proven=proof.lines(overview),
        **_headings(overview),
    )


def _held_back(key: str) -> list[tuple[str, str, str]]:
    with application().database.read() as connection:
        return list(lines(overseeing.held_back(connection, stored.by_key(connection, key))))


@pages.get("/dashboard/<key>/updates")
@console_only
def updates(key: str) -> Page:
    """Our own sendings as counted now, if that changed; a reload when anything else is new."""
    overview, _ = _load(key)
    if request.args.get("mark") != _mark(overview):
        response = Response(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    tiles = _tiles(overview)
    if request.args.get("seen") == tiles["seen"]:
        return Response(status=204)
    return make_response(render_template("_tiles.html", swap=True, **tiles))


@pages.get("/dashboard/<key>/figures.csv")
@console_only
def figures(key: str) -> Response:
    """The heat map as a file; a withheld cell is `not shown` there too."""
    overview, _ = _load(key)
    _note(overview, Deed.TOOK_FIGURES)
    return csv_file("figures.csv", _figures(overview))


def _figures(overview: Overview) -> Iterator[tuple[object, ...]]:
    yield "team", "level", "from", "to", "against", "people"
    for row in board.heat_rows(overview):
        for period, cell in zip(overview.periods, row.cells, strict=True):
            dates = (period.starts_on.isoformat(), period.ends_on.isoformat())
            yield row.name, row.depth, *dates, cell.text, cell.people


def _owing(key: str) -> str:
    """That nothing was told back of what groups said, and what waits for it; "" where all was."""
    with application().database.read() as connection:
        found = holding.owing(connection, stored.by_key(connection, key))
    return owing(found, "en") if found else ""


def _load(key: str) -> tuple[Overview, Definition]:
    if not key.isprintable():  # no campaign's key; some databases refuse to look for one
        abort(404)
    here = application()
    overview = reporting.overview(here.database, key, here.now())
    with here.database.read() as connection:
        return overview, stored.by_key(connection, key).definition


def _headings(overview: Overview) -> dict[str, Any]:
    rows = ahead.heading_rows(overview)
    bars = ahead.heading_bars(rows) if len(rows) <= MOST_BARS else ()
    return {
        "headings": rows,
        "heading_days": ahead.heading_days(overview) if rows else [],
        "heading_charts": [charts.range_chart(bars, width) for width in (WIDE, NARROW)],
    }


def _to_move(key: str) -> list[ahead.MoveLine]:
    here = application()
    with here.database.read() as connection:
        launched = stored.by_key(connection, key)
        found = clashing.to_move(connection, launched, here.now())
    return ahead.move_lines(launched.definition, found)


def _note(overview: Overview, deed: Deed) -> None:
    """The look is in the audit log, with how much there was to see."""
    here, n_periods = application(), len(overview.periods)
    detail = f"{n_periods} periods" if n_periods else "nothing published yet"
    note(here.database, console_name(), deed, here.now(), overview.key, detail)


def _tiles(overview: Overview) -> dict[str, Any]:
    """What the tiles need; `seen` changes with the counts of our own sendings."""
    return {
        "overview": overview,
        "board": board,
        "period_names": [board.period_name(period) for period in overview.periods],
        "mark": _mark(overview),
        "seen": sha256(repr(overview.reach).encode()).hexdigest()[:16],
    }


def _mark(overview: Overview) -> str:
    """Changes when a period closes, an alert changes or the campaign does."""
    said = (overview.state, overview.version, overview.periods, overview.alerts)
    return sha256(repr(said).encode()).hexdigest()[:16]


def _words(definition: Definition) -> dict[str, object]:
    """The initiative's own texts in the campaign's first language."""
    language, initiative = definition.default_language, definition.initiative
    return {
        "lang": language,
        "initiative": pick(initiative.title, language, language),
        "what": pick(initiative.what, language, language),
        "why": pick(initiative.why, language, language),
        "sponsor": initiative.sponsor,
        "goals": [(pick(goal.title, language, language), goal) for goal in initiative.goals],
        "title": pick(definition.campaign.title, language, language),
    }
