"""The comms team's page of a campaign's questions and answers: worded anew, or taken out.

It shows what everybody in the campaign can read, and the day it was published; not who asked, who
answered, or when. What is typed here goes into no address, no log and no session.
"""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from bot.web import board
from bot.web.auth import Page, console_name, console_only
from bot.web.context import application
from campaigns.domain.asking import LONGEST_PUBLISHED, Refused
from campaigns.domain.definition import Definition, pick
from campaigns.flows import publishing
from campaigns.flows.answering import MAX_TEXT
from campaigns.storage import campaigns as stored

pages = Blueprint("faq", __name__)
_REFUSED = {
    Refused.NO_WORDS: "A question and an answer are needed. Nothing was changed.",
    Refused.TOO_LONG: f"The question may have {LONGEST_PUBLISHED} characters at the most. "
    "Nothing was changed.",
    Refused.QUOTED: "These are words of the one who asked, who has not agreed to be quoted. "
    "Please write the question differently. Nothing was changed.",
    Refused.ANSWER_QUOTED: "The answer repeats words of the one who asked, who has not agreed to "
    "be quoted. Please write it differently. Nothing was changed.",
    Refused.CHANGED: "Somebody else has worded it anew meanwhile. It reads now as you see it on "
    "the page; what you wrote is still in the form.",
    Refused.GONE: "It is no longer there. Nothing was changed.",
}


@dataclass(frozen=True)
class Typed:
    """What stands in the form of one entry after a refusal, and why it was refused."""

    id: int
    question: str
    answer: str
    problem: str


@pages.get("/dashboard/<key>/questions")
@console_only
def show(key: str) -> Page:
    """All entries of the campaign; 404 for one that was never launched."""
    return _page(key)


@pages.post("/dashboard/<key>/questions")
@console_only
def change(key: str) -> Page:
    """One entry is worded anew or taken out; what was refused stays in its form, with 422."""
    here, entry_id = application(), _number(request.form.get("entry", ""))
    _definition(key)
    if "take_out" in request.form:
        refused = publishing.take_out(here.database, key, entry_id, here.now(), console_name())
        flash("It was gone already." if refused else "Taken out. Nobody can read it any more.")
        return redirect(url_for("faq.show", key=key), code=303)
    words = (_text("question"), _text("answer"))
    mark = request.form.get("mark", "")
    refused = publishing.reword(
        here.database, here.vault, key, entry_id, mark, words, here.now(), console_name()
    )
    if refused is not None:
        return _page(key, Typed(entry_id, *words, _REFUSED[refused])), 422
    flash("Saved. This is how everybody reads it now.")
    return redirect(url_for("faq.show", key=key), code=303)


def _page(key: str, typed: Typed | None = None) -> str:
    definition, here = _definition(key), application()
    language = definition.default_language
    entries = publishing.tended(here.database, here.vault, key)
    gone = typed is not None and typed.id not in {one.id for one in entries}
    return render_template(
        "faq.html",
        key=key,
        lang=language,
        initiative=pick(definition.initiative.title, language, language),
        title=pick(definition.campaign.title, language, language),
        entries=entries,
        typed=typed,
        problem=typed.problem if typed and gone else "",
        day=board.day,
        longest=(LONGEST_PUBLISHED, MAX_TEXT),
    )


def _definition(key: str) -> Definition:
    if not key.isprintable():  # no campaign's key; some databases refuse to look for one
        abort(404)
    with application().database.read() as connection:
        return stored.by_key(connection, key).definition


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        abort(400)
    return int(text)
