"""The promise to erase is kept: for all of an answer, at its time, and for nothing younger."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from campaigns.domain.messages import Action
from campaigns.domain.outbox import State
from campaigns.domain.retention import erase_before
from campaigns.flows import answering
from campaigns.flows.retention import erase_aged
from campaigns.flows.scoring import score_pending
from campaigns.storage import campaigns
from campaigns.storage import rescores as rescores_store
from campaigns.storage.database import Database
from campaigns.storage.tables import answers, decisions, deliveries, rescores, scores
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Barrier, Stance, Theme
from tests.fakes import FixedScorer, a_score
from tests.scene import Scene, definition, event

VAULT = Vault([new_key()])
FEAR = "I think my job goes away."
YEAR = timedelta(days=366)
SCORER = FixedScorer({FEAR: a_score(Stance.RESISTANT, Barrier.DESIRE, (Theme.JOB_SECURITY,))})


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now)


def _answer(scene: Scene, external_id: str, at: datetime) -> None:
    """A person answers a scale and a text, which is scored and leads to a follow-up that goes out.

    `at` may lie after the moment that the scene was set up for.
    """
    person = scene.person(external_id)
    pulse = scene.pulse(person, closes_at=at + timedelta(days=6))
    taps = (event(pulse, Action.ANSWER, "ready", "4"), event(pulse, Action.WRITE, "why", text=FEAR))
    for tap in taps:
        assert answering.record(scene.database, VAULT, tap, at).refusal is None
    assert score_pending(scene.database, VAULT, SCORER, at) == 1
    with scene.database.write() as c:
        sent = deliveries.update().where(deliveries.c.kind == "follow_up")
        c.execute(sent.values(state=State.SENT))


def _left(scene: Scene) -> dict[str, int]:
    with scene.database.read() as c:
        found = {
            table.name: c.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (answers, scores, decisions)
        }
        replies = select(func.count()).where(deliveries.c.kind == "follow_up")
        return found | {"follow-ups": c.execute(replies).scalar_one()}


def test_erase_leaves_nothing_of_an_answer_when_its_time_is_over(scene: Scene) -> None:
    _answer(scene, "P1", scene.now)
    assert _left(scene) == {"answers": 2, "scores": 1, "decisions": 1, "follow-ups": 1}
    assert erase_aged(scene.database, scene.now + YEAR) == 2
    assert _left(scene) == {"answers": 0, "scores": 0, "decisions": 0, "follow-ups": 0}


def test_erase_takes_scores_to_come_along_when_another_model_reads(scene: Scene) -> None:
    for name, later in (("P1", 0), ("P2", 60)):
        _answer(scene, name, scene.now + timedelta(days=later))
    newer = a_score(Stance.NEUTRAL, model="fixed-2")
    with scene.database.write() as c:
        rescores_store.put(c, dict.fromkeys(c.scalars(select(scores.c.answer_id)), newer))
    assert erase_aged(scene.database, scene.now + YEAR) == 2
    with scene.database.read() as c:
        left = c.scalars(select(rescores.c.answer_id)).all()
        assert left == c.scalars(select(scores.c.answer_id)).all()
        assert len(left) == 1


def test_erase_keeps_what_is_younger(scene: Scene) -> None:
    _answer(scene, "P1", scene.now)
    _answer(scene, "P2", scene.now + timedelta(days=60))
    assert erase_aged(scene.database, scene.now + YEAR) == 2
    assert _left(scene) == {"answers": 2, "scores": 1, "decisions": 1, "follow-ups": 1}


def test_erase_takes_nothing_a_day_too_early_and_nothing_twice(scene: Scene) -> None:
    _answer(scene, "P1", scene.now)
    assert erase_aged(scene.database, scene.now + timedelta(days=364)) == 0
    assert erase_aged(scene.database, scene.now + YEAR) == 2
    assert erase_aged(scene.database, scene.now + YEAR) == 0


def test_erase_keeps_the_pulse_so_that_it_is_never_sent_again(scene: Scene) -> None:
    _answer(scene, "P1", scene.now)
    erase_aged(scene.database, scene.now + YEAR)
    with scene.database.read() as c:
        kinds = set(c.scalars(select(deliveries.c.kind)))
    assert kinds == {"pulse"}


def test_erase_holds_the_shortest_promise_of_all_versions(scene: Scene) -> None:
    _answer(scene, "P1", scene.now)
    for months in (8, 24):
        later = definition(confidentiality={"erase_after_months": months})
        with scene.database.write() as c:
            campaigns.put(c, later, scene.now + timedelta(days=months))
    assert erase_aged(scene.database, scene.now + timedelta(days=250)) == 2


@given(
    now=st.integers(1_600_000_000, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
    months=st.integers(1, 36),
)
def test_erase_before_is_so_many_months_ago(now: datetime, months: int) -> None:
    before = erase_before(now, months)
    assert (now.year - before.year) * 12 + now.month - before.month == months
    assert timedelta(days=28 * months) <= now - before <= timedelta(days=31 * months)
