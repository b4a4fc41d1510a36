"""The first page: what this is, and the ways in."""

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from bot.web.context import application

pages = Blueprint("start", __name__)


@pages.get("/")
def start() -> str:
    """What Bellwether is; in a demo also what is played and which day it is there."""
    return render_template("start.html", today=application().now())


@pages.get("/favicon.ico")
def favicon() -> BaseResponse | Response:
    """Browsers ask here unasked; the bell is an SVG."""
    return redirect(url_for("static", filename="bell.svg"), code=301)
