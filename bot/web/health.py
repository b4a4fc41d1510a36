"""Two answers for whoever watches the process: does it live, and can it do its work."""

import logging

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from bot.web.context import application
from campaigns.errors import ConfigurationError
from campaigns.storage.database import Database
from campaigns.storage.schema import require_current

pages = Blueprint("health", __name__, url_prefix="/health")
_log = logging.getLogger(__name__)


@pages.get("/live")
def live() -> Response:
    """200 as long as the process answers at all."""
    return jsonify(status="ok")


@pages.get("/ready")
def ready() -> tuple[Response, int]:
    """200 when the database answers and is migrated and presses can come in from every chat, else
    503 with the failing part's name."""
    failing = _failing(application().database) or application().problem()
    if failing:
        return jsonify(status="not ready", failing=failing), 503
    return jsonify(status="ok"), 200


def _failing(database: Database) -> str:
    try:
        with database.read():
            pass
    except SQLAlchemyError as error:
        _log.error("The database is not reachable: %s", type(error).__name__)
        return "database"
    try:
        require_current(database)
    except ConfigurationError:
        return "migrations"
    return ""
