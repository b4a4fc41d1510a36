"""The application object of the running request, for every page of this package."""

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from bot.wiring import Application


def application() -> "Application":
    """What `create_app` was given."""
    return cast("Application", current_app.extensions["bellwether"])
