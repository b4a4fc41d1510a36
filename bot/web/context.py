"""What every page of this package needs of the running request: the application, and a person."""

from typing import TYPE_CHECKING, cast

from flask import abort, current_app

from campaigns.domain.people import Person
from campaigns.errors import NotFoundError
from campaigns.storage import directory

if TYPE_CHECKING:
    from bot.wiring import Application


def application() -> "Application":
    """What `create_app` was given."""
    return cast("Application", current_app.extensions["bellwether"])


def active_person(external_id: str) -> Person:
    """Who that is. Aborts with 404 where nobody is called so; raises NotFoundError for who left."""
    if len(external_id) > 100 or not external_id.isprintable():
        abort(404)
    with application().database.read() as connection:
        person = directory.person_by_external_id(connection, external_id)
    if not person.active:
        raise NotFoundError("This person is no longer in the staff directory.")
    return person
