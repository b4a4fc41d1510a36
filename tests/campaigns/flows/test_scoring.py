"""Waiting texts get one score and what follows from it."""

import json
from datetime import timedelta

import pytest

from campaigns.domain.outbox import Kind, State
from campaigns.storage import campaigns
from campaigns.storage.tables import answers, decisions, scores
from sentiment.labels import Score, Status, Theme
from tests.fakes import FixedScorer, a_score
from tests.scene import FEAR, NEED, TRAINING, Scene, follow_ups, rows, score, write


def test_score_pending_stores_the_score_with_all_its_probabilities_when_a_text_waits(
    scene: Scene, scorer: FixedScorer
) -> None:
    write(scene, scene.person(), FEAR)
    assert score(scene, scorer) == 1
    [row] = rows(scene, scores)
    assert (row.status, row.model, row.scored_at) == ("scored", "fixed-1", scene.now)
    assert (row.stance, row.barrier, row.themes) == ("resistant", "desire", "job_security")
    assert row.p_resistant == pytest.approx(0.8)
    heads = json.loads(row.probabilities)
    assert sorted(heads) == ["barrier", "safeguarding", "sentiment", "stance", "themes"]
    assert len(heads["themes"]) == len(Theme)
    assert [answer.scoring for answer in rows(scene, answers)] == ["done"]
    assert score(scene, scorer) == 0


def test_score_pending_gives_the_question_in_the_campaigns_language_when_it_asks_the_model(
    scene: Scene, scorer: FixedScorer
) -> None:
    write(scene, scene.person(language="de"), FEAR)
    score(scene, scorer)
    assert scorer.seen == [[("What makes you say so?", FEAR)]]


def test_score_pending_writes_the_follow_up_with_the_score_when_a_rule_fits(
    scene: Scene, scorer: FixedScorer
) -> None:
    person = scene.person()
    write(scene, person, TRAINING)
    score(scene, scorer)
    [delivery] = follow_ups(scene, person)
    assert (delivery.kind, delivery.touchpoint) == (Kind.FOLLOW_UP, "training")
    assert (delivery.state, delivery.due_at) == (State.PENDING, scene.now + timedelta(hours=18))
    [decision] = rows(scene, decisions)
    assert (decision.rule, decision.inputs, decision.model) == ("learn", "barrier", "fixed-1")
    assert decision.delivery_id == delivery.id
    assert decision.person_id == person.id


def test_score_pending_follows_up_once_when_one_person_wrote_twice(
    scene: Scene, scorer: FixedScorer
) -> None:
    person = scene.person()
    write(scene, person, TRAINING, once="a")
    write(scene, person, FEAR, once="b")
    assert score(scene, scorer) == 2
    assert [delivery.touchpoint for delivery in follow_ups(scene, person)] == ["training"]


def test_score_pending_follows_up_nothing_when_the_campaign_is_stopped(
    scene: Scene, scorer: FixedScorer
) -> None:
    person, other = scene.person("P1"), scene.person("P2")
    write(scene, person, TRAINING)
    write(scene, other, NEED)
    with scene.database.write() as connection:
        campaigns.set_state(connection, scene.campaign.id, campaigns.STOPPED, scene.now)
    assert score(scene, scorer) == 2
    assert follow_ups(scene, person) == []
    assert [delivery.kind for delivery in follow_ups(scene, other)] == [Kind.HELP]


def test_score_pending_keeps_the_status_when_a_text_can_not_be_judged(scene: Scene) -> None:
    unjudged = {
        "Nem tudom.": Score.unscored(Status.LANGUAGE, "fixed-1"),
        "Well.": a_score(status=Status.UNSURE),
    }
    for i, text in enumerate([*unjudged, "?!"]):
        write(scene, scene.person(f"P{i}"), text)
    assert score(scene, FixedScorer(unjudged)) == 3
    found = rows(scene, scores)
    assert [row.status for row in found] == [Status.LANGUAGE, Status.UNSURE, Status.EMPTY]
    assert [row.stance for row in found] == [None] * 3
    assert [row.p_resistant is None for row in found] == [True, False, True]
    assert rows(scene, decisions) == []


def test_score_pending_takes_so_many_when_more_wait(scene: Scene, scorer: FixedScorer) -> None:
    for i in range(5):
        write(scene, scene.person(f"P{i}"), FEAR)
    assert [score(scene, scorer, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_score_pending_sends_help_at_once_and_nothing_else_when_words_sound_like_need(
    scene: Scene, scorer: FixedScorer
) -> None:
    person = scene.person()
    write(scene, person, NEED)
    score(scene, scorer)
    [delivery] = follow_ups(scene, person)
    assert (delivery.kind, delivery.touchpoint, delivery.due_at) == (Kind.HELP, "", scene.now)
    assert rows(scene, decisions) == []


def test_score_pending_counts_help_as_no_follow_up_when_another_answer_comes(
    scene: Scene, scorer: FixedScorer
) -> None:
    person = scene.person()
    write(scene, person, NEED, once="a")
    write(scene, person, TRAINING, once="b")
    score(scene, scorer)
    kinds = [delivery.kind for delivery in follow_ups(scene, person)]
    assert kinds == [Kind.HELP, Kind.FOLLOW_UP]
