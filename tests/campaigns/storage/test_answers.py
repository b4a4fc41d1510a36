"""Answers as they are stored: one a question, words unreadable, a score once and for good."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.storage import answers
from campaigns.storage.answers import GivenAnswer, NewAnswer
from campaigns.storage.database import Database
from campaigns.storage.tables import scores
from sentiment.labels import Barrier, Score, Stance, Status, Theme
from tests.fakes import a_score
from tests.scene import Scene

LEASE = timedelta(minutes=5)


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now)


def a_text(scene: Scene, name: str = "P1") -> NewAnswer:
    person = scene.person(name)
    return NewAnswer(
        delivery_id=scene.pulse(person, once=name).id,
        campaign_id=scene.campaign.id,
        person_id=person.id,
        team_id=scene.team_id,
        question="why",
        kind="text",
        answered_at=scene.now,
        words=b"sealed",
        scoring="pending",
    )


def claim(scene: Scene, limit: int = 64, after: timedelta = timedelta(0)) -> list[int]:
    moment = scene.now + after
    with scene.database.write() as connection:
        return [one.id for one in answers.claim(connection, moment, moment + LEASE, limit)]


def put(scene: Scene) -> None:
    answer = a_text(scene)
    with scene.database.write() as connection:
        answers.put(connection, answer)


def test_put_keeps_the_first_when_a_question_is_answered_again(scene: Scene) -> None:
    first = a_text(scene)
    with scene.database.write() as connection:
        assert answers.put(connection, first)
        assert not answers.put(connection, first)
        assert answers.given(connection, first.delivery_id) == [
            GivenAnswer("why", "text", None, None)
        ]


def test_put_refuses_when_the_delivery_does_not_exist(scene: Scene) -> None:
    answer = a_text(scene)
    stray = replace(answer, delivery_id=999)
    with pytest.raises(IntegrityError), scene.database.write() as connection:
        answers.put(connection, stray)


def test_claim_gives_each_text_to_one_caller_when_several_ask(scene: Scene) -> None:
    waiting = [a_text(scene, f"P{i}") for i in range(5)]
    with scene.database.write() as connection:
        for answer in waiting:
            answers.put(connection, answer)
    assert [len(claim(scene, 2)) for _ in range(4)] == [2, 2, 1, 0]


def test_claim_gives_a_text_again_when_it_was_given_back(scene: Scene) -> None:
    put(scene)
    [answer_id] = claim(scene)
    with scene.database.write() as connection:
        answers.give_back(connection, [answer_id], scene.now + timedelta(minutes=1))
    assert claim(scene) == []
    assert claim(scene, after=timedelta(minutes=1)) == [answer_id]


def test_settle_stores_every_label_and_probability_when_all_are_known(scene: Scene) -> None:
    put(scene)
    [answer_id] = claim(scene)
    score = a_score(Stance.SUPPORTIVE, Barrier.ABILITY, (Theme.TOOLS, Theme.VISION))
    with scene.database.write() as connection:
        assert answers.settle(connection, answer_id, score, scene.now)
        assert not answers.settle(connection, answer_id, score, scene.now)
        row = connection.execute(select(scores)).one()
    assert (row.stance, row.sentiment, row.barrier) == ("supportive", "neutral", "ability")
    assert row.themes == "tools;vision"
    kept = (row.p_resistant, row.p_ambivalent, row.p_neutral, row.p_supportive)
    assert kept == pytest.approx(score.p_stance)
    assert claim(scene, after=2 * LEASE) == []


@pytest.mark.parametrize("status", [Status.EMPTY, Status.LANGUAGE, Status.ERROR])
def test_settle_stores_the_reason_alone_when_nothing_was_judged(
    scene: Scene, status: Status
) -> None:
    put(scene)
    [answer_id] = claim(scene)
    with scene.database.write() as connection:
        answers.settle(connection, answer_id, Score.unscored(status, "m"), scene.now)
        row = connection.execute(select(scores)).one()
    assert (row.status, row.stance, row.p_resistant, row.themes) == (status, None, None, "")
    assert (row.safeguarding, row.probabilities) == (False, "{}")
