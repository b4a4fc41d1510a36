"""How a campaign stands is told in numbers, with the moment of what comes next."""

from datetime import datetime, timedelta

import pytest

from campaigns.domain.outbox import Kind, State
from campaigns.errors import NotFoundError
from campaigns.flows import overseeing, planning
from campaigns.storage.database import Database
from tests.scene import Scene


def test_standing_counts_sendings_by_what_became_of_them(database: Database, now: datetime) -> None:
    scene = Scene(database, now)
    states = (State.SENT, State.SENT, State.PENDING, State.SENDING, State.FAILED, State.DROPPED)
    for number, state in enumerate(states):
        person = scene.person(f"P{number}")
        due_at = now + timedelta(hours=number)
        scene.put(person, "vision", Kind.VISION, state=state, due_at=due_at)
    (standing,) = overseeing.standing(database, None, now)
    assert (standing.n_sent, standing.n_pending, standing.n_failed, standing.n_other) == (
        2,
        2,
        1,
        1,
    )
    assert standing.next_due_at == now + timedelta(hours=2)
    assert standing.launched.key == "portal-2027"


def test_standing_names_the_next_touchpoint_before_anything_waits(
    database: Database, now: datetime
) -> None:
    Scene(database, now)
    (standing,) = overseeing.standing(database, "portal-2027", now)
    # The pulse of the next Monday at 09:00 begins where the day begins first, 14 hours ahead.
    assert standing.next_due_at == datetime.fromisoformat("2027-01-17T19:00:00+00:00")


def test_standing_has_nothing_next_after_a_stop(database: Database, now: datetime) -> None:
    Scene(database, now)
    planning.stop(database, "portal-2027", now)
    assert overseeing.standing(database, "portal-2027", now)[0].next_due_at is None


def test_standing_refuses_a_campaign_that_is_not_there(database: Database, now: datetime) -> None:
    assert overseeing.standing(database, None, now) == []
    with pytest.raises(NotFoundError):
        overseeing.standing(database, "nowhere", now)
