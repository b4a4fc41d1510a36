"""Another version reads all kept texts anew: all or nothing counts, and nobody hears of it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import QueuePool

from campaigns.flows import rescoring
from campaigns.flows.rescoring import Rescored, rescore, survey
from campaigns.flows.retention import erase_aged
from campaigns.flows.scoring import LEASE
from campaigns.storage import answers as answers_store
from campaigns.storage.tables import answers, decisions, deliveries, rescores, scores
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Barrier, Score, Stance, Status, Theme
from sentiment.watch import TeamDetector
from tests.fakes import FixedScorer, a_score
from tests.scene import FEAR, KNOWN, NEED, TRAINING, VAULT, Scene, rows, score, write

TEXTS = (TRAINING, FEAR, "It is fine.")
NEWER = {
    TRAINING: a_score(Stance.RESISTANT, Barrier.DESIRE, (Theme.JOB_SECURITY,), model="fixed-2"),
    FEAR: a_score(Stance.RESISTANT, Barrier.KNOWLEDGE, (Theme.TRAINING,), model="fixed-2"),
}


class Killed(BaseException):
    """Stands for a process that ends in the middle."""


def newer(**more: Score) -> FixedScorer:
    return FixedScorer({**NEWER, **more}, model_version="fixed-2")


def written(scene: Scene, number: int, scorer: FixedScorer | None = None) -> None:
    """So many people have written, and their texts have a score."""
    for i in range(number):
        write(scene, scene.person(f"P{i}"), TEXTS[i % len(TEXTS)])
    assert score(scene, scorer or FixedScorer(KNOWN)) == number


def run(
    scene: Scene,
    scorer: FixedScorer | None = None,
    advance: Callable[[int], None] = lambda _n: None,
    vault: Vault = VAULT,
) -> Rescored:
    return rescore(scene.database, vault, scorer or newer(), TeamDetector(), advance)


def killed_after(n_batches: int) -> Callable[[int], None]:
    seen: list[int] = []

    def advance(n_more: int) -> None:
        seen.append(n_more)
        if len(seen) == n_batches:
            raise Killed

    return advance


def models(scene: Scene) -> list[str]:
    return [row.model for row in rows(scene, scores)]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "BATCH", 4)


def test_rescore_gives_every_text_a_new_score_and_tells_how_many_changed(scene: Scene) -> None:
    written(scene, 12)
    before = [(row.answer_id, row.scored_at) for row in rows(scene, scores)]
    heard: list[int] = []
    done = run(scene, advance=heard.append)
    assert done == Rescored(n_new=12, n_kept=0, share_changed=4 / 12)
    assert heard == [4, 4, 4]
    assert models(scene) == ["fixed-2"] * 12
    assert [row.stance for row in rows(scene, scores)][:3] == ["resistant", "resistant", "neutral"]
    assert [(row.answer_id, row.scored_at) for row in rows(scene, scores)] == before
    assert rows(scene, rescores) == []


def test_rescore_tells_no_share_when_it_would_be_of_a_few(scene: Scene) -> None:
    written(scene, 9)
    assert run(scene).share_changed is None


def test_rescore_keeps_the_old_scores_until_all_is_read_when_it_is_killed(scene: Scene) -> None:
    written(scene, 10)
    before = rows(scene, scores)
    first = newer()
    with pytest.raises(Killed):
        run(scene, first, killed_after(2))
    assert rows(scene, scores) == before
    found = survey(scene.database, "fixed-2")
    assert (found.versions, found.n_read, found.n_unread) == ({"fixed-1": 10}, 8, 2)
    second = newer()
    assert run(scene, second).n_new == 10
    assert [len(batch) for batch in first.seen + second.seen] == [4, 4, 2]
    assert models(scene) == ["fixed-2"] * 10


def test_rescore_puts_scores_in_place_when_it_was_killed_at_the_last_moment(scene: Scene) -> None:
    written(scene, 8)
    with pytest.raises(Killed):
        run(scene, advance=killed_after(2))
    assert survey(scene.database, "fixed-2").n_unread == 0
    scorer = newer()
    assert run(scene, scorer).n_new == 8
    assert scorer.seen == []


def test_rescore_reads_nothing_when_all_is_by_this_version(scene: Scene) -> None:
    written(scene, 5)
    run(scene)
    before = rows(scene, scores)
    scorer = newer()
    assert run(scene, scorer) == Rescored(n_new=0, n_kept=0, share_changed=None)
    assert scorer.seen == []
    found = survey(scene.database, "fixed-2")
    assert (found.versions, found.n_read, found.n_unread) == ({"fixed-2": 5}, 0, 0)
    assert rows(scene, scores) == before


def test_rescore_sends_nothing_when_the_new_scores_would_call_for_it(scene: Scene) -> None:
    calm = FixedScorer({})  # no rule fits, nobody needs help
    for i, text in enumerate((TRAINING, FEAR, NEED)):
        write(scene, scene.person(f"P{i}"), text)
    score(scene, calm)
    sent = rows(scene, deliveries)
    alarmed = FixedScorer(
        {
            TRAINING: a_score(Stance.AMBIVALENT, Barrier.KNOWLEDGE, model="fixed-2"),
            FEAR: a_score(Stance.RESISTANT, themes=(Theme.JOB_SECURITY,), model="fixed-2"),
            NEED: a_score(Stance.RESISTANT, safeguarding=True, model="fixed-2"),
        },
        model_version="fixed-2",
    )
    assert run(scene, alarmed).n_new == 3
    assert [row.safeguarding for row in rows(scene, scores)] == [False, False, True]
    assert rows(scene, deliveries) == sent
    assert rows(scene, decisions) == []


def test_rescore_leaves_a_text_waiting_when_it_has_no_score_yet(scene: Scene) -> None:
    written(scene, 2)
    write(scene, scene.person("P9"), FEAR)
    before = rows(scene, answers)
    scorer = newer()
    assert run(scene, scorer).n_new == 2
    assert rows(scene, answers) == before
    assert len(scorer.seen[0]) == 2
    assert score(scene, FixedScorer(KNOWN)) == 1


class Beside(FixedScorer):
    """While it reads, something else happens once."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(NEWER, model_version="fixed-2")
        self.act: Callable[[], object] | None = act

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Score]:
        act, self.act = self.act, None
        if act:
            act()
        return super().score(pairs)


def test_rescore_reads_what_the_service_scored_meanwhile_by_the_old_model(scene: Scene) -> None:
    written(scene, 2)
    write(scene, scene.person("P9"), FEAR)
    service = Beside(lambda: score(scene, FixedScorer(KNOWN)))
    assert run(scene, service).n_new == 3
    assert models(scene) == ["fixed-2"] * 3


def test_rescore_reads_on_when_an_older_text_got_its_first_score_behind_its_back(
    scene: Scene,
) -> None:
    write(scene, scene.person("P9"), FEAR)
    with scene.database.write() as c:
        answers_store.claim(c, scene.now, scene.now + LEASE, 64)
    written(scene, 2)

    def settle(_n_more: int) -> None:
        score(scene, FixedScorer(KNOWN), LEASE)

    scorer = newer()
    assert run(scene, scorer, settle).n_new == 3
    assert [len(batch) for batch in scorer.seen] == [2, 1]
    assert models(scene) == ["fixed-2"] * 3


def test_rescore_lets_go_of_an_answer_when_it_is_erased_meanwhile(scene: Scene) -> None:
    written(scene, 6)
    year = scene.now + timedelta(days=366)
    assert run(scene, Beside(lambda: erase_aged(scene.database, year))).n_new == 0
    assert rows(scene, answers) == rows(scene, scores) == rows(scene, rescores) == []


def test_rescore_does_no_harm_when_another_run_was_faster(scene: Scene) -> None:
    written(scene, 6)
    slow = Beside(lambda: run(scene))
    assert run(scene, slow) == Rescored(n_new=0, n_kept=0, share_changed=None)
    assert models(scene) == ["fixed-2"] * 6
    assert rows(scene, rescores) == []


def test_rescore_replaces_each_score_once_when_runs_race(scene: Scene) -> None:
    written(scene, 20)
    with ThreadPoolExecutor(3) as pool:
        done = [one.result() for one in [pool.submit(run, scene) for _ in range(3)]]
    assert sum(one.n_new for one in done) == 20
    assert models(scene) == ["fixed-2"] * 20
    assert rows(scene, rescores) == []


def test_rescore_keeps_the_old_score_when_a_text_can_not_be_read(scene: Scene) -> None:
    written(scene, 3)
    failing = FixedScorer(NEWER, frozenset({FEAR}), "fixed-2")
    assert run(scene, failing) == Rescored(n_new=2, n_kept=1, share_changed=None)
    assert models(scene) == ["fixed-2", "fixed-1", "fixed-2"]
    assert run(scene).n_new == 1  # the next run tries again
    assert models(scene) == ["fixed-2"] * 3


def test_rescore_keeps_all_scores_when_the_key_is_missing(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    written(scene, 3)
    before = rows(scene, scores)
    assert run(scene, vault=Vault([new_key()])) == Rescored(0, 3, None)
    assert rows(scene, scores) == before
    assert "BELLWETHER_DATA_KEYS" in caplog.text
    assert run(scene).n_new == 3


def test_rescore_asks_in_the_campaigns_language_and_with_no_transaction_open(scene: Scene) -> None:
    written(scene, 1)
    seen: list[int] = []

    pool = scene.database.engine.pool
    assert isinstance(pool, QueuePool)
    scorer = Beside(lambda: seen.append(pool.checkedout()))
    assert run(scene, scorer).n_new == 1
    assert seen == [0]
    assert scorer.seen == [[("What makes you say so?", TRAINING)]]


def test_rescore_gives_a_score_to_what_had_none_and_counts_it_nowhere(scene: Scene) -> None:
    write(scene, scene.person(), FEAR)
    score(scene, FixedScorer({FEAR: Score.unscored(Status.LANGUAGE, "fixed-1")}))
    assert run(scene).n_new == 1
    [row] = rows(scene, scores)
    assert (row.status, row.stance, row.counts) == ("scored", "resistant", False)
