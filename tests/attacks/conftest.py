"""Agencies to be attacked."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.attacks.attacker import Worlds


@pytest.fixture
def worlds(sqlite_tables: Path, tmp_path: Path, now: datetime) -> Iterator[Worlds]:
    made = Worlds(sqlite_tables, tmp_path, now)
    yield made
    made.close()
