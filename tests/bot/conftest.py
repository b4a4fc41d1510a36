"""A chat to press in, over a database of each kind; a model that costs nothing to load."""

from datetime import datetime
from pathlib import Path

import pytest

from campaigns.storage.database import Database
from sentiment.encoders import Base
from tests.bot.chat import Chat
from tests.bot.scored import make_model
from tests.scene import Scene
from tests.sentiment.conftest import tiny_base

__all__ = ["tiny_base"]


@pytest.fixture
def chat(database: Database, now: datetime) -> Chat:
    return Chat(Scene(database, now))


@pytest.fixture(scope="session")
def tiny_model(tiny_base: Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tiny_base, tmp_path_factory.mktemp("model"))
