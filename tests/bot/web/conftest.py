"""The stage that page tests play on, over SQLite: the pages have no SQL of their own."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from campaigns.storage.database import Database
from tests.bot.web.stage import Stage, definition
from tests.bot.web.stage import stage as build


@pytest.fixture
def stage(sqlite_database: Database, now: datetime) -> Stage:
    """A demo in which nothing is launched."""
    return build(sqlite_database, now)


@pytest.fixture
def running(stage: Stage) -> Stage:
    """A demo in which everybody has the vision message and the pulse."""
    stage.launch(definition())
    return stage


@pytest.fixture
def client(stage: Stage) -> FlaskClient:
    return stage.app().test_client()
