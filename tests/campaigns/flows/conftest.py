"""What several tests of the flows stand on: a scene, an agency, a model, and sound rows."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from campaigns.domain.outbox import State
from campaigns.storage.database import Database
from tests.agency import Agency
from tests.fakes import FixedScorer
from tests.scene import KNOWN, Scene
from tests.sending import rows


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now)


@pytest.fixture
def scorer() -> FixedScorer:
    return FixedScorer(KNOWN)


@pytest.fixture
def small(database: Database, now: datetime) -> Agency:
    """Two teams of twelve that stay calm, and a third of ten."""
    return Agency(database, now, [12, 12, 10])


@pytest.fixture
def sound_rows(database: Database) -> Iterator[None]:
    """Whatever a test does: only what is in flight holds a lease, only what is sent a receipt."""
    yield
    for row in rows(database):
        assert (row.lease_until is not None) == (row.state in (State.SENDING, State.DOUBTFUL))
        assert (row.sent_at is not None) == (row.state == State.SENT)
        assert (row.external_id is not None) == (row.state == State.SENT)
