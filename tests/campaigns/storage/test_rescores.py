"""Scores to come: one a text and version, unseen until they replace the old all at once."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from sqlalchemy import delete, select

from campaigns.storage import answers as answers_store
from campaigns.storage import rescores
from campaigns.storage.database import Database
from campaigns.storage.rescores import Swap
from campaigns.storage.tables import answers, decisions, scores
from campaigns.storage.tables import rescores as table
from sentiment.labels import Barrier, Score, Stance, Status, Theme
from tests.fakes import FixedScorer, a_score
from tests.scene import FEAR, KNOWN, TRAINING, Scene, rows, score, write

NEWER = a_score(Stance.SUPPORTIVE, Barrier.ABILITY, (Theme.TOOLS,), model="fixed-2")


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now)


def scored(scene: Scene, *texts: str, known: Mapping[str, Score] = KNOWN) -> list[int]:
    """So many texts with a score; their ids."""
    for i, text in enumerate(texts):
        write(scene, scene.person(f"P{i}"), text)
    assert score(scene, FixedScorer(known)) == len(texts)
    return [row.answer_id for row in rows(scene, scores)]


def swap(scene: Scene, new: Mapping[int, Score]) -> Swap:
    with scene.database.write() as c:
        rescores.put(c, new)
        return rescores.swap(c, "fixed-2")


def test_put_keeps_the_first_when_two_runs_read_the_same_text(scene: Scene) -> None:
    [answer] = scored(scene, FEAR)
    with scene.database.write() as c:
        assert rescores.put(c, {answer: NEWER}) == 1
        assert rescores.put(c, {answer: a_score(model="fixed-2")}) == 0
        assert rescores.put(c, {answer: a_score(model="fixed-3")}) == 1
    assert [row.stance for row in rows(scene, table)] == ["supportive", "neutral"]


def test_put_leaves_out_an_answer_when_it_was_erased(scene: Scene) -> None:
    first, second = scored(scene, FEAR, TRAINING)
    with scene.database.write() as c:
        c.execute(delete(scores).where(scores.c.answer_id == first))
        c.execute(delete(decisions).where(decisions.c.answer_id == first))
        c.execute(delete(answers).where(answers.c.id == first))
    with scene.database.write() as c:
        assert rescores.put(c, {first: NEWER, second: NEWER}) == 1
    assert [row.answer_id for row in rows(scene, table)] == [second]


def test_swap_replaces_all_that_was_read_and_not_when(scene: Scene) -> None:
    [answer] = scored(scene, FEAR)
    [before] = rows(scene, scores)
    assert swap(scene, {answer: NEWER}) == Swap(n_new=1, n_changed=1, n_kept=0)
    [after] = rows(scene, scores)
    assert (after.model, after.stance, after.barrier) == ("fixed-2", "supportive", "ability")
    assert after.themes == "tools"
    assert after.p_supportive == pytest.approx(0.8)
    assert after.probabilities != before.probabilities
    assert (after.scored_at, after.counts) == (before.scored_at, before.counts)
    assert rows(scene, table) == []


@pytest.mark.parametrize("unjudged", [Status.LANGUAGE, Status.ERROR])
def test_swap_keeps_the_old_score_when_a_text_counts_and_has_no_new_one(
    scene: Scene, unjudged: Status
) -> None:
    [answer] = scored(scene, FEAR)
    before = rows(scene, scores)
    new = {answer: Score.unscored(unjudged, "fixed-2")}
    assert swap(scene, new) == Swap(n_new=0, n_changed=0, n_kept=1)
    assert rows(scene, scores) == before
    assert rows(scene, table) == []


def test_swap_never_changes_whether_a_text_counts(scene: Scene) -> None:
    known = {**KNOWN, TRAINING: a_score(status=Status.UNSURE)}
    counted, unsure = scored(scene, FEAR, TRAINING, known=known)
    new = {counted: a_score(status=Status.UNSURE, model="fixed-2"), unsure: NEWER}
    assert swap(scene, new) == Swap(n_new=2, n_changed=2, n_kept=0)
    found = [(row.status, row.counts) for row in rows(scene, scores)]
    assert found == [("unscored: unsure", True), ("scored", False)]


def test_swap_leaves_alone_what_another_version_read(scene: Scene) -> None:
    first, second = scored(scene, FEAR, TRAINING)
    with scene.database.write() as c:
        rescores.put(c, {first: a_score(model="fixed-3"), second: a_score(model="fixed-3")})
    assert swap(scene, {first: NEWER}) == Swap(n_new=1, n_changed=1, n_kept=0)
    assert [row.model for row in rows(scene, scores)] == ["fixed-2", "fixed-1"]
    assert [row.model for row in rows(scene, table)] == ["fixed-3", "fixed-3"]


def test_texts_to_read_are_those_with_words_and_an_old_score(scene: Scene) -> None:
    first, second, third = scored(scene, FEAR, TRAINING, FEAR)
    write(scene, scene.person("P9"), FEAR)  # waits for its first score
    with scene.database.write() as c:
        c.execute(answers.update().where(answers.c.id == second).values(words=None))
        rescores.put(c, {third: a_score(model="fixed-3")})
        assert rescores.versions(c) == {"fixed-1": 2}
        assert (rescores.n_unread(c, "fixed-2"), rescores.n_read(c, "fixed-2")) == (2, 0)
        assert (rescores.n_unread(c, "fixed-3"), rescores.n_read(c, "fixed-3")) == (1, 1)
        found = [one.id for one in answers_store.to_read_again(c, "fixed-2", 0, 9)]
        assert found == [first, third]
        assert answers_store.to_read_again(c, "fixed-2", first, 1)[0].id == third
        assert answers_store.to_read_again(c, "fixed-1", 0, 9) == []
        kept = c.scalar(select(answers.c.words).where(answers.c.id == first))
        assert answers_store.to_read_again(c, "fixed-2", 0, 9)[0].words == kept
