"""The list on which one picks a member of staff to chat as. It does not exist in production."""

from itertools import groupby

from flask import Blueprint, abort, render_template, request

from bot.web.context import application
from campaigns.storage import directory, staff_search

PAGE_SIZE = 60
MAX_SEARCH = 100
pages = Blueprint("staff", __name__)


@pages.get("/chat")
def pick() -> str:
    """The searchable list by team, a page at a time; 404 in production."""
    if application().settings.environment == "production":
        abort(404)
    text = request.args.get("q", "")[:MAX_SEARCH]
    number = _page_number(request.args.get("page", "1"))
    with application().database.read() as connection:
        found = staff_search.search(connection, text, (number - 1) * PAGE_SIZE, PAGE_SIZE + 1)
        total = directory.count(connection)
    groups = [(team, list(people)) for team, people in groupby(found[:PAGE_SIZE], _team)]
    context = {
        "groups": groups,
        "q": text,
        "page": number,
        "more": len(found) > PAGE_SIZE,
        "total": total,
    }
    part = request.headers.get("HX-Request") == "true"
    return render_template("_staff_list.html" if part else "staff.html", **context)


def _team(found: staff_search.Found) -> str:
    return found.team


def _page_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 10_000):
        abort(400)
    return int(text[:6])
