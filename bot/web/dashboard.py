"""The dashboard."""

from flask import Blueprint

from bot.web.auth import Page, console_only

pages = Blueprint("dashboard", __name__)


@pages.get("/dashboard")
@console_only
def campaigns() -> Page:
    """The list of campaigns, or the one."""
    return "soon"
