"""Whatever fails and whoever else works: each text is scored once, and none sinks another."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from campaigns.flows.scoring import LEASE, MAX_ATTEMPTS, RETRY, RETRY_LOCKED, score_pending
from campaigns.storage import answers as answers_store
from campaigns.storage import decisions as decisions_store
from campaigns.storage.tables import answers, decisions, scores
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Score, Status
from tests.fakes import FixedScorer
from tests.scene import FEAR, KNOWN, NEED, TRAINING, Scene, follow_ups, rows, score, write


def test_score_pending_sinks_no_other_text_when_the_model_fails_on_one(scene: Scene) -> None:
    scorer = FixedScorer(KNOWN, failing=frozenset({"A cursed text."}))
    for i, text in enumerate([TRAINING, "A cursed text.", FEAR]):
        write(scene, scene.person(f"P{i}"), text)
    assert score(scene, scorer) == 2
    assert [row.scoring for row in rows(scene, answers)] == ["done", "pending", "done"]


def test_score_pending_gives_up_when_the_model_failed_three_times(scene: Scene) -> None:
    scorer = FixedScorer(failing=frozenset({"A cursed text."}))
    write(scene, scene.person(), "A cursed text.")
    assert score(scene, scorer) == 0
    assert score(scene, scorer) == 0  # not before the pause is over
    assert len(scorer.seen) == 1
    assert score(scene, scorer, RETRY) == 0
    assert score(scene, scorer, 2 * RETRY) == 1
    [row] = rows(scene, scores)
    assert (row.status, row.model, row.probabilities) == (Status.ERROR, "fixed-1", "{}")
    assert score(scene, scorer, 3 * RETRY) == 0


def test_score_pending_gives_up_when_reading_a_text_took_three_processes_down(
    scene: Scene, scorer: FixedScorer
) -> None:
    write(scene, scene.person(), TRAINING)
    for i in range(MAX_ATTEMPTS):
        moment = scene.now + i * LEASE
        with scene.database.write() as connection:  # and then the process is gone
            assert answers_store.claim(connection, moment, moment + LEASE, 64)
    assert score(scene, scorer, MAX_ATTEMPTS * LEASE) == 1
    assert scorer.seen == []
    assert [row.status for row in rows(scene, scores)] == [Status.ERROR]


def test_score_pending_reads_a_text_alone_when_it_was_tried_before(
    scene: Scene, scorer: FixedScorer
) -> None:
    for i in range(2):
        write(scene, scene.person(f"P{i}"), FEAR)
    with scene.database.write() as connection:
        assert len(answers_store.claim(connection, scene.now, scene.now + LEASE, 64)) == 2
    write(scene, scene.person("P9"), TRAINING)
    assert [score(scene, scorer, LEASE) for _ in range(4)] == [1, 1, 1, 0]
    assert [len(batch) for batch in scorer.seen] == [1, 1, 1]
    assert scorer.seen[0][0][1] == TRAINING


def test_score_pending_leaves_a_text_alone_when_another_worker_has_it(
    scene: Scene, scorer: FixedScorer
) -> None:
    write(scene, scene.person(), TRAINING)
    with scene.database.write() as connection:
        answers_store.claim(connection, scene.now, scene.now + LEASE, 64)
    assert score(scene, scorer, LEASE - timedelta(seconds=1)) == 0
    assert score(scene, scorer, LEASE) == 1


class _Overtaken(FixedScorer):
    """A slow model: while it reads, its lease runs out and another worker scores the same."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(KNOWN)
        self.scene = scene

    def score(self, pairs: Any) -> list[Score]:
        assert score(self.scene, FixedScorer(KNOWN, model_version="fast"), LEASE) == 1
        return super().score(pairs)


def test_score_pending_changes_nothing_when_another_worker_was_faster(scene: Scene) -> None:
    person = scene.person()
    write(scene, person, TRAINING)
    assert score(scene, _Overtaken(scene)) == 0
    assert len(rows(scene, scores)) == len(rows(scene, decisions)) == 1
    assert len(follow_ups(scene, person)) == 1


def test_score_pending_scores_each_text_once_when_workers_race(scene: Scene) -> None:
    people = [scene.person(f"P{i}") for i in range(12)]
    for i, person in enumerate(people):
        for j in range(2):
            write(scene, person, (TRAINING, FEAR)[j], once=f"{i}:{j}")
    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(score, scene, FixedScorer(KNOWN), limit=3) for _ in range(12)]
        n_scored = sum(one.result() for one in work)
    n_scored += sum(score(scene, FixedScorer(KNOWN)) for _ in range(2))
    assert n_scored == len(rows(scene, scores)) == 24
    assert [len(follow_ups(scene, person)) for person in people] == [1] * 12


class _Killed(BaseException):
    """Stands for a process that ends in the middle."""


def test_score_pending_keeps_nothing_when_it_ends_before_the_follow_up_is_written(
    scene: Scene, scorer: FixedScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = scene.person()
    write(scene, person, TRAINING)

    def end(*_: object) -> None:
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(decisions_store, "put", end)
        with pytest.raises(_Killed):
            score(scene, scorer)
    assert rows(scene, scores) == rows(scene, decisions) == follow_ups(scene, person) == []
    assert score(scene, scorer, LEASE) == 1
    assert len(follow_ups(scene, person)) == 1


def test_score_pending_waits_when_the_key_of_a_text_is_missing(
    scene: Scene, scorer: FixedScorer, caplog: pytest.LogCaptureFixture
) -> None:
    write(scene, scene.person(), TRAINING)
    for i in range(2 * MAX_ATTEMPTS):
        moment = scene.now + i * RETRY_LOCKED
        assert score_pending(scene.database, Vault([new_key()]), scorer, moment) == 0
    assert scorer.seen == []
    assert "BELLWETHER_DATA_KEYS" in caplog.text
    assert score(scene, scorer, 2 * MAX_ATTEMPTS * RETRY_LOCKED) == 1
    assert [row.status for row in rows(scene, scores)] == ["scored"]


def test_score_pending_logs_ids_and_types_alone_when_anything_happens(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scorer = FixedScorer(KNOWN, failing=frozenset({"A cursed text."}))
    for i, text in enumerate([TRAINING, NEED, "A cursed text."]):
        write(scene, scene.person(f"P{i}"), text)
    score(scene, scorer)
    assert "RuntimeError" in caplog.text
    for words in ("cursed", "Nobody showed", "go on like", "resistant", "safeguarding", "Member"):
        assert words not in caplog.text
    assert not any(record.exc_info for record in caplog.records)
