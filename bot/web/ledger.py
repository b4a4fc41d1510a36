"""The pages of "You said, we did": what groups said, what is decided about it, and telling them.

The comms team writes about every group, a change agent about their own teams. A page shows themes
that were released and the words of whoever decided; what is typed goes into no address, no log and
no session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from bot.decided import book, course_name, refusal
from bot.web import auth
from bot.web.auth import Page, console_name, console_only
from bot.web.context import active_person, application
from campaigns.domain.audit import Deed
from campaigns.domain.definition import pick
from campaigns.domain.home import owing as owing_words
from campaigns.domain.ledger import LONGEST_TEXT, Course, Decision
from campaigns.domain.told_message import Told
from campaigns.domain.wording import say, say_date
from campaigns.errors import StateError
from campaigns.flows import deciding, holding, telling_back
from campaigns.flows.auditing import note
from campaigns.flows.deciding import Author, Draft
from campaigns.storage import campaigns as stored
from campaigns.storage.campaigns import STOPPED, Launched

pages = Blueprint("ledger", __name__)


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
    """Whose page it is: the author and their language, where its forms go, and where it leads
    back to."""

    author: Author
    language: str
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
    return Desk(Author(console_name()), "en", url_for("ledger.act", key=key), back)


def _of_agent(external_id: str, key: str) -> Desk:
    auth.require_chat_of(external_id)
    person = active_person(external_id)
    with application().database.read() as c:
        author = deciding.as_agent(c, person)
    if not author.nodes:
        abort(404)
    address = url_for("ledger.act_own", external_id=external_id, key=key)
    back = url_for("chat.show", external_id=external_id)
    return Desk(author, person.language, address, back)


def _show(desk: Desk, key: str) -> Page:
    here = application()
    page = _page(desk, key, Form())
    note(here.database, desk.author.name, Deed.SAW_LEDGER, here.now(), key)
    return page


def _act(desk: Desk, key: str) -> Page:
    before = (_number("entry"), _number("version"))
    _check(key)
    if "go_on" in request.form:
        return _go_on(desk, key)
    if "tell" in request.form:
        return _tell(desk, key, *before)
    typed = _typed(*before)
    if problem := _write(desk, key, typed):
        return _page(desk, key, replace(typed, problem=problem)), 422
    flash(say(desk.language, "Saved. Nobody is told of it until you say so."))
    return redirect(desk.act, code=303)


def _tell(desk: Desk, key: str, entry_id: int, version: int) -> Page:
    here, told = application(), say(desk.language, "The group is being told, within its hours.")
    refused = telling_back.tell(here.database, key, entry_id, version, desk.author, here.now())
    flash(refusal(refused, desk.language) if refused else told)
    return redirect(desk.act, code=303)


def _write(desk: Desk, key: str, typed: Form) -> str:
    """The entry is in the ledger; or what was wrong with it."""
    here, draft = application(), typed.draft()
    if draft is None:
        return say(desk.language, "A date is needed, such as 2027-05-31.")
    before = (typed.id, typed.version) if typed.id else None
    refused = deciding.write(here.database, key, draft, desk.author, here.now(), before)
    return refusal(refused, desk.language) if refused else ""


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
        known = book(c, launched, desk.author, desk.language)
    lines = [
        Line(one, known.said[one.entry.voice.key], _form(one, known.owners[one.entry.owner_id]))
        for one in known.told
    ]
    now_at = {line.form.id: line.form.version for line in lines}
    typed = replace(typed, version=now_at.get(typed.id, typed.version))
    return render_template(
        "ledger.html",
        desk=desk,
        lines=lines,
        said=known.said,
        owing=known.owing,
        typed=typed,
        fresh=Form(),
        **_campaign(launched),
        **_words(desk.language),
    )


def _campaign(launched: Launched) -> dict[str, object]:
    definition, language = launched.definition, launched.definition.default_language
    return {
        "title": pick(definition.campaign.title, language, language),
        "initiative": pick(definition.initiative.title, language, language),
        "languages": definition.campaign.languages,
        "open": launched.state != STOPPED,
    }


def _words(language: str) -> dict[str, object]:
    """What says things in the reader's language."""
    return {
        "lang": language,
        "words": partial(say, language),
        "day": partial(say_date, language),
        "courses": {course: course_name(course, language) for course in Course},
        "owing_words": owing_words,
        "longest": LONGEST_TEXT,
    }


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
