"""A person's copy of all that is kept about them, as a file: from their chat, or by an address.

The address comes from another chat and works for a quarter of an hour. Opening it shows a page and
gives out nothing: chats look at addresses by themselves. No look at one's own data is written down.
"""

import json

from flask import Blueprint, Response, render_template

from bot.web import auth
from bot.web.context import active_person, application
from campaigns.domain.people import Person
from campaigns.domain.wording import say
from campaigns.flows.copying import copy_of

pages = Blueprint("copies", __name__)


@pages.get("/chat/<external_id>/copy")
def own(external_id: str) -> Response:
    """The file, for whoever has this chat."""
    auth.require_chat_of(external_id)
    return _file(active_person(external_id))


@pages.get("/copy/<token>")
def ask(token: str) -> str:
    """The page with the button; 404 for an address that is too old or none of ours."""
    person = active_person(auth.open_copy_link(token))

    def words(source: str, /, **values: object) -> str:
        return say(person.language, source, **values)

    return render_template("copy.html", lang=person.language, words=words)


@pages.post("/copy/<token>")
def save(token: str) -> Response:
    """The file, for whoever has the address."""
    return _file(active_person(auth.open_copy_link(token)))


def _file(person: Person) -> Response:
    here = application()
    found = copy_of(here.database, here.vault, person, here.now())
    return Response(
        json.dumps(found, ensure_ascii=False, indent=2) + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )
