"""A window onto the test server: what one of its people sees in Slack, and what they can do there.

Pages without any script. Whatever is done here goes through the server's own functions, so that
Bellwether hears of it by an envelope of Socket Mode, as from Slack. No part of the product.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from bot.web.dates import local_day, local_moment
from tests.slack.sending import Sent
from tests.slack.workspace import Message, View

if TYPE_CHECKING:
    from tests.slack.demo import Demo

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "bot" / "web" / "static"
COMMAND = "/bellwether"
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
PATIENCE, LULL = 3.0, 0.25  # seconds: until something is to be seen, and for what comes with it
TABS = ("messages", "home")
_SENTENCES = {
    400: "This form was open for too long, or came from elsewhere. Go back, reload and try again.",
    404: "There is no such page here.",
    405: "This address can't be used in that way.",
}
pages = Blueprint("window", __name__)


@dataclass(frozen=True)
class Onlooker:
    """One of the people whose Slack can be looked at."""

    id: str
    name: str
    team: str
    told: str
    time_zone: str
    language: str


def create_window(demo: "Demo") -> Flask:
    """The pages over that demo."""
    app = Flask(__name__, static_folder=STATIC)
    app.config.update(
        SECRET_KEY=secrets.token_urlsafe(32),
        SESSION_COOKIE_NAME="bellwether-slack-demo",  # cookies know no ports
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=64 * 1024,
    )
    app.extensions["demo"] = demo
    app.extensions["read"] = {}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["literal"] = unescape  # the one text in which Slack escapes three signs
    CSRFProtect(app)
    app.register_blueprint(pages)
    app.register_error_handler(HTTPException, _told)
    app.after_request(_with_headers)
    return app


def _demo() -> "Demo":
    return cast("Demo", current_app.extensions["demo"])


def _with_headers(response: Response) -> Response:
    rule = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    response.headers["Content-Security-Policy"] = rule
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _told(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    own = error.description if code == 404 and error.description != type(error).description else ""
    said = own or _SENTENCES.get(code) or "That did not work."
    return render_template("error.html", said=said, code=code, **_around()), code


def _around() -> dict[str, Any]:
    """What every page shows: who there is, who has something new, what time it is."""
    demo, read = _demo(), current_app.extensions["read"]
    news = {one.id for one in demo.people if _newest(one) > read.get(one.id, "")}
    agency = demo.people[0].time_zone
    clock = local_moment(demo.now(), agency, "en"), local_day(demo.now(), agency, "en")
    address = demo.stage.address
    return {"people": demo.people, "news": news, "clock": clock, "pages": address, "steps": STEPS}


def _newest(person: Onlooker) -> str:
    shown = _demo().slack.messages(person.id)
    return shown[-1].ts if shown else ""


def _person(user_id: str) -> Onlooker:
    found = next((one for one in _demo().people if one.id == user_id), None)
    return found or abort(404, "Nobody in this demo has that id. Choose one of these people.")


@pages.get("/")
def start() -> BaseResponse:
    """The first person's messages."""
    return redirect(url_for("window.show", user_id=_demo().people[0].id, tab="messages"))


@pages.get("/window.css")
def style() -> Response:
    """How it looks."""
    return send_from_directory(HERE / "templates", "window.css")


@pages.get("/people/<user_id>/<any(messages, home):tab>")
def show(user_id: str, tab: str) -> str:
    """The person's conversation with the app, or its Home page, freshly opened."""
    person = _person(user_id)
    if tab == "home":
        _demo().slack.open_home(user_id)
    return _page(person, tab)


def _page(
    person: Onlooker,
    tab: str,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    slack = _demo().slack
    if tab == "messages":
        current_app.extensions["read"][person.id] = _newest(person)
    views = slack.views(person.id)
    return render_template(
        "page.html",
        person=person,
        tab=tab,
        days=_by_day(slack.messages(person.id), person),
        home=slack.home(person.id),
        view=views[-1] if views else None,
        errors=errors or {},
        typed=typed or {},
        command=COMMAND,
        **_around(),
    )


def _by_day(messages: list[Message], person: Onlooker) -> list[tuple[str, list[Any]]]:
    def day(one: Message) -> str:
        return local_day(_moment(one), person.time_zone, "en")

    def clock(one: Message) -> str:
        return local_moment(_moment(one), person.time_zone, "en").rpartition(" ")[2]

    return [(name, [(clock(one), one) for one in some]) for name, some in groupby(messages, day)]


def _moment(one: Message) -> datetime:
    return datetime.fromtimestamp(float(one.ts), UTC)


@pages.post("/people/<user_id>/<any(messages, home):tab>/tap")
def tap(user_id: str, tab: str) -> BaseResponse:
    """A button is pressed, or something chosen from a menu."""
    person, form, slack = _person(user_id), request.form, _demo().slack
    where = _where(person, form.get("where", ""))
    choice = form.get("choice")
    if form.get("kind") == "users_select" and choice:
        _person(choice)
    before = _seen(user_id)
    try:
        sent = slack.select(
            user_id, where, form.get("action", ""), choice, block_id=form.get("block", "")
        )
    except AssertionError:
        abort(404, "That button is not there, or no longer: the message has changed meanwhile.")
    _until_seen(user_id, before, sent)
    if address := form.get("address"):
        flash(f"Slack would open {address} now. The demo leaves it at that: it is invented, too.")
    return _back(person, tab, where.ts if isinstance(where, Message) else "")


@pages.post("/people/<user_id>/<any(messages, home):tab>/submit")
def submit(user_id: str, tab: str) -> BaseResponse | tuple[str, int]:
    """The open window is sent off with what was typed into it."""
    person, slack = _person(user_id), _demo().slack
    view = _open_view(person, request.form.get("view", ""))
    before = _seen(user_id)
    try:
        sent = slack.submit(view, request.form)
    except AssertionError:
        flash("Slack does not send this off: a field is empty, or holds too much.")
        return _page(person, tab, typed=request.form), 422
    if (response := sent.response or {}).get("response_action") == "errors":
        return _page(person, tab, response["errors"], request.form), 422
    _until_seen(user_id, before, sent)
    return _back(person, tab, "")


@pages.post("/people/<user_id>/<any(messages, home):tab>/close")
def close(user_id: str, tab: str) -> BaseResponse:
    """The open window is closed, and what was typed is gone."""
    person = _person(user_id)
    _demo().slack.close(_open_view(person, request.form.get("view", "")))
    return _back(person, tab, "")


@pages.post("/people/<user_id>/command")
def command(user_id: str) -> BaseResponse:
    """A line is typed and sent; only our own slash command is one that Slack hands on."""
    person, typed = _person(user_id), request.form.get("text", "").strip()
    name, _, text = typed.partition(" ")
    if name != COMMAND:
        flash(f"Only {COMMAND} can be typed here: Bellwether's messages are not a place to write.")
        return _back(person, "messages", "")
    before = _seen(user_id)
    _until_seen(user_id, before, _demo().slack.command(user_id, text))
    return _back(person, "messages", _newest(person))


@pages.post("/later")
def later() -> BaseResponse:
    """Time passes: an hour, a day, a week."""
    step = STEPS.get(request.form.get("step", ""))
    if step is None:
        abort(404, "Time can move on by an hour, a day or a week.")
    person, tab = _person(request.form.get("person", "")), request.form.get("tab", "")
    _demo().wait_for(step)
    return _back(person, tab if tab in TABS else "messages", "")


def _where(person: Onlooker, name: str) -> Message | View:
    slack = _demo().slack
    for message in slack.messages(person.id):
        if message.ts == name:
            return message
    home = slack.home(person.id)
    return home if home is not None and home.id == name else _open_view(person, name)


def _open_view(person: Onlooker, name: str) -> View:
    found = next((one for one in _demo().slack.views(person.id) if one.id == name), None)
    return found or abort(404, "What you pressed on is not open any more. Go back and reload.")


def _seen(user_id: str) -> tuple[object, ...]:
    slack = _demo().slack
    return slack.messages(user_id), slack.views(user_id), slack.home(user_id)


def _until_seen(user_id: str, before: tuple[object, ...], sent: Sent) -> None:
    """Waits for what the app does about it; says so where it did not even acknowledge."""
    if not sent.acked:
        flash("Bellwether did not answer within three seconds. Slack would show a warning sign.")
        return
    wait = _demo().slack.workspace.until
    wait(lambda: _seen(user_id) != before, PATIENCE)
    wait(lambda: False, LULL)


def _back(person: Onlooker, tab: str, ts: str) -> BaseResponse:
    place = f"m-{ts}" if ts else None
    address = url_for("window.show", user_id=person.id, tab=tab, _anchor=place)
    return redirect(address, code=303)
