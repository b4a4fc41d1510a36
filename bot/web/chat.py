"""One person's conversation in the browser: what the bot wrote, and what a press does.

It renders neutral messages and hands sealed presses to the conversation, like any other chat. What
a person writes goes straight through: it is never put into an address, a log or the session.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from bot.tokens import TokenError
from bot.web import auth
from bot.web.context import active_person, application
from bot.web.dates import local_day, local_moment
from campaigns.domain import results_message, rights
from campaigns.domain.audit import Deed, agent
from campaigns.domain.home import title
from campaigns.domain.messages import Action, Event, Message, Outcome, Sealed, Tap
from campaigns.domain.people import Person
from campaigns.domain.wording import say
from campaigns.flows import deciding, greeting, publishing, sharing, showing, telling
from campaigns.flows.auditing import note
from campaigns.storage import campaigns, directory, mailbox
from campaigns.storage.mailbox import Posted

MAX_MESSAGES = 100
MAX_TEXT = 4000  # a form's own limit is lower; this one holds for forged forms
PAUSE_DAYS = 28
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

pages = Blueprint("chat", __name__)


@dataclass(frozen=True)
class Item:
    """One message as the page shows it; `seal` turns a tap into its button's value, and `words`
    reads what a sealed part stands for, at this moment and for this page alone."""

    message: Message
    posted: str
    posted_at: datetime
    seal: Callable[[Tap], str]
    words: Callable[[Sealed], str]
    is_new: bool = False
    is_reply: bool = False

    @property
    def asks(self) -> bool:
        """Whether there is a question in it, which then takes the focus after a press.

        An alert's note is for its end: there the heading does.
        """
        return self.message.importance != "alert" and showing.asks(self.message)


@pages.get("/chat/enter/<token>")
def enter(token: str) -> Response:
    """Opens the chat of whom the personal link belongs to, on this device from now on."""
    external_id = auth.open_chat_link(token)
    auth.enter_chat_as(external_id)
    return redirect(url_for("chat.show", external_id=external_id))


@pages.get("/chat/<external_id>/questions")
def home(external_id: str) -> str:
    """What can be asked and what was answered for everybody, a card a campaign."""
    person = _person(external_id)
    here = application()
    with here.database.read() as connection:
        messages = publishing.home(connection, here.vault, person)
        latest = mailbox.latest_change(connection, person.id)
        team = directory.tree(connection).teams[person.team_id].name
    cards = [_item(person, Posted("", person.id, one, here.now(), here.now())) for one in messages]
    return render_template("questions.html", items=cards, team=team, **_chrome(person, latest))


@pages.get("/chat/<external_id>/results")
def results(external_id: str) -> str:
    """The released results of the person's own groups, and what is decided about them."""
    person, now = _person(external_id), application().now()
    with application().database.read() as c:
        message = results_message.results(sharing.shared(c, person), person.language)
        own = deciding.as_agent(c, person)
        known = campaigns.all_launched(c) if own.nodes else []
        mine = {
            one.key: title(one.definition, person.language)
            for one in known
            if deciding.heard(c, one, own)
        }
    item = _item(person, Posted("", person.id, message, now, now))
    return render_template("results.html", item=item, mine=mine, **_chrome(person, None))


@pages.get("/chat/<external_id>")
def show(external_id: str) -> str:
    """The conversation, newest message last."""
    person = _person(external_id)
    with application().database.read() as connection:
        posted = _current(connection, mailbox.thread(connection, person.id, MAX_MESSAGES))
        latest = mailbox.latest_change(connection, person.id)
        team = directory.tree(connection).teams[person.team_id].name
    items = [_item(person, one) for one in posted]
    _note_alerts(person, items)
    return render_template("chat.html", items=items, team=team, **_chrome(person, latest))


@pages.get("/chat/<external_id>/updates")
def updates(external_id: str) -> Response:
    """What changed after `since`, as pieces to swap in; 204 and nothing where nothing did."""
    person = _person(external_id)
    since = _moment(request.args.get("since", ""))
    with application().database.read() as connection:
        latest = mailbox.latest_change(connection, person.id)
    if latest is None or latest <= since:
        return Response(status=204)
    return _pieces(person, since)


@pages.get("/chat/<external_id>/held")
def held(external_id: str) -> str:
    """The person's own wishes and what is kept about them; nothing of it is stored."""
    person, now = _person(external_id), application().now()
    with application().database.read() as connection:
        vault = application().vault
        told = [greeting.settings(person, now), telling.held(connection, vault, person, now)]
    copy = url_for("copies.own", external_id=external_id)
    told.append(rights.card(person.language, rights.copy_link(person.language, copy)))
    items = [_item(person, Posted("", person.id, message, now, now)) for message in told]
    return render_template("held.html", items=items, **_chrome(person, None))


@pages.post("/chat/<external_id>")
def act(external_id: str) -> Response:
    """One press: done once however often it is sent, then the page as it stands after it."""
    person = _person(external_id)
    event = _event(person)
    outcome = application().conversation.handle(event)
    if request.headers.get("HX-Request") != "true":
        anchor = f"m-{event.delivery_key}" if event.delivery_key else None
        flash(outcome.toast)  # our own words, never the person's
        return redirect(url_for("chat.show", external_id=external_id, _anchor=anchor), code=303)
    since = _moment(request.form.get("since", ""))
    return _pieces(_person(external_id), since, event.delivery_key, outcome)


def _person(external_id: str) -> Person:
    auth.require_chat_of(external_id)
    return active_person(external_id)


def _event(person: Person) -> Event:
    """The press behind the form's token, if it is this person's; 400 otherwise."""
    text = request.form.get("text")
    if text is not None and len(text) > MAX_TEXT:
        abort(413)
    try:
        event = application().tokens.open(request.form.get("token", ""))
    except TokenError:
        abort(400)
    if event.person_id != person.id:
        abort(400)
    choice = request.form.get("choice", "")[:40]
    if text is None:
        return event
    return replace(event, text=text.replace("\r\n", "\n"), choice=choice)


def _pieces(
    person: Person, since: datetime, reply_key: str = "", outcome: Outcome | None = None
) -> Response:
    with application().database.read() as connection:
        thread = mailbox.thread(connection, person.id, MAX_MESSAGES)
        fresh = {one.message.key for one in thread if one.changed_at > since}
        fresh |= _outdated(thread, since) - {reply_key}
        wanted = [one for one in thread if one.message.key in fresh | {reply_key}]
        changed = _current(connection, wanted)
        latest = mailbox.latest_change(connection, person.id)
    changed.sort(key=lambda one: (one.message.key == reply_key, one.changed_at))
    items = [_piece(person, one, since, reply_key, outcome) for one in changed]
    _note_alerts(person, items)
    toast = outcome.toast if outcome else ""
    html = render_template("_updates.html", items=items, toast=toast, **_chrome(person, latest))
    return make_response(html)


def _note_alerts(person: Person, items: Sequence[Item]) -> None:
    """An agent who is shown alerts is in the audit log; nobody else is, for what is their own."""
    here, n = application(), sum(one.message.importance == "alert" for one in items)
    if n:
        note(
            here.database, agent(person.external_id), Deed.SAW_ALERTS, here.now(), "", f"{n} shown"
        )


def _outdated(thread: Sequence[Posted], since: datetime) -> set[str]:
    """What reads otherwise although nobody changed it: the question before a new one, a pause,
    and an offer to learn from words that a model has read since."""
    asking = [one for one in thread if showing.asks(one.message)]
    before = [one for one, after in pairwise(asking) if after.posted_at > since >= one.posted_at]
    fading = [
        one
        for one in thread
        if showing.says_paused(one.message) or showing.speaks_of_words(one.message)
    ]
    return {one.message.key for one in [*before, *fading]}


def _piece(
    person: Person, posted: Posted, since: datetime, reply_key: str, outcome: Outcome | None
) -> Item:
    """One message to swap in; the pressed one always, for its buttons may be used up."""
    is_reply = posted.message.key == reply_key
    if is_reply and outcome and outcome.message and outcome.message.key == reply_key:
        posted = replace(posted, message=outcome.message)
    return replace(_item(person, posted), is_reply=is_reply, is_new=posted.posted_at > since)


def _current(connection: Connection, posted: Sequence[Posted]) -> list[Posted]:
    """The person's messages as they stand at this moment."""
    if not posted:
        return []
    messages = [one.message for one in posted]
    now = application().now()
    shown = showing.current(connection, posted[0].person_id, messages, now)
    return [replace(one, message=message) for one, message in zip(posted, shown, strict=True)]


def _item(person: Person, posted: Posted) -> Item:
    def seal(tap: Tap) -> str:
        return application().tokens.seal(person.id, posted.message.key, tap)

    def words(part: Sealed) -> str:
        event = Event(person.id, posted.message.key, part.tap)
        outcome = application().conversation.handle(event)
        return outcome.words or outcome.toast

    return Item(
        posted.message,
        local_moment(posted.posted_at, person.time_zone, person.language),
        posted.posted_at,
        seal,
        words,
    )


def _chrome(person: Person, latest: datetime | None) -> dict[str, Any]:
    """What stands around the messages, in the person's language and local time."""
    now = application().now()
    paused_until = person.paused_until if (person.paused_until or now) > now else None
    tap = Tap(Action.RESUME) if paused_until else Tap(Action.PAUSE, value=str(PAUSE_DAYS))

    def words(source: str, /, **values: object) -> str:
        return say(person.language, source, **values)

    return {
        "person": person,
        "lang": person.language,
        "act_address": url_for("chat.act", external_id=person.external_id),
        "words": words,
        "clock": local_moment(now, person.time_zone, person.language),
        "zone": ZoneInfo(person.time_zone).key,
        "paused_until": paused_until and local_day(paused_until, person.time_zone, person.language),
        "pause_token": application().tokens.seal(person.id, "", tap),
        "since": ((latest or _EPOCH) - _EPOCH) // _TICK,
        "Tap": Tap,
        "answer": Action.ANSWER,
    }


def _moment(text: str) -> datetime:
    """The moment behind microseconds since 1970; 400 for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 17):
        abort(400)
    return _EPOCH + int(text) * _TICK
