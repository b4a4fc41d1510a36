"""The data-protection pages: what is stored where and for how long, and the audit log.

For the comms team and the data-protection officer. They show what the tables and campaigns say of
themselves, and no row that belongs to a person. To read the log is no look at figures, and has no
entry of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request

from bot.web.auth import Page, console_only
from bot.web.context import application
from bot.web.spreadsheets import csv_file
from campaigns.domain.audit import Deed, Entry, Verdict, told
from campaigns.domain.definition import pick
from campaigns.domain.retention import unlink_after_weeks
from campaigns.flows import auditing, promising
from campaigns.storage import inventory
from campaigns.storage.campaigns import Launched

PAGE_SIZE = 50
pages = Blueprint("protection", __name__)

_DEEDS = {
    Deed.SAW_DASHBOARD: "Looked at the dashboard",
    Deed.SAW_FIGURES: "Looked at the first page of the chat, with alerts and figures of own teams",
    Deed.SAW_ALERTS: "Looked at alerts",
    Deed.SAW_LEDGER: "Looked at what groups said and what is decided about it",
    Deed.TOOK_FIGURES: "Took the figures as a file",
    Deed.TOOK_WORDS: "Asked for the words that staff released to learn from",
    Deed.ASKED_APPROVAL: "Asked somebody else to approve a launch",
    Deed.APPROVED: "Approved somebody else's launch",
    Deed.LAUNCHED: "Launched a campaign",
    Deed.PAUSED: "Paused a campaign",
    Deed.RESUMED: "Let a campaign go on",
    Deed.STOPPED: "Stopped a campaign for good",
    Deed.IMPORTED_PEOPLE: "Imported a staff file",
    Deed.JOINED_ACCOUNTS: "Took over accounts from Slack",
    Deed.REWORDED: "Changed the wording of a question and answer",
    Deed.TOOK_OUT: "Took a question and answer out",
    Deed.DECIDED: "Wrote down what is done about what a group said",
    Deed.WENT_ON: "Let a pulse go on that waited until something was told back",
    Deed.TOLD_BACK: "Told a group what is done about what it said",
    Deed.RESCORED: "Had texts read anew by another model",
    Deed.SETTINGS: "Started the service with other settings",
}


@dataclass(frozen=True)
class Line:
    """One entry of the log as the page shows it."""

    number: int
    at: str
    who: str
    what: str
    about: str


@pages.get("/data-protection")
@console_only
def show() -> Page:
    """What is stored where, for how long, and who can see it."""
    with application().database.read() as c:
        promises = promising.standing(c, application().now())
    return render_template(
        "protection.html",
        parts=inventory.holdings(),
        promises=[(_title(launched), promise) for launched, promise in promises],
        weeks=unlink_after_weeks,
    )


@pages.get("/data-protection/log")
@console_only
def log() -> Page:
    """The newest entries; with `check` also whether all of them are whole."""
    before = _number(request.args.get("before", ""))
    found = auditing.page(application().database, before, PAGE_SIZE + 1)
    verdict = auditing.verify(application().database) if "check" in request.args else None
    older = found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None
    return render_template(
        "audit_log.html",
        lines=[_line(entry) for entry in found[:PAGE_SIZE]],
        older=older,
        newer=before is not None,
        verdict=verdict,
        sentence=_sentence(verdict) if verdict else "",
    )


@pages.get("/data-protection/log.csv")
@console_only
def file() -> Response:
    """The whole log as a file, oldest first, with the seals that it is checked by."""
    return csv_file("audit-log.csv", _rows(auditing.every(application().database)))


def _rows(entries: Iterator[Entry]) -> Iterator[Sequence[object]]:
    yield Entry.__slots__
    for one in entries:
        at = one.at.isoformat(timespec="microseconds")
        yield one.number, at, one.who, one.deed, one.campaign, one.detail, one.seal


def _line(entry: Entry) -> Line:
    what = _DEEDS[Deed(entry.deed)] if entry.deed in set(Deed) else entry.deed
    about = " · ".join(part for part in (entry.campaign, told(entry)) if part)
    return Line(entry.number, f"{entry.at:%Y-%m-%d %H:%M}", entry.who, what, about)


def _sentence(verdict: Verdict) -> str:
    if verdict.broken_at is None:
        n = f"All {verdict.n_whole:,} entries are" if verdict.n_whole else "There is no entry yet;"
        return f"{n} as they were written."
    return (
        f"Entry {verdict.broken_at} is not as it was written, or is missing. Up to there the log "
        "is whole. It may have been changed, or its data key is no longer in BELLWETHER_DATA_KEYS."
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        abort(400)
    return int(text)


def _title(launched: Launched) -> str:
    definition = launched.definition
    language = definition.default_language
    return pick(definition.campaign.title, language, language)
