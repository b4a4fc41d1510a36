"""The Flask application: settings, headers, errors and the list of its pages.

Nothing here knows what a page shows. It must never print what a person sent, nor why a page broke,
to the person or to a log beyond type and page name.
"""

import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from bot.logs import described
from bot.web import (
    auth,
    chat,
    copies,
    coverage,
    dashboard,
    faq,
    health,
    ledger,
    protection,
    staff,
    stakeholders,
    start,
)
from bot.web.context import application as application_of_request
from bot.web.dates import local_day
from campaigns.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from bot.wiring import Application

MAX_BODY_BYTES = 64 * 1024
_log = logging.getLogger(__name__)
_STATIC = Path(__file__).parent / "static"

_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A strict check of forms over https needs the referrer on our own pages; nobody else gets it.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_FRIENDLY = {
    400: ("That did not work", "Something in this request was not readable. Nothing was changed."),
    403: ("Not for you", "This page belongs to somebody else, or you have been signed out."),
    404: ("Nothing here", "There is no such page. It may have moved, or the link is incomplete."),
    405: ("That did not work", "This address can't be used in that way. Nothing was changed."),
    413: ("Too much at once", "What was sent is longer than we take. Nothing was changed."),
    429: ("Please wait a minute", "There were too many tries in a row. Try again in a minute."),
    500: ("Sorry, that was our fault", "Something went wrong here. Try again in a moment."),
}


def create_app(application: "Application") -> Flask:
    """All pages over that application; every response carries the security headers."""
    app = Flask(__name__)
    app.url_map.merge_slashes = False  # its redirect would repeat whatever host was asked for
    settings = application.settings
    newest, *older = settings.secret_key.get_secret_value().split(",")
    app.config.update(
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=50,
        SESSION_COOKIE_NAME="bellwether",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,  # every address carries the file's hash
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a chat may stay open for days
    )
    app.extensions["bellwether"] = application
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(static=_static_address(), icon=_icon)
    CSRFProtect(app)
    console = (coverage, dashboard, faq, ledger, protection, stakeholders)
    for module in (start, health, auth, staff, chat, copies, *console):
        app.register_blueprint(module.pages)
    app.after_request(_with_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)
    app.context_processor(_for_all_templates)
    return app


def _for_all_templates() -> dict[str, object]:
    here = application_of_request()
    demo = here.settings.environment == "demo"
    return {
        "environment": here.settings.environment,
        "signed_in": auth.signed_in,
        "demo_today": local_day(here.now(), "UTC", "en") if demo else "",
    }


def _static_address() -> "object":
    hashes = {
        str(path.relative_to(_STATIC)): hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        for path in _STATIC.rglob("*")
        if path.is_file()
    }

    def address(name: str) -> str:
        return url_for("static", filename=name, v=hashes[name])

    return address


def _icon(name: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        current_app.jinja_env.globals["static"]("icons.svg"),  # type: ignore[operator]
        name,
    )


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:  # a redirect
        return error
    return _page(code, "form" if isinstance(error, CSRFError) else "")


def _unforeseen(error: Exception) -> tuple[str, int]:
    """The outermost edge: foreseen refusals become their page, everything else a plain 500."""
    if isinstance(error, NotFoundError):
        return _page(NotFound.code)
    if isinstance(error, InputError):
        return _page(BadRequest.code)
    _log.error("Page %s failed: %s", request.endpoint, described(error))
    return _page(500)


def _page(code: int, reason: str = "") -> tuple[str, int]:
    title, text = _FRIENDLY.get(code, _FRIENDLY[400 if code < 500 else 500])
    if reason == "form":
        text = "This page was open for too long. Go back, reload it and try again."
    return render_template("error.html", code=code, title=title, text=text), code
