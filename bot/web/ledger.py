"""The pages of "You said, we did": what groups said, what is decided about it, and telling them.

The comms team writes about every group, a change agent about their own teams. A page shows themes
that were released and the words of whoever decided; what is typed goes into no address, no log and
no session.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection

from bot.web import auth, board
from bot.web.auth import Page, console_name, console_only
from bot.web.context import active_person, application
from campaigns.domain.audit import Deed
from campaigns.domain.definition import pick
from campaigns.domain.home import owing as owing_words
from campaigns.domain.ledger import LONGEST_TEXT, Course, Decision, Refused, Voice
from campaigns.domain.naming import theme_name
from campaigns.domain.told_message import Told
from campaigns.errors import StateError
from campaigns.flows import deciding, holding, reporting, telling_back
from campaigns.flows.auditing import note
from campaigns.flows.deciding import Author, Draft
from campaigns.storage import campaigns as stored
from campaigns.storage import directory
from campaigns.storage.campaigns import STOPPED, Launched

pages = Blueprint("ledger", __name__)
_NO_DATE = "A date is needed, such as 2027-05-31."
EVERYBODY = "Everybody"
_REFUSED = {
    Refused.NOT_RELEASED: "Pick what a group said from the list: only published themes can be.",
    Refused.NO_TEXT: "Say what is decided, at least in the campaign’s first language.",
    Refused.NO_REASON: "Say why it is not done, at least in the campaign’s first language.",
    Refused.TOO_LONG: f"A text may have {LONGEST_TEXT} characters at the most.",
    Refused.NO_OWNER: "Nobody who works here has that id: take one from the column id of the staff "
    "file.",
    Refused.CHANGED: "Somebody else has changed it meanwhile. It reads now as you see it on the "
    "page; what you wrote is still in the form.",
    Refused.GONE: "It is no longer there.",
    Refused.STOPPED: "The campaign was stopped and sends nothing any more.",
    Refused.TOLD: "The group was told before; nobody gets it twice.",
}


@dataclass(frozen=True)
class Form:
    """What stands in a form: of an entry, of a new one (id 0), or of one that was refused."""

    said: str = ""
    course: Course = Course.PLANNED
    text: Mapping[str, str] = field(default_factory=dict)
    reason: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    due_on: str = ""
    id: int = 0
    version: int = 0
    problem: str = ""

    def draft(self) -> Draft | None:
        """The same as an entry; None where the date isn't one."""
        try:
            due_on = date.fromisoformat(self.due_on)
        except ValueError:
            return None
        decision = Decision(self.course, self.text, due_on, self.reason)
        return Draft(self.said, decision, self.owner)


@dataclass(frozen=True)
class Line:
    """One entry as the page shows it, and the form to change it."""

    told: Told
    said: str
    form: Form


@dataclass(frozen=True)
class Desk:
    """Whose page it is: the author, where its forms go, and where it leads back to."""

    author: Author
    act: str
    back: str


@pages.get("/dashboard/<key>/ledger")
@console_only
def show(key: str) -> Page:
    """All entries of the campaign, and a form for a new one; 404 where it was never launched."""
    return _show(_of_console(key), key)


@pages.post("/dashboard/<key>/ledger")
@console_only
def act(key: str) -> Page:
    """An entry is written, changed or told; what was refused stays in its form, with 422."""
    return _act(_of_console(key), key)


@pages.get("/chat/<external_id>/ledger/<key>")
def show_own(external_id: str, key: str) -> Page:
    """The same for a change agent's teams; 404 for anybody else."""
    return _show(_of_agent(external_id, key), key)


@pages.post("/chat/<external_id>/ledger/<key>")
def act_own(external_id: str, key: str) -> Page:
    """The same for a change agent's teams; 404 for anybody else."""
    return _act(_of_agent(external_id, key), key)


def _of_console(key: str) -> Desk:
    back = url_for("dashboard.show", key=key)
    return Desk(Author(console_name()), url_for("ledger.act", key=key), back)


def _of_agent(external_id: str, key: str) -> Desk:
    auth.require_chat_of(external_id)
    person = active_person(external_id)
    with application().database.read() as c:
        author = deciding.as_agent(c, person)
    if not author.nodes:
        abort(404)
    address = url_for("ledger.act_own", external_id=external_id, key=key)
    return Desk(author, address, url_for("chat.show", external_id=external_id))


def _show(desk: Desk, key: str) -> Page:
    here = application()
    page = _page(desk, key, Form())
    note(here.database, desk.author.name, Deed.SAW_LEDGER, here.now(), key)
    return page


def _act(desk: Desk, key: str) -> Page:
    here, before = application(), (_number("entry"), _number("version"))
    _check(key)
    if "go_on" in request.form:
        return _go_on(desk, key)
    if "tell" in request.form:
        refused = telling_back.tell(here.database, key, *before, desk.author, here.now())
        flash(_REFUSED[refused] if refused else "The group is being told, within its hours.")
        return redirect(desk.act, code=303)
    typed = _typed(*before)
    if problem := _write(desk, key, typed):
        return _page(desk, key, replace(typed, problem=f"{problem} Nothing was changed.")), 422
    flash("Saved. Nobody is told of it until you say so.")
    return redirect(desk.act, code=303)


def _write(desk: Desk, key: str, typed: Form) -> str:
    """The entry is in the ledger; or what was wrong with it."""
    here, draft = application(), typed.draft()
    if draft is None:
        return _NO_DATE
    before = (typed.id, typed.version) if typed.id else None
    refused = deciding.write(here.database, key, draft, desk.author, here.now(), before)
    return _REFUSED[refused] if refused else ""


def _go_on(desk: Desk, key: str) -> Page:
    """What waits for something to be told goes on; the comms team's alone."""
    here = application()
    if desk.author.nodes is not None:
        abort(404)
    try:
        holding.go_on(here.database, key, here.now(), desk.author.name)
        flash("The pulse goes on.")
    except StateError:
        flash("Nothing waits any more.")
    return redirect(desk.act, code=303)


def _page(desk: Desk, key: str, typed: Form) -> str:
    _check(key)
    with application().database.read() as c:
        launched = stored.by_key(c, key)
        names, periods = _names(c), reporting.periods(c, launched)
        said = {
            voice.key: f"{names(voice)}, {board.period_name(periods[voice.period])}"
            for voice in deciding.heard(c, launched, desk.author)
        }
        entries = deciding.entries(c, launched, desk.author)
        told = [telling_back.named(c, entry) for entry in entries]
        owing = holding.owing(c, launched)
        owners = directory.people(c, {entry.owner_id for entry in entries})
    lines = [
        Line(one, said[one.entry.voice.key], _form(one, owners[one.entry.owner_id].external_id))
        for one in told
    ]
    now_at = {line.form.id: line.form.version for line in lines}
    typed = replace(typed, version=now_at.get(typed.id, typed.version))
    return render_template(
        "ledger.html",
        desk=desk,
        lines=lines,
        said=said,
        owing=owing if desk.author.nodes is None else None,
        typed=typed,
        fresh=Form(),
        **_words(launched),
    )


def _words(launched: Launched) -> dict[str, object]:
    definition, language = launched.definition, launched.definition.default_language
    return {
        "title": pick(definition.campaign.title, language, language),
        "initiative": pick(definition.initiative.title, language, language),
        "languages": definition.campaign.languages,
        "open": launched.state != STOPPED,
        "courses": Course,
        "longest": LONGEST_TEXT,
        "day": board.day,
        "owing_words": owing_words,
    }


def _names(c: Connection) -> Callable[[Voice], str]:
    tree = directory.tree(c)

    def name(voice: Voice) -> str:
        group = EVERYBODY if voice.node is None else tree.teams[voice.node].name
        return f"{group}: {theme_name('en', voice.theme)}"

    return name


def _form(one: Told, owner: str) -> Form:
    entry, decision = one.entry, one.entry.decision
    return Form(
        said=entry.voice.key,
        course=decision.course,
        text=decision.text,
        reason=decision.reason,
        owner=owner,
        due_on=decision.due_on.isoformat(),
        id=entry.id,
        version=entry.version,
    )


def _typed(entry_id: int, version: int) -> Form:
    """What came with the request."""
    course = request.form.get("course", "")
    return Form(
        said=request.form.get("said", ""),
        course=Course(course) if course in set(Course) else Course.PLANNED,
        text=_texts("text-"),
        reason=_texts("reason-"),
        owner=request.form.get("owner", ""),
        due_on=request.form.get("due_on", ""),
        id=entry_id,
        version=version,
    )


def _texts(prefix: str) -> dict[str, str]:
    """Language → what was typed for it."""
    return {
        name.removeprefix(prefix): text.replace("\r\n", "\n")
        for name, text in request.form.items()
        if name.startswith(prefix)
    }


def _number(name: str) -> int:
    text = request.form.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        abort(400)
    return int(text)


def _check(key: str) -> None:
    if not key.isprintable():  # no campaign's key; some databases refuse to look for one
        abort(404)
