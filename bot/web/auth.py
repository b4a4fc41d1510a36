"""Who may see what: the dashboard's password, and the person behind a chat page.

A password is compared in constant time and never stored in the session; wrong tries are counted a
minute long per address. A session is void as soon as the password changes.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from bot.settings import Settings
from bot.web.context import application
from campaigns.domain.rights import COPY_MINUTES

SESSION_HOURS = 8
MAX_WRONG_TRIES = 5
TRIES_WINDOW = timedelta(minutes=1)
_ADDRESSES_REMEMBERED = 10_000
_CHAT, _COPY = "personal chat link", "copy of one's own data"
_CONSOLE = ("/dashboard", "/data-protection")

pages = Blueprint("auth", __name__)
P = ParamSpec("P")
Page = str | Response | tuple[str, int]


class Throttle:
    """Counts wrong tries of each address in this process and refuses after too many in a minute."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()

    def check(self, address: str, now: datetime) -> None:
        """Raises TooManyRequests when the address has used up its tries."""
        tries = self._wrong.get(address, deque())
        while tries and tries[0] <= now - TRIES_WINDOW:
            tries.popleft()
        if len(tries) >= MAX_WRONG_TRIES:
            raise TooManyRequests

    def count(self, address: str, now: datetime) -> None:
        """One more wrong try; the longest forgotten address makes room."""
        self._wrong.setdefault(address, deque(maxlen=MAX_WRONG_TRIES)).append(now)
        self._wrong.move_to_end(address)
        if len(self._wrong) > _ADDRESSES_REMEMBERED:
            self._wrong.popitem(last=False)


def console_only(page: Callable[P, Page]) -> Callable[P, Page]:
    """The page opens for whoever has signed in; in a demo for everybody."""

    @wraps(page)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Page:
        if application().settings.environment == "demo" or signed_in():
            return page(*args, **kwargs)
        return redirect(url_for("auth.sign_in", next=request.path))

    return guarded


def signed_in() -> bool:
    """Whether this session has given the present password less than eight hours ago."""
    until, mark = session.get("console_until"), session.get("console_mark", "")
    return (
        isinstance(until, int | float)
        and isinstance(mark, str)
        and application().now().timestamp() < until
        and hmac.compare_digest(mark, _password_mark())
    )


def console_name() -> str:
    """How the audit log names this session: all share one password, but no two the same name."""
    mark = session.get("console_name", "")
    return f"console {mark}" if isinstance(mark, str) and mark else "console"


def enter_chat_as(person_external_id: str) -> None:
    """From now on this session is that person's chat."""
    session["person"] = person_external_id


def require_chat_of(external_id: str) -> None:
    """403 unless this session may chat as that person; outside production everybody may."""
    if application().settings.environment == "production" and session.get("person") != external_id:
        abort(403)


@pages.get("/sign-in")
def sign_in() -> Page:
    """The form for the dashboard's password."""
    return render_template("sign_in.html", wrong=False, next=_safe_next(request.args.get("next")))


@pages.post("/sign-in")
def check_password() -> Page:
    """Opens the dashboard, or shows the form again with 401; 429 after too many wrong tries."""
    now, address = application().now(), request.remote_addr or ""
    throttle = _throttle()
    throttle.check(address, now)
    wanted = _safe_next(request.form.get("next"))
    given = request.form.get("password", "")
    right = application().settings.console_password.get_secret_value()
    if not hmac.compare_digest(given.encode(), right.encode()):
        throttle.count(address, now)
        return render_template("sign_in.html", wrong=True, next=wanted), 401
    session["console_until"] = (now + timedelta(hours=SESSION_HOURS)).timestamp()
    session["console_mark"] = _password_mark()
    session["console_name"] = secrets.token_hex(3)
    return redirect(wanted, code=303)


@pages.post("/sign-out")
def sign_out() -> Page:
    """Forgets everything this session was allowed to do."""
    session.clear()
    return redirect(url_for("start.start"), code=303)


@pages.record
def _remember_throttle(state: BlueprintSetupState) -> None:
    state.app.extensions["bellwether_throttle"] = Throttle()


def _throttle() -> Throttle:
    throttle: Throttle = current_app.extensions["bellwether_throttle"]
    return throttle


def _password_mark() -> str:
    settings = application().settings
    key = settings.secret_key.get_secret_value().encode()
    password = settings.console_password.get_secret_value().encode()
    return hmac.new(key, b"console\0" + password, hashlib.sha256).hexdigest()


def _safe_next(address: str | None) -> str:
    """A path on these pages; anything that leads elsewhere becomes the dashboard."""
    try:
        parts = urlsplit(address or "")
    except ValueError:  # half an address, such as `http://[`
        return url_for("dashboard.campaigns")
    local = not parts.scheme and not parts.netloc and parts.path.startswith(_CONSOLE)
    return parts.path if local and "\\" not in parts.path else url_for("dashboard.campaigns")


def chat_link(settings: Settings, external_id: str) -> str:
    """The personal address that opens this person's chat for `token_days` days."""
    token = _link_signer(settings).dumps(external_id)
    return f"{settings.public_url.rstrip('/')}/chat/enter/{token}"


def open_chat_link(token: str) -> str:
    """Whose link it is; 400 for one that is forged or too old."""
    settings = application().settings
    try:
        external_id = _link_signer(settings).loads(token, max_age=settings.token_days * 86_400)
    except BadData:
        abort(400)
    return str(external_id)


def copy_link(settings: Settings, external_id: str) -> str:
    """The address at which this person can save their own data, for a quarter of an hour."""
    token = _link_signer(settings, _COPY).dumps(external_id)
    return f"{settings.public_url.rstrip('/')}/copy/{token}"


def open_copy_link(token: str) -> str:
    """Whose link it is; 404 for one that is forged or too old."""
    try:
        found = _link_signer(application().settings, _COPY).loads(token, max_age=COPY_MINUTES * 60)
    except BadData:
        abort(404)
    return str(found)


def _link_signer(settings: Settings, salt: str = _CHAT) -> URLSafeTimedSerializer:
    newest_last = settings.secret_key.get_secret_value().split(",")[::-1]
    return URLSafeTimedSerializer(newest_last, salt=salt)
