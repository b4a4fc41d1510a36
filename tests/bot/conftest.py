"""A chat to press in, over a database of each kind."""

from datetime import datetime

import pytest

from campaigns.storage.database import Database
from tests.bot.chat import Chat
from tests.scene import Scene


@pytest.fixture
def chat(database: Database, now: datetime) -> Chat:
    return Chat(Scene(database, now))
