"""The comms team's page of change agents and champions: teams without anybody first, then the load.

It shows who is named in the staff file for what, and what waits for them in that role. It says
nothing about how anybody fills it, and nothing of what staff answered.
"""

from flask import Blueprint, render_template

from bot.web.auth import Page, console_name, console_only
from bot.web.context import application
from campaigns.domain.audit import Deed
from campaigns.domain.coverage import MOST_PEOPLE, MOST_TEAMS, Cover
from campaigns.flows.auditing import note
from campaigns.flows.covering import register

HEADINGS = {
    Cover.NOBODY: "Nobody yet",
    Cover.CHAMPIONS: "A champion, and no change agent",
    Cover.FROM_ABOVE: "A change agent of a team above",
    Cover.OWN: "A change agent of their own",
}
pages = Blueprint("coverage", __name__)


@pages.get("/coverage")
@console_only
def show() -> Page:
    """The whole organisation on one page; the look is noted, because alerts are counted there."""
    here = application()
    found = register(here.database)
    detail = "how many each change agent has"
    note(here.database, console_name(), Deed.SAW_ALERTS, here.now(), "", detail)
    groups = [(HEADINGS[cover], found.coverage.with_cover(cover)) for cover in Cover]
    return render_template(
        "coverage.html",
        register=found,
        groups=[(heading, teams) for heading, teams in groups if teams],
        n_without=len(found.coverage.with_cover(Cover.NOBODY)),
        most_people=MOST_PEOPLE,
        most_teams=MOST_TEAMS,
    )
