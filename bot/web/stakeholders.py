"""The comms team's page of a campaign's stakeholders: how much each counts, and who is due when.

It shows what stands in the campaign file and the calendar that follows from it; no answer, ever.
"""

from datetime import date
from itertools import groupby

from flask import Blueprint, abort, render_template

from bot.web import board
from bot.web.auth import Page, console_only
from bot.web.context import application
from campaigns.domain.definition import Definition, pick
from campaigns.domain.stakeholders import LEVELS, Stakeholder, Talk, cell, talks
from campaigns.storage import campaigns as stored
from campaigns.storage import responsible

WEEKS_SHOWN = 6
KINDS = {
    "internal": "inside the house",
    "citizens": "speaks for citizens",
    "government": "government",
    "partner": "partner",
}
pages = Blueprint("stakeholders", __name__)


@pages.get("/dashboard/<key>/stakeholders")
@console_only
def show(key: str) -> Page:
    """The register as a grid, and the weeks to come; 404 for a campaign that was never launched."""
    if not key.isprintable():  # no campaign's key; some databases refuse to look for one
        abort(404)
    here = application()
    with here.database.read() as connection:
        launched = stored.by_key(connection, key)
        register = launched.definition.initiative.stakeholders
        owners = responsible.active(connection, [one.owner for one in register])
    today, language = here.now().date(), launched.definition.default_language
    due = talks(register, launched.launched_at.date(), today, WEEKS_SHOWN)
    return render_template(
        "stakeholders.html",
        key=key,
        lang=language,
        initiative=pick(launched.definition.initiative.title, language, language),
        title=pick(launched.definition.campaign.title, language, language),
        register=register,
        levels=LEVELS,
        cell=cell,
        kinds=KINDS,
        rhythm=rhythm,
        weeks=_weeks(due, today),
        names=_names(launched.definition),
        owners={one.external_id: one.name for one in owners},
    )


def rhythm(stakeholder: Stakeholder) -> str:
    """How often somebody is talked to, in words."""
    match stakeholder.every_weeks:
        case None:
            return "once"
        case 1:
            return "every week"
        case n_weeks:
            return f"every {n_weeks} weeks"


def _weeks(due: list[Talk], today: date) -> list[tuple[str, list[Stakeholder]]]:
    """Weeks in which somebody is due, the running one as "this week"."""
    found = []
    for week, group in groupby(due, lambda talk: talk.week):
        name = "This week" if week <= today else f"From {board.day(week)}"
        found.append((name, [talk.stakeholder for talk in group]))
    return found


def _names(definition: Definition) -> dict[str, str]:
    language = definition.default_language
    return {
        one.key: pick(one.name, language, language) for one in definition.initiative.stakeholders
    }
